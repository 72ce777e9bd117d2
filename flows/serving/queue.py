"""The runs that wait in Prefect's queue: the late ones are ended, since one run catches up on all of them."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    FlowRunFilter,
    FlowRunFilterExpectedStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.context import FlowRunContext
from prefect.states import Completed

_A_PAGE = 200


def end_late_runs(source: str) -> int:
    """End the other runs of this deployment for `source` that should have begun by now, and give how many.

    Outside a deployment there are none.
    """
    context = FlowRunContext.get()
    run = context.flow_run if context else None
    if run is None or run.deployment_id is None:
        return 0
    with get_client(sync_client=True) as client:
        others = [late for late in late_runs(client, run.deployment_id, source) if late.id != run.id]
        return _end(client, others, f"caught up by the run {run.name}")


def leave_one(client: SyncPrefectClient, deployment_id: UUID, source: str) -> FlowRun | None:
    """End all late runs of a daily deployment for `source` but the newest, and give that one, if there is any."""
    late = sorted(late_runs(client, deployment_id, source), key=_due)
    if not late:
        return None
    _end(client, late[:-1], f"caught up by the run {late[-1].name}")
    return late[-1]


def late_runs(client: SyncPrefectClient, deployment_id: UUID, source: str) -> list[FlowRun]:
    """Give the runs by the schedule of a deployment, for `source`, that should have begun by now and have not."""
    found: list[FlowRun] = []
    while page := _page(client, deployment_id, len(found)):
        found += page
    return [run for run in found if run.auto_scheduled and run.parameters.get("source") == source]


def _page(client: SyncPrefectClient, deployment_id: UUID, offset: int) -> list[FlowRun]:
    runs = FlowRunFilter(
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.SCHEDULED])),
        expected_start_time=FlowRunFilterExpectedStartTime(before_=cast(Any, datetime.now(UTC))),
    )
    deployments = DeploymentFilter(id=DeploymentFilterId(any_=[deployment_id]))
    return client.read_flow_runs(flow_run_filter=runs, deployment_filter=deployments, limit=_A_PAGE, offset=offset)


def _end(client: SyncPrefectClient, runs: Iterable[FlowRun], words: str) -> int:
    ended = 0
    for run in runs:
        state: Any = Completed(name="CaughtUp", message=words)
        client.set_flow_run_state(run.id, state, force=True)
        ended += 1
    return ended


def _due(run: FlowRun) -> datetime:
    return run.expected_start_time or datetime.min.replace(tzinfo=UTC)
