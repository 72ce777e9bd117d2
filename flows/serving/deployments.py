"""The deployments: which flow runs under which name, when, and with what its form begins."""

from collections.abc import Iterable
from typing import Any

from prefect import Flow
from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Schedule
from prefect.types.entrypoint import EntrypointType

# Every day after the close of the markets and the evening's announcements have begun.
DAILY_CRON = "30 18 * * *"
TIMEZONE = "Asia/Shanghai"
TAG = "tongbi"


def deployments(daily_sources: Iterable[str]) -> list[RunnerDeployment]:
    """Give the deployments that `tongbi serve` serves; `daily` has a schedule for each of its sources."""
    from flows.backfill import backfill
    from flows.daily import daily
    from flows.ingest import ingest
    from flows.reextract import reextract
    from flows.review import review

    schedules = [_every_day(source) for source in daily_sources]
    given: list[tuple[Flow[Any, Any], str, dict[str, Any]]] = [
        (daily, "daily", {"schedules": schedules}),
        (ingest, "manual", {}),
        (backfill, "backfill", {}),
        (review, "review", {}),
        (reextract, "reextract", {}),
    ]
    return [_deployed(flow, name, more) for flow, name, more in given]


def _every_day(source: str) -> Schedule:
    return Schedule(cron=DAILY_CRON, timezone=TIMEZONE, parameters={"source": source}, slug=_slug(source))


def _slug(source: str) -> str:
    """Give a name of plain letters for the schedule of a source, the same at each start."""
    return "daily-" + source.encode("utf-8").hex() if not source.isalnum() or not source.isascii() else source.lower()


def _deployed(flow: Flow[Any, Any], name: str, more: dict[str, Any]) -> RunnerDeployment:
    deployment = flow.to_deployment(name=name, tags=[TAG], entrypoint_type=EntrypointType.MODULE_PATH, **more)
    assert isinstance(deployment, RunnerDeployment)
    return deployment
