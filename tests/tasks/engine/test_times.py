"""Time expressions: the days that every form names, the laws that hold for any text, and the speed."""

import json
import random
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.values import Period
from models.vocabulary import Role
from tasks.engine.fold import fold
from tasks.engine.grammar.times import TimeExpression, find_times
from tasks.engine.grammar.times_meaning import read_expression
from tasks.engine.grammar.times_rules import lexicon, matches, without_lookaround, word_kinds

APRIL = date(2022, 4, 18)  # a Monday
JANUARY = date(2022, 1, 20)  # a Thursday
SHARED = Path(__file__).parents[4] / "shared" / "figures"


def days(period: Period | None) -> str | None:
    if period is None:
        return None
    start, end = period.start.isoformat(), period.end.isoformat()
    return start if start == end else f"{start} {end}"


def only(text: str, published: date) -> TimeExpression:
    found = find_times(text, published)
    assert len(found) == 1, [text[x.start : x.end] for x in found]
    return found[0]


# (expression, published, past, ahead or None where it is the same)
PERIODS = [
    # years
    ("2021年", APRIL, "2021-01-01 2021-12-31", None),
    ("2021年度", APRIL, "2021-01-01 2021-12-31", None),
    ("2021年年度", APRIL, "2021-01-01 2021-12-31", None),
    ("2021财年", APRIL, "2021-01-01 2021-12-31", None),
    ("2021/22财年", APRIL, "2021-01-01 2022-12-31", None),
    ("2021-22年度", APRIL, "2021-01-01 2022-12-31", None),
    ("二〇二一年", APRIL, "2021-01-01 2021-12-31", None),
    ("今年", APRIL, "2022-01-01 2022-12-31", None),
    ("去年", APRIL, "2021-01-01 2021-12-31", None),
    ("去年全年", APRIL, "2021-01-01 2021-12-31", None),
    ("前年", APRIL, "2020-01-01 2020-12-31", None),
    ("明年", APRIL, "2023-01-01 2023-12-31", None),
    ("2017年至2021年", APRIL, "2017-01-01 2021-12-31", None),
    ("2020-2021年", APRIL, "2020-01-01 2021-12-31", None),
    ("2020至25年", APRIL, "2020-01-01 2025-12-31", None),
    ("十四五期间", APRIL, "2021-01-01 2025-12-31", None),
    ("“十三五”时期", APRIL, "2016-01-01 2020-12-31", None),
    ("十四五末", APRIL, "2025-12-31", None),
    ("上世纪90年代", APRIL, "1990-01-01 1999-12-31", None),
    ("2024年内", APRIL, "2024-01-01 2024-12-31", None),
    ("全年", APRIL, "2021-01-01 2021-12-31", "2022-01-01 2022-12-31"),
    # halves and quarters
    ("今年一季度", APRIL, "2022-01-01 2022-03-31", None),
    ("今年一季度", JANUARY, "2022-01-01 2022-03-31", None),
    ("一季度", APRIL, "2022-01-01 2022-03-31", None),
    ("第三季度", APRIL, "2021-07-01 2021-09-30", "2022-07-01 2022-09-30"),
    ("四季度", JANUARY, "2021-10-01 2021-12-31", None),
    ("前三季度", APRIL, "2021-01-01 2021-09-30", "2022-01-01 2022-09-30"),
    ("2021年前三季度", APRIL, "2021-01-01 2021-09-30", None),
    ("一至三季度", APRIL, "2021-01-01 2021-09-30", "2022-01-01 2022-09-30"),
    ("首季", APRIL, "2022-01-01 2022-03-31", None),
    ("去年末季", APRIL, "2021-10-01 2021-12-31", None),
    ("上一季度", APRIL, "2022-01-01 2022-03-31", None),
    ("上季", JANUARY, "2021-10-01 2021-12-31", None),
    ("本季度", APRIL, "2022-04-01 2022-06-30", None),
    ("三季度末", APRIL, "2021-09-30", "2022-09-30"),
    ("2021年三季报", APRIL, "2021-01-01 2021-09-30", None),
    ("第一财季", JANUARY, "2021-10-01 2021-12-31", None),
    ("Q1", APRIL, "2022-01-01 2022-03-31", None),
    ("21Q3", APRIL, "2021-07-01 2021-09-30", None),
    ("2021Q3", APRIL, "2021-07-01 2021-09-30", None),
    ("1Q22", APRIL, "2022-01-01 2022-03-31", None),
    ("1H21", APRIL, "2021-01-01 2021-06-30", None),
    ("2021H2", APRIL, "2021-07-01 2021-12-31", None),
    ("H1", APRIL, "2021-01-01 2021-06-30", "2022-01-01 2022-06-30"),
    ("去年上半年", APRIL, "2021-01-01 2021-06-30", None),
    ("下半年", APRIL, "2021-07-01 2021-12-31", "2022-07-01 2022-12-31"),
    # months
    ("2021年9月", APRIL, "2021-09-01 2021-09-30", None),
    ("2021年1月-9月", APRIL, "2021-01-01 2021-09-30", None),
    ("2020年12月至2021年2月", APRIL, "2020-12-01 2021-02-28", None),
    ("1-3月", APRIL, "2022-01-01 2022-03-31", None),
    ("1-11月", JANUARY, "2021-01-01 2021-11-30", "2022-01-01 2022-11-30"),
    ("1至11月", JANUARY, "2021-01-01 2021-11-30", "2022-01-01 2022-11-30"),
    ("1—2月份", APRIL, "2022-01-01 2022-02-28", "2023-01-01 2023-02-28"),
    ("去年1至11月", APRIL, "2021-01-01 2021-11-30", None),
    ("12月", JANUARY, "2021-12-01 2021-12-31", None),
    ("12月会议", JANUARY, "2021-12-01 2021-12-31", "2022-12-01 2022-12-31"),
    ("3月会议", JANUARY, "2021-03-01 2021-03-31", "2022-03-01 2022-03-31"),
    ("1月", JANUARY, "2022-01-01 2022-01-31", None),
    ("去年四月", APRIL, "2021-04-01 2021-04-30", None),
    ("去年最后一个月", APRIL, "2021-12-01 2021-12-31", None),
    ("前两个月", APRIL, "2022-01-01 2022-02-28", "2023-01-01 2023-02-28"),
    ("前11月", JANUARY, "2021-01-01 2021-11-30", "2022-01-01 2022-11-30"),
    ("上月", APRIL, "2022-03-01 2022-03-31", None),
    ("本月", APRIL, "2022-04-01 2022-04-30", None),
    ("当月", APRIL, "2022-04-01 2022-04-30", None),
    ("3月中旬", APRIL, "2022-03-11 2022-03-20", None),
    ("2021年6月下旬", APRIL, "2021-06-21 2021-06-30", None),
    # weeks
    ("本周", APRIL, "2022-04-18 2022-04-24", None),
    ("上周", APRIL, "2022-04-11 2022-04-17", None),
    ("下周", APRIL, "2022-04-25 2022-05-01", None),
    ("周五", JANUARY, "2022-01-14", "2022-01-21"),
    ("周四", JANUARY, "2022-01-20", None),
    ("上周五", APRIL, "2022-04-15", None),
    ("本周三", JANUARY, "2022-01-19", None),
    ("下周一", JANUARY, "2022-01-24", None),
    ("周五（12月31日）", JANUARY, "2021-12-31", None),
    ("1月14日(周五)", JANUARY, "2022-01-14", None),
    ("截至1月15日当周", JANUARY, "2022-01-09 2022-01-15", None),
    # days
    ("2022年1月19日", APRIL, "2022-01-19", None),
    ("2022 年 1 月 19 日", APRIL, "2022-01-19", None),
    ("二〇二一年十二月三十一日", APRIL, "2021-12-31", None),
    ("2021-12-31", APRIL, "2021-12-31", None),
    ("2021/12/31", APRIL, "2021-12-31", None),
    ("4月18日", APRIL, "2022-04-18", None),
    ("9月30日", APRIL, "2021-09-30", "2022-09-30"),
    ("19日", JANUARY, "2022-01-19", None),
    ("25日", JANUARY, "2021-12-25", "2022-01-25"),
    ("本月15日", JANUARY, "2022-01-15", None),
    ("11月22日至26日", JANUARY, "2021-11-22 2021-11-26", "2022-11-22 2022-11-26"),
    ("12月28日至1月3日", JANUARY, "2021-12-28 2022-01-03", None),
    ("1月25-26日", JANUARY, "2021-01-25 2021-01-26", "2022-01-25 2022-01-26"),
    ("今日", APRIL, "2022-04-18", None),
    ("昨日", APRIL, "2022-04-17", None),
    ("昨晚", APRIL, "2022-04-17", None),
    ("明日", APRIL, "2022-04-19", None),
    ("当日", APRIL, "2022-04-18", None),
    ("前一交易日", APRIL, "2022-04-15", None),
    # points in time
    ("截至2021年9月30日", APRIL, "2021-09-30", None),
    ("截至3月末", APRIL, "2022-03-31", None),
    ("截止2021年年末", APRIL, "2021-12-31", None),
    ("截至2021年上半年", APRIL, "2021-06-30", None),
    ("截至目前", APRIL, "2022-04-18", None),
    ("目前", APRIL, "2022-04-18", None),
    ("年末", JANUARY, "2021-12-31", "2022-12-31"),
    ("年初", JANUARY, "2022-01-01", None),
    ("去年底", JANUARY, "2021-12-31", None),
    ("2023年底", JANUARY, "2023-12-31", None),
    ("上年末", JANUARY, "2021-12-31", None),
    ("上月底", APRIL, "2022-03-31", None),
    ("截至2021年9月30日止九个月", APRIL, "2021-01-01 2021-09-30", None),
    ("截至2021年12月31日止年度", APRIL, "2021-01-01 2021-12-31", None),
    # since
    ("今年以来", APRIL, "2022-01-01 2022-04-18", None),
    ("年初至今", APRIL, "2022-01-01 2022-04-18", None),
    ("年内", APRIL, "2022-01-01 2022-04-18", "2022-01-01 2022-12-31"),
    ("2021年12月9日以来", JANUARY, "2021-12-09 2022-01-20", None),
    ("12月以来", JANUARY, "2021-12-01 2022-01-20", None),
    ("1月以来", JANUARY, "2022-01-01 2022-01-20", None),
    ("12月以来截至28日", date(2021, 12, 28), "2021-12-01 2021-12-28", None),
    # festivals
    ("2022年春节", APRIL, "2022-01-31 2022-02-06", None),
    ("2022春节", APRIL, "2022-01-31 2022-02-06", None),
    ("春节", JANUARY, "2022-01-31 2022-02-06", None),
    ("去年春节", JANUARY, "2021-02-11 2021-02-17", None),
    ("2022年春运", APRIL, "2022-01-17 2022-02-25", None),
    ("大年初五", JANUARY, "2022-02-05", None),
    ("2021年国庆假期", APRIL, "2021-10-01 2021-10-07", None),
    ("元旦", JANUARY, "2022-01-01 2022-01-03", None),
    ("2021年双十一", APRIL, "2021-11-11", None),
    ("双11", JANUARY, "2021-11-11", "2022-11-11"),
    ("2022年端午节", APRIL, "2022-06-03", None),
    ("618购物节", JANUARY, "2021-06-18", "2022-06-18"),
]


@pytest.mark.parametrize(("expression", "published", "past", "ahead"), PERIODS)
def test_the_form_names_these_days(expression: str, published: date, past: str, ahead: str | None) -> None:
    found = find_times(f"{expression}，公司营收5亿元", published)[0]
    words = expression.removesuffix("会议")
    assert (found.start, found.end) == (0, len(words))
    assert found.role is Role.DATE
    assert (days(found.past), days(found.ahead)) == (past, ahead or past)


NO_DAYS = [
    ("3个月", Role.DURATION),
    ("90天", Role.DURATION),
    ("18个月", Role.DURATION),
    ("三年", Role.DURATION),
    ("3000年", Role.DURATION),
    ("13-15年", Role.DURATION),
    ("近5年", Role.DURATION),
    ("过去12年", Role.DURATION),
    ("过去24小时", Role.DURATION),
    ("2小时", Role.DURATION),
    ("为期90天", Role.DURATION),
    ("5个交易日", Role.DURATION),
    ("近9日", Role.DURATION),
    ("半年", Role.DURATION),
    ("几十年", Role.DURATION),
    ("40周年", Role.DURATION),
    ("10年期", Role.NAME),
    ("1年期", Role.NAME),
    ("3个月期", Role.NAME),
    ("02/10年期", Role.NAME),
    ("90后", Role.NAME),
    ("7日均值", Role.NAME),
    ("15:00", Role.TIME),
    ("7:26", Role.TIME),
    ("22时37分", Role.TIME),
    ("8时", Role.TIME),
    ("0—24时", Role.TIME),
    ("9点半", Role.TIME),
    ("40多岁", Role.AGE),
    ("8周岁", Role.AGE),
    ("30-59岁", Role.AGE),
    ("第7天", Role.ORDINAL),
    ("第三年", Role.ORDINAL),
    ("2022年13月", Role.MALFORMED),
    ("2月30日", Role.MALFORMED),
    ("2022年1月32日", Role.MALFORMED),
    ("2021-13-01", Role.MALFORMED),
    ("近日", Role.DATE),
    ("日前", Role.DATE),
    ("报告期内", Role.DATE),
]


@pytest.mark.parametrize(("expression", "role"), NO_DAYS)
def test_what_names_no_days_keeps_its_role(expression: str, role: Role) -> None:
    found = only(expression, JANUARY)
    assert (found.start, found.end, found.role) == (0, len(expression), role)
    assert found.past is None
    assert found.ahead is None


def test_a_weekday_is_not_the_beginning_of_a_name() -> None:
    assert [days(x.past) for x in find_times("本周五粮液上涨", JANUARY)] == ["2022-01-17 2022-01-23"]


@pytest.mark.parametrize(
    "text",
    [
        "300天弘沪深300ETF",
        "月均3000元",
        "失守3500点整数关口",
        "报2192日元",
        "今日头条",
        "第一时间",
        "年产2万吨",
        "营收5.32亿元",
        "比例为1:10",
    ],
)
def test_what_is_no_time(text: str) -> None:
    assert find_times(text, JANUARY) == []


@pytest.mark.parametrize(
    ("text", "published", "expected"),
    [
        ("2022/2023年净利润236/333亿元", JANUARY, ["2022-01-01 2022-12-31", "2023-01-01 2023-12-31"]),
        ("于2022年1月21日及24日收购", date(2022, 1, 24), ["2022-01-21", "2022-01-24"]),
        ("2021年2、3月份", APRIL, ["2021-02-01 2021-02-28", "2021-03-01 2021-03-31"]),
        ("2021年第一、二季度", APRIL, ["2021-01-01 2021-03-31", "2021-04-01 2021-06-30"]),
        ("2022年3.45美元，次年3.10美元", JANUARY, ["2022-01-01 2022-12-31", "2023-01-01 2023-12-31"]),
        ("2021年实现增长，9月末余额3元", JANUARY, ["2021-01-01 2021-12-31", "2021-09-30"]),
        ("2019年增长。9月末余额3元", JANUARY, ["2019-01-01 2019-12-31", "2021-09-30"]),
        ("2021年营收增长，去年同期下降", JANUARY, ["2021-01-01 2021-12-31", "2020-01-01 2020-12-31"]),
        ("上半年亏损5元，较去年同期增加", APRIL, ["2021-01-01 2021-06-30", "2020-01-01 2020-06-30"]),
        ("11月份增长2%，比同期高", JANUARY, ["2021-11-01 2021-11-30", "2020-11-01 2020-11-30"]),
        ("2021年10%，全年销量", JANUARY, ["2021-01-01 2021-12-31", "2021-01-01 2021-12-31"]),
        ("周五涨14%，周四到期的合约涨72%", JANUARY, ["2022-01-14", "2022-01-13"]),
        ("2020年报告显示，1月19日公布", JANUARY, ["2020-01-01 2020-12-31", "2022-01-19"]),
        ("1月18日，当日成交", JANUARY, ["2022-01-18", "2022-01-18"]),
        ("2月2日0—24时", date(2022, 2, 3), ["2022-02-02", None]),
        (
            "当天16时21分（北京时间12月30日5时21分）",
            date(2021, 12, 30),
            ["2021-12-30", None, "2021-12-30", None],
        ),
    ],
)
def test_what_was_named_before_counts(text: str, published: date, expected: list[str | None]) -> None:
    assert [days(found.past) for found in find_times(text, published)] == expected


@pytest.mark.parametrize(
    ("text", "anchor", "grain"),
    [
        ("截至3月末", "as_of", "instant"),
        ("年末余额", "as_of", "instant"),
        ("2021年", "span", "year"),
        ("上周五", "span", "day"),
        ("今年以来", "since", "since"),
        ("年内", "since", "since"),
        ("今日", "now", "day"),
        ("目前", "now", "instant"),
        ("去年同期", "base", ""),
        ("较上年末", "base", "instant"),
        ("与2019年相比", "base", "year"),
        ("创2020年3月以来新高", "base", "since"),
        ("较前一日", "base", "day"),
        ("近日", "vague", ""),
        ("报告期内", "report", ""),
        ("占比2021年", "span", "year"),
    ],
)
def test_anchor_and_grain(text: str, anchor: str, grain: str) -> None:
    found = only(text, APRIL)
    assert (found.anchor, found.grain) == (anchor, grain)


def _forms() -> list[dict[str, str]]:
    return [*lexicon()["part"], *lexicon()["rule"]]


@pytest.mark.parametrize("form", _forms(), ids=lambda form: str(form["example"]))
def test_every_form_finds_its_example_and_not_its_near_miss(form: dict[str, str]) -> None:
    before, _, rest = form["example"].partition("⟨")
    marked, _, after = rest.partition("⟩")
    found = [x for x in find_times(before + marked + after, JANUARY) if x.rule == form["name"]]
    assert any(x.start <= len(before) and len(before + marked) <= x.end for x in found)
    assert form["name"] not in [x.rule for x in find_times(form["near_miss"], JANUARY)]


@pytest.mark.parametrize("word", word_kinds())
def test_every_word_is_found_as_what_it_is(word: str) -> None:
    text = f"，{word}{'持平' if word in lexicon()['guards']['only_before'] else ''}，"
    found = only(text, JANUARY)
    assert text[found.start : found.end] == word
    assert found.rule in (word_kinds()[word], "month_word")


@pytest.mark.parametrize("name", lexicon()["festivals"])
def test_every_festival_has_its_days_in_each_year_of_the_table(name: str) -> None:
    for year in range(2016, 2031):
        found = only(f"{year}年{name}", JANUARY)
        assert found.past is not None
        assert found.past.start.year in (year, year - 1)


def test_lookaround_is_dropped_and_the_rest_kept() -> None:
    assert without_lookaround(r"2(?:月|(?=[、)]\d月))(?!x)") == "2(?:月|)(?!x)"


def test_a_text_is_read_the_same_again() -> None:
    text = "截至2021年9月末，前三季度营收5亿元"
    assert find_times(text, APRIL) == find_times(text, APRIL)


PIECES = [
    *"0123456789年月日时天周季岁初末底上下前第本去今截至到、-—/.:（）()。，半一二三十四五点期间内止",
    "2021年",
    "13月",
    "以来",
    "截至",
    "同期",
    "季度",
    "个月",
    "春节",
    "去年",
    "Q1",
    "21Q3",
    "当日",
    "周五",
    "上旬",
    "最后",
    "世纪",
    "年代",
]


@given(
    st.lists(st.sampled_from(PIECES), max_size=30).map("".join),
    st.dates(date(1990, 1, 1), date(2099, 12, 31)),
)
@settings(max_examples=400, deadline=None)
def test_any_text_gives_sorted_expressions_inside_it(text: str, published: date) -> None:
    found = find_times(text, published)
    end = 0
    for expression in found:
        assert end <= expression.start < expression.end <= len(text)
        end = expression.end
        for period in (expression.past, expression.ahead):
            assert period is None or period.start <= period.end


@given(st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_no_text_makes_it_fail(text: str) -> None:
    find_times(text, APRIL)


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
@settings(max_examples=300, deadline=None)
def test_what_the_scan_finds_can_be_read(text: str) -> None:
    for match in matches(text):
        assert read_expression(match.lastgroup or "", match.group()).role in Role


def test_a_megabyte_of_digits_and_years_takes_linear_time() -> None:
    text = "".join(random.Random(7).choices("0123456789年，,", k=1_000_000))
    find_times(text[:1000], APRIL)
    started = time.process_time()
    find_times(text, APRIL)
    assert time.process_time() - started < 4


@pytest.mark.parametrize("piece", ["1", "年", "2021-", "1、", "上", "半", "一", "1-", "前3"])
def test_repetition_is_not_quadratic(piece: str) -> None:
    def seconds(length: int) -> float:
        text = piece * (length // len(piece))
        started = time.process_time()
        find_times(text, APRIL)
        return time.process_time() - started

    seconds(2_000)
    assert seconds(80_000) < 12 * max(seconds(20_000), 0.005)


@pytest.mark.skipif(not SHARED.exists(), reason=f"the labelled figures are not there: {SHARED}")
def test_the_periods_of_the_labelled_figures_are_named_by_some_expression() -> None:
    named = labelled = 0
    for name in ("dev.jsonl", "bulletin.jsonl"):
        for line in (SHARED / name).read_text("utf-8").splitlines():
            article = json.loads(line)
            published = date.fromisoformat(article["published"])
            found = find_times(fold(article["text"]), published)
            periods = {days(p) for x in found for p in (x.past, x.ahead)} | {published.isoformat()}
            for figure in article["figures"]:
                if figure["period"] and not figure["optional"]:
                    start, end = figure["period"]["start"], figure["period"]["end"]
                    labelled += 1
                    named += (start if start == end else f"{start} {end}") in periods
    assert labelled > 500
    assert named / labelled >= 0.98


@pytest.mark.skipif(not SHARED.exists(), reason=f"the traps are not there: {SHARED}")
def test_the_period_traps() -> None:
    for line in (SHARED / "traps.jsonl").read_text("utf-8").splitlines():
        trap = json.loads(line)
        for figure in trap["figures"]:
            if figure.get("period"):
                found = find_times(fold(trap["text"]), date.fromisoformat(trap["published"]))
                period = figure["period"]
                expected = period["start"] if period["start"] == period["end"] else " ".join(period.values())
                assert days(found[0].past) == expected, trap["text"]
