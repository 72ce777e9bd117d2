"""The words around a figure, read again: its labels, its bound, its basis, its kind, its status, its year."""

import re
from decimal import Decimal

import polars as pl

from expectations.figure_form import amounts
from expectations.numerals import fold
from expectations.rules import Row, Rule
from expectations.suspects import GAP, IS_LEVEL, YEARS_OFF, beyond, near
from models.catalogue import find_unit
from models.vocabulary import Basis, Bound, Kind

_ABOUT = "(?<![签合条契预节制特履违])约|大约|近|将近|接近|逼近"
_OVER = "超过?|逾|超出|突破|高于|不低于|不少于|至少|升破|站上|站稳|迈上|大于"
_UNDER = "不足|不到|低于|不超过|至多|失守|跌破|小于|少于|不高于"
_BOUND_BEFORE = re.compile(
    rf"(?<![不未没尚])(?P<under>{_UNDER})(?:了)?$|(?P<over>(?<!不){_OVER})(?:了)?$|(?P<about>(?<![最附临靠新])(?:{_ABOUT}))$"
)
_BOUND_AFTER = re.compile("^(?:(?P<about>左右|上下)|(?P<over>以上|多|余|出头)|(?P<under>以下|以内|之内))")
_BOUND_INSIDE = re.compile(
    r"(?:(?P<about>左右|上下|许)|(?P<over>及?以上|[多余](?=\D|$)|出头|之多)|(?P<under>以下|以内|之内))"
)
# Any of these may be why a figure is no exact one.
_LOOSE = {
    Bound.ABOUT: re.compile("约|近|左右|上下|许|逼|概|大致|差不多|接|估|来|粗略|几乎|数|几|余|多"),
    Bound.OVER: re.compile("[超逾破多余上于过站迈头满起大高优越升关达强创涨够]|至少|最少|不下|以外"),
    Bound.UNDER: re.compile("[足到超下内多守跌破小少高未近弱只仅过达]|低于|上限|不及|封顶"),
}
_BASES = {
    "同比": Basis.YOY,
    "比上年同期": Basis.YOY,
    "较上年同期": Basis.YOY,
    "较去年同期": Basis.YOY,
    "比去年同期": Basis.YOY,
    "环比": Basis.PREVIOUS_PERIOD,
    "较上月": Basis.PREVIOUS_PERIOD,
    "较年初": Basis.YEAR_START,
    "比年初": Basis.YEAR_START,
    "较上年末": Basis.YEAR_START,
    "比上年末": Basis.YEAR_START,
}
_MOVES = (
    "增长|上升|增加|上涨|提高|提升|上调|下降|减少|下滑|回落|缩减|下跌|降低|下调"
    "|增幅|涨幅|降幅|跌幅|增|减|降|升|涨|跌|变动"
)
_BASIS_BESIDE = re.compile(
    rf"(?P<basis>{'|'.join(_BASES)})(?:大幅|分别|均|则|小幅|略|微)?(?:{_MOVES})(?:了|约|近|超过?|逾|达到?|高达|为|至)?[-+]?$"
)
_COMPARED = re.compile("[较比][^，。；]{0,30}$")
_GROWS = re.compile(
    r"(?:同比|环比)(?:大幅|小幅|略|微)?(?:增长|上升|增加|上涨|提升|下降|减少|下滑|回落|下跌|降低)"
    r"(?:了|约|近|超过?|逾|达到?|高达)?[-+]?$"
)
_YEARS = re.compile(
    r"(?<!\d)(?:19|20)\d{2}(?!\d)|(?<!\d)\d{2}(?=年|财年|/\d{2}|[-—–~至]\d{2}年)|(?<=[FE年])\d{2}(?!\d)"
)
_SPOKEN_YEAR = re.compile("二[〇零○][〇零○一二三四五六七八九]{2}|世纪|年代|[\\d十百多]年[前来]")
# 十四五 is the plan for 2021 to 2025.
_PLANS = {"十一五": 2006, "十二五": 2011, "十三五": 2016, "十四五": 2021, "十五五": 2026}

# The years before and after its own that an article need not name.
_NEAR_YEARS = 2
# Something of each bound word, and of each basis.
_BOUND_SEEN = (
    f"[约近超逾破站迈守左许多余]|不{GAP}[足到]|[高低少大小]{GAP}于|至{GAP}[少多]"
    f"|以{GAP}[上下内]|之{GAP}[多内]|出{GAP}头|上{GAP}下"
)
_YOY, _PREVIOUS, _YEAR_START = "同", f"环|上{GAP}月", f"年{GAP}[初末]"
_IS_LOOSE = pl.col("bound").is_in(["about", "over", "under"])
_HAS_BOUND_WORD = (pl.col("bound") == "exact") & (
    pl.col("text").str.contains(_BOUND_SEEN) | near(6, 6).str.contains(_BOUND_SEEN)
)
_HAS_OTHER_BASIS = (
    pl.when(pl.col("basis") == "yoy")
    .then(near(48).str.contains(f"{_PREVIOUS}|{_YEAR_START}"))
    .otherwise(near(48).str.contains(f"{_YOY}|{_PREVIOUS}|{_YEAR_START}"))
)
# Money is no ratio.
_IS_LARGE = beyond(-pl.col("largest_amount"), pl.col("largest_amount")) | (
    (pl.col("unit") != "CNY") & beyond(-pl.col("largest_rate"), pl.col("largest_rate"))
)


def _label_elsewhere(row: Row) -> str | None:
    fault = [f"{name} {row[name]}" for name in ("subject", "metric") if row[name] and row[f"{name}_written"] is False]
    return ", ".join(fault) or None


def _before(row: Row, most: int) -> str:
    """Give at most so many characters of the sentence before the figure, folded to plain digits and signs."""
    end = max(row["start"] - (row["sentence_start"] or 0), 0)
    return fold((row["sentence"] or "")[max(end - most, 0) : end])


def _after(row: Row, most: int) -> str:
    start = max(row["end"] - (row["sentence_start"] or 0), 0)
    return fold((row["sentence"] or "")[start : start + most])


def _other_bound(row: Row) -> str | None:
    """A bound word right beside the number must be told, and a bound must have a word for it."""
    bound, text = row["bound"], row["text"] or ""
    after = _after(row, 6)
    if bound == Bound.EXACT:
        near = _BOUND_INSIDE.search(text) or _BOUND_BEFORE.search(_before(row, 6)) or _BOUND_AFTER.search(after)
        return f"exact beside {near[near.lastgroup]}" if near and near.lastgroup else None
    loose = _LOOSE.get(bound)
    if loose is None or loose.search(text + after) or loose.search(_before(row, 1000)):
        return None
    return f"{bound} without a word for it"


def _other_basis(row: Row) -> str | None:
    if row["kind"] == Kind.LEVEL:
        return None
    found = _BASIS_BESIDE.search(_before(row, 48))
    # 较2021年同比 names two bases, of which either may be meant.
    if found is None or row["basis"] == _BASES[found["basis"]] or _COMPARED.search(found.string[: found.start()]):
        return None
    return f"{row['basis'] or 'no basis'} beside {found['basis']}"


def _level_that_grows(row: Row) -> str | None:
    if row["kind"] != Kind.LEVEL:
        return None
    found = _GROWS.search(_before(row, 16))
    return f"a level beside {found[0]}" if found else None


def _year_of_nowhere(row: Row) -> str | None:
    """The years of a period stand in the article, or are near that of its publication; `far_text` is null then."""
    start, end, published = row["period_start"], row["period_end"], row["published_on"]
    if start is None or end is None or published is None:
        return None
    own = int(published[:4])
    years = {int(start[:4]), int(end[:4])}
    far = {year for year in years if not abs(year - own) <= _NEAR_YEARS}
    text = row["far_text"] or ""
    if not far or _SPOKEN_YEAR.search(text):
        return None
    named = {_year(word, own) for word in _YEARS.findall(fold(text))}
    named |= {first + year for plan, first in _PLANS.items() if plan in text for year in range(5)}
    strange = {year for year in far if not any(abs(year - each) <= 1 for each in named)}
    return f"{start} … {end}, published {published}" if strange else None


def _year(word: str, own: int) -> int:
    return int(word) if len(word) == 4 else own // 100 * 100 + int(word)


def _out_of_reach(row: Row) -> str | None:
    start, end, published = row["period_start"], row["period_end"], row["published_on"]
    if start is None or end is None or published is None:
        return None
    own, most = int(published[:4]), row["furthest_years"]
    is_far = any(abs(int(day[:4]) - own) > most for day in (start, end))
    return f"{start} … {end}, published {published}" if is_far else None


def _too_large(row: Row) -> str | None:
    stored, unit = amounts(row), find_unit(row["unit"])
    if stored is None or unit is None or unit.dimension == "multiple":
        return None
    most = row["largest_rate"] if unit.dimension in ("ratio", "points") else row["largest_amount"]
    size = max(abs(amount) for amount in stored)
    return f"{size:f} {row['unit']}" if size > Decimal(str(most)) else None


_SENTENCE = "一季度，青禾物流净利润同比增长约84.32%。"
_PLACED = {"sentence": _SENTENCE, "sentence_start": 0, "start": 16, "end": 22, "text": "84.32%"}

RULES = (
    Rule(
        "labels_stand_in_article",
        _label_elsewhere,
        suspect=~(pl.col("metric_written").fill_null(value=True) & pl.col("subject_written").fill_null(value=True)),
        allowed="a metric and a subject in the words of the article",
        why="Whom and what a figure is about must stand in the article, or nobody can check it.",
        accepts={"metric": "净利润", "subject": None, "metric_written": True, "subject_written": None},
        rejects={"metric_written": False},
    ),
    Rule(
        "bound_agrees_with_words",
        _other_bound,
        suspect=_IS_LOOSE | _HAS_BOUND_WORD,
        allowed="about beside 约, over beside 超, under beside 不足, and exact where there is no such word",
        why="近100万 is not 100万, and 100万 not 近100万: the bound must be the one of the words.",
        accepts={"bound": "about", **_PLACED},
        rejects={"bound": "exact"},
    ),
    Rule(
        "basis_agrees_with_words",
        _other_basis,
        suspect=~IS_LEVEL & _HAS_OTHER_BASIS,
        allowed="yoy beside 同比, previous_period beside 环比, year_start beside 较年初",
        why="同比 and 环比 differ by a year: a change beside one of them is measured against just that.",
        accepts={"kind": "change_rate", "basis": "yoy", **_PLACED},
        rejects={"basis": "previous_period"},
    ),
    Rule(
        "growth_is_no_level",
        _level_that_grows,
        suspect=IS_LEVEL & near(16).str.contains("[同环]"),
        allowed="a change beside 同比增长",
        why="What grew by 12.5% does not stand at 12.5%.",
        accepts={"kind": "change_rate", **_PLACED},
        rejects={"kind": "level"},
    ),
    Rule(
        "year_stands_in_article",
        _year_of_nowhere,
        suspect=YEARS_OFF > _NEAR_YEARS,
        allowed="a year of the article, or one near its publication",
        why="A period in a year that the article does not name was put together wrongly.",
        accepts={
            "period_start": "2017-01-01",
            "period_end": "2017-12-31",
            "published_on": "2022-04-18",
            "far_text": "2017年营业收入5亿元。",
        },
        rejects={"far_text": "一季度营业收入5亿元。"},
    ),
    Rule(
        "period_is_within_reach",
        _out_of_reach,
        suspect=pl.col("furthest_years") < YEARS_OFF,
        allowed="a period no more than furthest_years from the publication",
        why="News speaks of the years around it: a period centuries away is a number misread as a year.",
        accepts={
            "period_start": "1949-10-01",
            "period_end": "1949-10-01",
            "published_on": "2022-04-18",
            "furthest_years": 200,
        },
        rejects={"period_start": "1749-10-01"},
    ),
    Rule(
        "amount_is_plausible",
        _too_large,
        suspect=_IS_LARGE,
        allowed="no more than largest_rate for a ratio, or largest_amount for anything else",
        why="More money than there is in the world, or growth by millions of per cent, is a scale misread.",
        accepts={
            "value": "65558000000",
            "low": None,
            "high": None,
            "unit": "CNY",
            "largest_rate": 1000000,
            "largest_amount": 1e17,
        },
        rejects={"value": "65558000000000000000"},
    ),
)
