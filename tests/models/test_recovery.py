"""What killed runs leave: each state of a batch ends well at the next start."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine, text

from models.audit import AuditOutcome
from models.database import writing
from models.locks import Window, locked
from models.publishing import publish_batch
from models.queries import find_batch
from models.recovery import Left, recover
from models.staging import Unreadable
from tests.models.making import FACTS, NOW, read_as, rows, run, stage

WINDOW = Window(FACTS.source, FACTS.since, FACTS.until)


def next_start(engine: Engine, window: Window = WINDOW, version: str = FACTS.engine_version) -> list[str]:
    def finish(left: Left) -> None:
        publish_batch(engine, left.batch_id, AuditOutcome(), now=NOW)

    with locked(engine, window) as ours:
        return recover(engine, version, finish, ours=ours)


def set_batch(engine: Engine, **values: object) -> None:
    with writing(engine) as connection:
        for name, value in values.items():
            connection.execute(text(f"UPDATE batch SET {name} = :value"), {"value": value})


def test_what_was_never_started_or_has_ended_is_let_be(engine: Engine) -> None:
    assert next_start(engine) == []
    run(engine, [read_as()])
    assert next_start(engine) == []
    assert rows(engine, "SELECT state FROM batch") == [("published",)]


def test_a_batch_that_was_being_staged_is_taken_back(engine: Engine) -> None:
    stage(engine, [read_as()])
    set_batch(engine, is_staged=False)
    said = "batch 1 of posts from 2022-04-01 until 2022-04-30 was interrupted while it was staged"
    assert next_start(engine) == [f"{said}; what it staged is removed, its documents are kept"]
    assert rows(engine, "SELECT state, message FROM batch") == [("refused", said)]
    for table in ("staged_article", "staged_figure", "figure"):
        assert rows(engine, f"SELECT count(*) FROM {table}") == [(0,)]
    assert rows(engine, "SELECT count(*) FROM raw_document") == [(1,)]


@pytest.mark.parametrize("state", ["staged", "audited"])
def test_a_batch_that_was_staged_is_finished_with_what_its_run_has_counted(engine: Engine, state: str) -> None:
    staged = stage(engine, [read_as(), read_as(location="copy.md")], [Unreadable("posts", "bad.md", None, "gone")])
    set_batch(engine, state=state)
    seen: list[Left] = []

    def finish(left: Left) -> None:
        seen.append(left)
        publish_batch(engine, left.batch_id, AuditOutcome(), now=NOW)

    with locked(engine, WINDOW) as ours:
        (words,) = recover(engine, FACTS.engine_version, finish, ours=ours)
    assert words.endswith("was interrupted after it was staged; it is finished now")
    assert seen == [Left(staged.batch_id, WINDOW, 3, 1)]
    assert rows(engine, "SELECT state, figures_published FROM batch") == [("published", 2)]


def test_what_an_older_engine_has_read_is_not_finished(engine: Engine) -> None:
    stage(engine, [read_as()])
    (words,) = next_start(engine, version="engine 2")
    assert "was interrupted; its engine is older" in words
    assert rows(engine, "SELECT count(*) FROM staged_article") == [(0,)]


@pytest.mark.parametrize("window", [WINDOW, Window("site"), replace(WINDOW, since=date(2022, 4, 15))])
def test_a_batch_whose_run_is_under_way_is_let_be(engine: Engine, window: Window) -> None:
    """Its days are another living run's, or a part of them is."""
    stage(engine, [read_as()])
    with locked(engine, replace(WINDOW, until=date(2022, 4, 10))):
        elsewhere = replace(window, since=date(2022, 4, 15)) if window.source == WINDOW.source else window
        assert next_start(engine, elsewhere) == []
    batch = find_batch(engine)
    assert batch is not None
    assert batch.state == "staged"
    assert len(next_start(engine, window)) == 1


def test_a_batch_of_other_days_is_finished_too(engine: Engine) -> None:
    stage(engine, [read_as()])
    assert len(next_start(engine, Window("site"))) == 1
    assert rows(engine, "SELECT state FROM batch") == [("published",)]
