"""The daily run: what it reads the second time, when its watermark stays, and what comes of late runs."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from models.queries import count_current
from models.watermarks import read_watermark
from tests.flows.posts import CLEAN, MALFORMED, write_post

pytestmark = [pytest.mark.slow, pytest.mark.databases, pytest.mark.usefixtures("prefect_server")]


def run(source: Path, **parameters: Any) -> Any:
    from flows.daily import daily

    return daily(str(source), return_state=True, **parameters)


def through(engine: Any, source: Path) -> date | None:
    mark = read_watermark(engine, str(source))
    return mark.through if mark else None


def test_the_second_run_reads_the_last_days_again_and_what_is_new(archive: Path, engine: Any) -> None:
    for number, day in enumerate(["2022-04-10", "2022-04-17", "2022-04-18"], start=1):
        write_post(archive, number, CLEAN, day)
    assert run(archive).result().documents == 3
    assert through(engine, archive) == date(2022, 4, 18)
    again = run(archive)
    assert (again.result().documents, again.message) == (2, "no row changed")
    # After days off: one that came late, one that was edited, and what was published meanwhile.
    write_post(archive, 4, CLEAN, "2022-04-16")
    write_post(archive, 3, CLEAN.replace("12.5%", "13.5%"), "2022-04-18")
    write_post(archive, 5, CLEAN, "2022-04-29")
    caught_up = run(archive).result()
    assert (caught_up.documents, caught_up.report.readings.articles.published) == (4, 3)
    assert count_current(engine).articles == 5
    assert through(engine, archive) == date(2022, 4, 29)
    assert run(archive, overlap_days=0).result().documents == 1


@pytest.mark.long
def test_the_watermark_stays_where_something_could_not_be_fetched_or_the_batch_was_refused(
    archive: Path, engine: Any
) -> None:
    write_post(archive, 1, MALFORMED)
    assert run(archive, strict=True).is_failed()
    assert through(engine, archive) is None
    broken = write_post(archive, 2, CLEAN, "2022-04-19")
    broken.unlink()
    broken.mkdir()
    assert run(archive).is_failed()
    assert through(engine, archive) is None
    broken.rmdir()
    write_post(archive, 2, CLEAN, "2022-04-19")
    state = run(archive)
    assert state.is_failed(), "the malformed figure is still there, in the quarantine"
    assert through(engine, archive) == date(2022, 4, 19)


def test_a_wrong_date_in_the_future_does_not_skip_the_days_before_it() -> None:
    from flows.daily import _not_after

    assert _not_after(date(2099, 1, 1), date(2022, 4, 18)) == date(2022, 4, 18)
    assert _not_after(date(2022, 4, 17), date(2022, 4, 18)) == date(2022, 4, 17)
    assert _not_after(None, date(2022, 4, 18)) is None


@pytest.mark.parametrize(("minutes", "is_done"), [(-1, True), (1, False)])
def test_a_late_run_of_the_schedule_has_nothing_to_do_and_says_so(
    archive: Path, engine: Any, minutes: int, is_done: bool
) -> None:
    from flows import daily

    write_post(archive, 1, CLEAN)
    run(archive)
    mark = read_watermark(engine, str(archive))
    assert mark is not None
    context = type("Context", (), {})()
    context.flow_run = type("Run", (), {"auto_scheduled": True, "deployment_id": None})()
    context.flow_run.expected_start_time = mark.checked_at + timedelta(minutes=minutes)
    with patch.object(daily.FlowRunContext, "get", return_value=context):
        assert daily._was_read_since(mark) is is_done
        context.flow_run.auto_scheduled = False
        assert daily._was_read_since(mark) is False
    assert "nothing to do: the daily run that began 2022-04-18 18:30 (Shanghai)" in (
        daily.Caught(datetime(2022, 4, 18, 10, 30, tzinfo=UTC)).words()
    )


def test_a_wrong_value_is_a_line_and_no_traceback(archive: Path, engine: Any) -> None:
    from flows.ingest import ingest

    write_post(archive, 1, CLEAN)
    state = ingest(str(archive), date(2022, 4, 19), date(2022, 4, 18), return_state=True)
    assert state.is_failed()
    assert state.message == "since 2022-04-19 is after until 2022-04-18; next: exchange the two days"
    unknown = run(archive / "nowhere")
    assert unknown.message.startswith("no source and no folder is called")
    assert "\n" not in unknown.message
