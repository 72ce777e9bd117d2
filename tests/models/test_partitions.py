"""The ledger of partitions: entered once, begun, ended, taken over from who is gone."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine

from models.errors import DatabaseError
from models.locks import Window
from models.partitions import (
    Days,
    Ending,
    Partition,
    begin,
    end,
    enter,
    find_partition,
    list_partitions,
    note_batch,
    window_of,
)
from models.vocabulary import PartitionState, Purpose
from tests.models.making import NOW, read_as, rows, stage

DAY: Days = (date(2022, 4, 18), date(2022, 4, 18))
NEXT: Days = (date(2022, 4, 19), date(2022, 4, 19))
UNDATED: Days = (None, None)


def entered(engine: Engine, days: Days = DAY) -> Partition:
    return enter(engine, Purpose.BACKFILL, "posts", [days])[days]


def test_a_partition_is_entered_once_also_the_undated_one(engine: Engine) -> None:
    first = enter(engine, Purpose.BACKFILL, "posts", [DAY, UNDATED])
    again = enter(engine, Purpose.BACKFILL, "posts", [NEXT, UNDATED, DAY])
    assert {days: each.id for days, each in first.items()}.items() <= {d: p.id for d, p in again.items()}.items()
    enter(engine, Purpose.REEXTRACT, "posts", [DAY])
    enter(engine, Purpose.BACKFILL, "other", [DAY])
    found = list_partitions(engine, Purpose.BACKFILL, "posts")
    assert [each.days for each in found] == [UNDATED, DAY, NEXT]
    assert {each.state for each in found} == {PartitionState.WAITING}


def test_the_database_refuses_the_same_partition_twice(engine: Engine) -> None:
    from models.database import writing
    from models.tables import BackfillPartitionRow, table_of

    entered(engine, UNDATED)
    row = {"purpose": "backfill", "source": "posts", "state": "waiting", "attempts": 0, "documents": 0, "articles": 0}
    row |= {"figures": 0, "figures_published": 0, "rows_failed": 0, "unreadable": 0}
    with pytest.raises(DatabaseError, match="refuses a row"), writing(engine) as connection:
        connection.execute(table_of(BackfillPartitionRow).insert(), row)


def test_an_attempt_is_counted_and_its_end_is_kept(engine: Engine) -> None:
    known = entered(engine)
    begun = begin(engine, known.id, known.attempts, "host:1", NOW)
    assert begun is not None
    assert (begun.state, begun.attempts, begun.holder, begun.started_at) == (PartitionState.RUNNING, 1, "host:1", NOW)
    done = end(engine, known.id, Ending(3, 2, 7, 6, 1, 1), NOW)
    assert (done.state, done.documents, done.figures_published, done.unreadable) == (PartitionState.DONE, 3, 6, 1)
    assert done == find_partition(engine, known.id)


def test_what_another_has_ended_since_it_was_planned_is_not_begun(engine: Engine) -> None:
    planned = entered(engine)
    begin(engine, planned.id, planned.attempts, "host:1", NOW)
    end(engine, planned.id, Ending(3), NOW)
    assert begin(engine, planned.id, planned.attempts, "host:2", NOW) is None
    assert begin(engine, planned.id, find_partition(engine, planned.id).attempts, "host:2", NOW) is not None


def test_of_an_attempt_whose_worker_is_gone_nothing_stays_staged(engine: Engine) -> None:
    known = entered(engine)
    begin(engine, known.id, 0, "host:1", NOW)
    staged = stage(engine, [read_as()])
    note_batch(engine, known.id, staged.batch_id, "engine 1")
    taken_over = begin(engine, known.id, 0, "host:2", NOW)
    assert taken_over is not None
    assert (taken_over.attempts, taken_over.holder, taken_over.batch_id) == (2, "host:2", None)
    assert rows(engine, "SELECT count(*) FROM staged_article") == [(0,)]
    assert rows(engine, "SELECT count(*) FROM staged_figure") == [(0,)]
    assert rows(engine, "SELECT state, message FROM batch") == [("refused", "its worker host:1 is gone")]


def test_a_failed_attempt_says_why_and_leaves_nothing_staged(engine: Engine) -> None:
    known = entered(engine)
    begin(engine, known.id, 0, "host:1", NOW)
    note_batch(engine, known.id, stage(engine, [read_as()]).batch_id, "engine 1")
    failed = end(engine, known.id, Ending(1, error="the audit broke"), datetime.now(UTC))
    assert (failed.state, failed.error) == (PartitionState.FAILED, "the audit broke")
    assert rows(engine, "SELECT count(*) FROM staged_article") == [(0,)]


def test_what_nobody_dated_locks_no_day() -> None:
    assert window_of("posts", DAY) == Window("posts", date(2022, 4, 18), date(2022, 4, 18))
    assert not window_of("posts", UNDATED).overlaps(window_of("posts", DAY))
    assert window_of("posts", UNDATED).overlaps(Window("posts"))
