"""A window in partitions: their days, whose documents they hold, and which are worked on."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from flows.partitions.planning import UNDATED, By, Only, Plan, Window, choose, split
from models.partitions import Days, Partition
from models.vocabulary import PartitionState, Purpose
from tasks.sources import DocumentRef

NOW = datetime(2022, 5, 1, tzinfo=UTC)
MONDAY = date(2022, 4, 18)


def a_ref(number: int, day: date | None = MONDAY, code: str | None = None) -> DocumentRef:
    return DocumentRef("posts", f"_posts/{number}.md", code, day)


def entry(days: Days, state: PartitionState = PartitionState.DONE, documents: int = 1) -> Partition:
    counts: Any = (1, documents, 0, 0, 0, 0, 0)
    return Partition(1, Purpose.BACKFILL, "posts", *days, state, *counts, None, None, None, None, NOW, NOW)


def days_of(by: By, window: Window, *days: date) -> list[Days]:
    refs = [a_ref(number, day) for number, day in enumerate(days)]
    return [each.days for each in split(refs, [], window, by)]


@pytest.mark.parametrize(
    ("by", "first", "last"),
    [
        (By.DAY, date(2022, 4, 20), date(2022, 4, 20)),
        (By.WEEK, date(2022, 4, 18), date(2022, 4, 24)),
        (By.MONTH, date(2022, 4, 1), date(2022, 4, 30)),
    ],
)
def test_a_partition_is_a_day_a_calendar_week_or_a_month(by: By, first: date, last: date) -> None:
    assert days_of(by, Window(), date(2022, 4, 20)) == [(first, last)]


def test_months_end_where_they_end_and_windows_cut_them() -> None:
    window = Window(date(2021, 12, 15), date(2022, 2, 10))
    found = days_of(By.MONTH, window, date(2022, 2, 10), date(2021, 12, 31), date(2022, 1, 1))
    assert found == [
        (date(2021, 12, 15), date(2021, 12, 31)),
        (date(2022, 1, 1), date(2022, 1, 31)),
        (date(2022, 2, 1), date(2022, 2, 10)),
    ]


def test_what_is_kept_is_not_asked_for() -> None:
    listed = [a_ref(1), a_ref(2), a_ref(3, None)]
    undated, day = split([a_ref(1), a_ref(9)], listed, Window(), By.DAY)
    assert (undated.days, undated.kept, undated.asked) == (UNDATED, (), (listed[2],))
    assert (day.kept, day.asked, day.documents) == (("_posts/1.md", "_posts/9.md"), (listed[1],), 3)


def test_documents_of_one_article_stay_together_on_its_first_day() -> None:
    later = a_ref(2, MONDAY + timedelta(days=3), "202204180000000001")
    kept = DocumentRef("posts", "feed.xml#https://x/202204180000000001.html", None, MONDAY)
    (only,) = split([kept], [later], Window(), By.DAY)
    assert (only.days, only.dates) == ((MONDAY, MONDAY), {MONDAY})
    assert (only.kept, only.asked) == ((kept.location,), (later,))


def chosen(known: list[Partition], only: Only, by: By = By.DAY, days: int = 3) -> list[str]:
    refs = [a_ref(number, MONDAY + timedelta(days=number)) for number in range(days)]
    plan = Plan("posts", choose(split(refs, [], Window(), by), known, only))
    return [each.label for each in plan.chosen]


@pytest.mark.parametrize(
    ("only", "labels"),
    [
        (Only.MISSING, ["2022-04-20", "2022-04-21", "2022-04-22"]),
        (Only.FAILED, ["2022-04-19"]),
        (Only.ALL, ["2022-04-18", "2022-04-19", "2022-04-20", "2022-04-21", "2022-04-22"]),
    ],
)
def test_the_ledger_says_what_is_missing_and_what_failed(only: Only, labels: list[str]) -> None:
    states = [PartitionState.DONE, PartitionState.FAILED, PartitionState.RUNNING, PartitionState.WAITING]
    days = [MONDAY + timedelta(days=number) for number in range(4)]
    known = [entry((day, day), state) for day, state in zip(days, states, strict=True)]
    assert chosen(known, only, days=5) == labels


def test_a_partition_that_has_more_documents_than_when_it_was_done_is_missing() -> None:
    known = [entry((MONDAY, MONDAY), documents=0), entry((MONDAY + timedelta(days=1),) * 2, documents=1)]
    assert chosen(known, Only.MISSING, days=2) == ["2022-04-18"]


def test_a_week_whose_days_are_done_is_done_and_a_day_of_a_failed_week_failed() -> None:
    week = (MONDAY, MONDAY + timedelta(days=6))
    days = [entry((MONDAY + timedelta(days=number),) * 2) for number in range(3)]
    assert chosen(days, Only.MISSING, By.WEEK) == []
    assert chosen(days[:2], Only.MISSING, By.WEEK) == ["2022-04-18 … 2022-04-24"]
    failed = [entry(week, PartitionState.FAILED)]
    assert chosen(failed, Only.MISSING) == []
    assert chosen(failed, Only.FAILED, days=1) == ["2022-04-18"]


def test_a_plan_says_where_its_documents_come_from() -> None:
    partitions = split([a_ref(1)], [a_ref(2), a_ref(3, MONDAY + timedelta(days=1))], Window(), By.DAY)
    failed = entry((MONDAY, MONDAY), PartitionState.FAILED)
    plan = Plan("posts", choose(partitions, [failed], Only.MISSING))
    assert plan.words == "1 of 2 partitions would be worked on: 0 documents from the raw archive, 1 from the source"
    assert [each.label for each in plan.failed] == ["2022-04-18"]
