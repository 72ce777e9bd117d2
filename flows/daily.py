"""The flow `daily`: what a source has new since the last daily run, and what came late or was edited.

The watermark of a source is the last day of publication that was read to its end. A daily run reads from some days
before it, so a post that appears late, or is edited, is seen; after days off one run reads all that was missed.
A lock in the database lets one daily run of a source work at a time, whoever started it.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from prefect import flow, get_run_logger
from prefect.client.schemas.objects import State
from prefect.context import FlowRunContext
from prefect.states import Completed
from pydantic import Field
from sqlalchemy import Engine

from flows.endings import plainly
from flows.ingest import finished, read_source
from flows.serving.queue import end_late_runs
from flows.settings import make_home, read_settings
from flows.summary import Summary
from models.database import open_database
from models.locks import Window, locked
from models.watermarks import Watermark, move_watermark, read_watermark
from tasks.logs import line
from tasks.sources import source_name

# As long as a daily run may take; who waits has nothing else to do.
_PATIENCE = 6 * 3600.0
_SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Caught:
    """A run that had nothing to do: the daily run that began at `at` has read what this one was to read."""

    at: datetime

    def words(self) -> str:
        """Say so in a line."""
        at = self.at.astimezone(_SHANGHAI)
        return f"nothing to do: the daily run that began {at:%Y-%m-%d %H:%M} (Shanghai) has read what was there"


@flow(name="daily", description="What is new in a source since the last daily run, and what came late or was edited.")
@plainly
def daily(
    source: str = "sample",
    overlap_days: Annotated[int, Field(ge=0, le=366)] = 3,
    strict: bool = False,
) -> State[Any]:
    """Read a source from some days before the last day that was read, audit it, publish what is clean.

    The first daily run of a source reads all that the source lists. The watermark moves on where every document of
    the days could be fetched and the batch was published; else the next run reads the same days again.

    Args:
        source: a source that sources.toml declares, a folder of posts, or the address of a site or feed
        overlap_days: how many days before the last day that was read are read again, 0 to 366
        strict: publish nothing at all where anything is malformed
    """
    outcome = _catch_up(source, overlap_days, strict=strict)
    if isinstance(outcome, Summary):
        return finished(outcome)
    return Completed(message=outcome.words())


def _catch_up(source: str, overlap_days: int, *, strict: bool) -> Summary | Caught:
    settings = read_settings()
    make_home(settings)
    name = source_name(source, settings.declarations)
    engine = open_database(settings.database)
    try:
        with locked(engine, Window(f"daily run of {name}"), wait_seconds=_PATIENCE):
            mark = read_watermark(engine, name)
            if mark is not None and _was_read_since(mark):
                return Caught(mark.checked_at)
            return _read_on(engine, source, mark, overlap_days, strict=strict)
    finally:
        engine.dispose()


def _read_on(engine: Engine, source: str, mark: Watermark | None, overlap_days: int, *, strict: bool) -> Summary:
    began = datetime.now(UTC)
    end_late_runs(source)
    since = mark.since(overlap_days) if mark else None
    log = get_run_logger()
    log.info(line("daily", source=source, through=mark.through if mark else "nothing", since=since or "the beginning"))
    summary = read_source(source, since, strict=strict)
    if summary.is_refused:
        return summary
    if any(document.sha256 is None for document in summary.unreadable):
        log.warning(line("watermark_stays", batch=summary.report.batch_id, why="some documents could not be fetched"))
        return summary
    through = _not_after(summary.last_day, began.astimezone(_SHANGHAI).date())
    moved = move_watermark(engine, Watermark(summary.source, through, began, summary.report.batch_id))
    log.info(line("watermark", source=moved.source, through=moved.through, batch=moved.batch_id))
    return summary


def _was_read_since(mark: Watermark) -> bool:
    """Tell whether this run was scheduled, by no person, for a time before that of the last one that did its work."""
    context = FlowRunContext.get()
    run = context.flow_run if context else None
    if run is None or not run.auto_scheduled or run.expected_start_time is None:
        return False
    return run.expected_start_time <= mark.checked_at


def _not_after(day: date | None, today: date) -> date | None:
    """Give the day, or today for one that lies in the future: a wrong date must not skip the days before it."""
    return day and min(day, today)
