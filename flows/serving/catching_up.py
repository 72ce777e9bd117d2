"""What a start of `tongbi serve` does about the days on which nothing ran: one run, whatever was missed."""

from datetime import UTC, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from prefect.client.orchestration import get_client

from flows.serving.deployments import TIMEZONE
from flows.serving.queue import leave_one
from flows.settings import read_settings
from models.database import open_database
from models.watermarks import Watermark, read_watermark
from tasks.sources import source_name

_HOUR = time(18, 30)


def catch_up(daily_id: UUID, source: str) -> str:
    """Leave one of the late daily runs of a source, or make one where one is due; say what was done, or "".

    A run is due where daily runs have read the source before, and none has since the last time of the schedule: it
    was interrupted, or nobody served.
    """
    with get_client(sync_client=True) as client:
        late = leave_one(client, daily_id, source)
        if late is not None:
            return f"{source}: the late run {late.name} catches up"
        mark = _mark(source)
        if mark is None or mark.checked_at >= last_time(datetime.now(UTC)):
            return ""
        run = client.create_flow_run_from_deployment(daily_id, parameters={"source": source}, tags=["catch-up"])
        return f"{source}: last read {mark.checked_at:%Y-%m-%d %H:%M} UTC, the run {run.name} catches up"


def last_time(now: datetime) -> datetime:
    """Give the last moment of the daily schedule.

    >>> last_time(datetime(2022, 4, 18, 10, 29, tzinfo=UTC)).isoformat()
    '2022-04-17T18:30:00+08:00'
    """
    here = now.astimezone(ZoneInfo(TIMEZONE))
    today = datetime.combine(here.date(), _HOUR, here.tzinfo)
    return today if today <= here else today - timedelta(days=1)


def _mark(source: str) -> Watermark | None:
    settings = read_settings()
    engine = open_database(settings.database)
    try:
        return read_watermark(engine, source_name(source, settings.declarations))
    finally:
        engine.dispose()
