from datetime import datetime, timedelta

import pytest

from models.vocabulary import DateOrigin
from tasks.articles.front_matter import split_front_matter
from tasks.articles.publication import SHANGHAI, find_publication, read_time
from tests.tasks.articles.posts import HEAD, read

BODY = "\n进出口总值39.1万亿元。\n"
READ_BY_LINE = "front matter is not YAML: read line by line"


def test_every_value_is_text() -> None:
    front, body = split_front_matter("---\ndate: 2022-01-17\ntags: [1.50, yes]\ntitle: 007\n---\n正文")
    assert front.values == {"date": "2022-01-17", "tags": "1.50, yes", "title": "007"}
    assert (front.faults, body.strip()) == ((), "正文")


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ('title: "他说"好"三成"', '他说"好"三成'),
        ("title: *ST某某：净利润1亿元", "*ST某某：净利润1亿元"),
        ("title: 快讯: 沪指涨1%", "快讯: 沪指涨1%"),
        ("title: {营收}", "{营收}"),
        ('title: "没有收尾', "没有收尾"),
    ],
)
def test_what_is_not_yaml_is_read_by_line(line: str, title: str) -> None:
    article = read(HEAD.replace('title: "一季报"', line) + BODY)
    assert article.title == title
    assert article.published == datetime(2022, 1, 17, 10, tzinfo=SHANGHAI)
    assert article.text == "进出口总值39.1万亿元。"
    assert READ_BY_LINE in article.faults


def test_missing_closing_line() -> None:
    article = read(HEAD.removesuffix("---\n") + BODY)
    assert (article.title, article.tags, article.text) == ("一季报", "宏观", "进出口总值39.1万亿元。")
    assert article.faults == ("front matter is not closed",)


def test_a_later_rule_does_not_close_the_front_matter() -> None:
    article = read(HEAD.removesuffix("---\n") + "\n第一段。\n---\n第二段。\n")
    assert article.text == "第一段。\n---\n第二段。"


@pytest.mark.parametrize("size", range(20, len(HEAD) - 1, 7))
def test_a_file_cut_off_in_its_front_matter_has_no_text(size: int) -> None:
    article = read(HEAD[:size])
    assert article.text == ""
    assert {"front matter is not closed", "the body has no text"} <= set(article.faults)


def test_a_post_without_front_matter() -> None:
    article = read("央行下调存款准备金率0.5个百分点。\n")
    assert article.text == "央行下调存款准备金率0.5个百分点。"
    assert article.published_from is DateOrigin.INFO_CODE
    assert "no front matter" in article.faults


def test_empty_and_missing_values_are_none() -> None:
    article = read('---\ntitle: ""\ndate:  +0800\n---\n正文。\n')
    assert (article.title, article.category, article.tags) == (None, None, None)
    assert article.published_written == "+0800"
    assert article.published_from is DateOrigin.INFO_CODE
    assert article.faults == ("the date '+0800' cannot be read: dated by the info code",)


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2022-04-18 23:09:20 +0800", "2022-04-18T23:09:20+08:00"),
        ("2021-12-01 13:33:50", "2021-12-01T13:33:50+08:00"),
        ("2022-04-18 15:09:20 +0000", "2022-04-18T23:09:20+08:00"),
        ("2022-04-18T20:09:20Z", "2022-04-19T04:09:20+08:00"),
        ("2022-04-18 10:09 -05:30", "2022-04-18T23:39:00+08:00"),
        ("2022-04-18", "2022-04-18T00:00:00+08:00"),
        ("2022年4月8日 9:05", "2022-04-08T09:05:00+08:00"),
    ],
)
def test_instants(written: str, instant: str) -> None:
    time = read_time(written)
    assert time is not None
    assert time.isoformat() == instant
    assert time.utcoffset() == timedelta(hours=8)


@pytest.mark.parametrize("written", ["+0800", "2022-13-01", "2022-02-30 10:00:00", "昨日", "2022-04-18 25:00:00"])
def test_no_instants(written: str) -> None:
    assert read_time(written) is None


def test_the_info_code_dates_what_the_front_matter_does_not() -> None:
    found = find_publication(None, "202205262391921712", "-202205262391921712.md")
    assert found.time == datetime(2022, 5, 26, tzinfo=SHANGHAI)
    assert found.origin is DateOrigin.INFO_CODE
    assert found.faults == ("no date in the front matter: dated by the info code",)


def test_then_the_file_name_then_nothing() -> None:
    by_name = find_publication(None, "init", "2021-12-01-init.md")
    assert (by_name.time, by_name.origin) == (datetime(2021, 12, 1, tzinfo=SHANGHAI), DateOrigin.FILE_NAME)
    undated = find_publication("今天", "init", "-init.md")
    assert (undated.time, undated.origin) == (None, None)
    assert undated.faults == ("the date '今天' cannot be read, and neither info code nor file name has one",)


def test_a_date_that_contradicts_the_info_code_is_said() -> None:
    found = find_publication("2002-01-17", "202201171600000001", "2022-01-17-202201171600000001.md")
    assert found.origin is DateOrigin.FRONT_MATTER
    assert found.faults == (
        "dated 2002-01-17, but its info code says 2022-01-17",
        "dated 2002-01-17, but its file name says 2022-01-17",
    )
