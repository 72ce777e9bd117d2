"""What a reader of Prefect's pages sees of a run: the summary as markdown, the picture of the last runs."""

import base64
from datetime import date

import polars as pl

from flows.chart import runs_picture
from flows.report import report
from flows.summary import Problem, Summary
from models.publishing import PublishReport
from models.quarantining import QuarantineCounts
from models.readings import ReadingCounts
from models.run_counts import DAILY_COLUMNS
from models.staging import Unreadable
from models.vocabulary import BatchState


def a_summary() -> Summary:
    sentence = "远川股份营业收入655.58.1亿元。"
    problem = Problem(
        "2022041801", "*ST远川", sentence, 8, 18, "numeral_is_well_formed", "two points", "A number has one."
    )
    return Summary(
        source="快讯",
        documents=3,
        articles=2,
        unreadable=(Unreadable("快讯", "posts/a.md", None, "no such file"),),
        undated=(),
        figures=1_204,
        roles=(("figure", 1_204), ("date", 3)),
        report=PublishReport(7, BatchState.PUBLISHED, "", ReadingCounts(), QuarantineCounts(1, 0, 0)),
        failed_rows=1,
        failed_articles=1,
        failures=(("numeral_is_well_formed", 1),),
        problems=(problem,),
        sample=(),
        seconds=1.25,
        last_day=None,
    )


def test_the_summary_says_what_failed_where_and_what_is_next() -> None:
    written = report(a_summary(), "1 malformed")
    assert written.startswith("# 快讯: failed, batch 7\n\n1 malformed\n\n")
    assert "| read | 2 | 1,204 | 1,207 |" in written
    assert "### 2022041801 \\*ST远川\n\n> 远川股份营业收入⟦655.58.1亿元⟧。" in written
    assert "**numeral_is_well_formed**: two points. A number has one." in written
    assert "Next: `tongbi quarantine list`" in written
    assert "- posts/a.md: no such file" in written


def picture(rows: list[tuple[date, str, int]]) -> str:
    address = runs_picture(pl.DataFrame(rows, schema=DAILY_COLUMNS, orient="row"), "快讯<1>")
    head, _, body = address.partition(",")
    assert head == "data:image/svg+xml;base64"
    return base64.b64decode(body).decode()


def test_the_picture_has_a_bar_for_each_count_and_keeps_chinese_as_words() -> None:
    day = date(2022, 4, 18)
    drawn = picture([(day, "published", 120), (day, "unchanged", 30), (day, "quarantined", 4)])
    assert "快讯&lt;1&gt;: figures and quarantined rows" in drawn
    assert "2022-04-18" in drawn
    assert all(words in drawn for words in ("published", "unchanged", "rows quarantined"))
    assert drawn.count("#2f7ed8") >= 1
    assert drawn.count("#d0402b") >= 1


def test_without_any_run_there_is_an_empty_picture() -> None:
    assert picture([]).startswith("<svg")
