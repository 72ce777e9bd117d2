"""A plan carried out: the workers started, every chosen partition worked on, the report left in Prefect."""

import time
from collections.abc import Sequence

from prefect import get_run_logger
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from flows.partitions.advance import Advance
from flows.partitions.artifacts import leave_report
from flows.partitions.clock import Clock
from flows.partitions.jobs import Outcome
from flows.partitions.opening import Store
from flows.partitions.planning import Plan
from flows.partitions.report import Report, message, report_of
from flows.partitions.runners import Workers, pool_of
from flows.partitions.running import Coordinator, Fetching, Orders
from flows.partitions.work import work_on
from models.corrections import read_corrections
from models.partitions import enter
from models.vocabulary import Purpose
from tasks.fetch import Fetched
from tasks.sources import DocumentRef


def carry_out(
    store: Store, plan: Plan, purpose: Purpose, workers: Workers, fetching: Fetching, orders: Orders, *, began: float
) -> State[Report]:
    """Work on what is chosen, and give the state in which the run ends: Failed where anything went wrong."""
    clock = Clock()
    outcomes = _outcomes(store, plan, purpose, workers, fetching, orders, clock) if plan.chosen else []
    report = report_of(purpose, plan, outcomes, clock.seconds(), time.monotonic() - began)
    leave_report(report)
    words = message(report)
    log = get_run_logger()
    if report.is_good:
        log.info(words)
        return Completed(message=words, data=report)
    log.error(words)
    return Failed(message=words, data=report)


def nothing_to_fetch(refs: Sequence[DocumentRef]) -> Fetched:
    """Fetch nothing: all that is planned lies in the archive."""
    if refs:
        raise AssertionError(f"{len(refs)} documents are asked for where nobody may be asked")
    return Fetched((), ())


def _outcomes(
    store: Store, plan: Plan, purpose: Purpose, workers: Workers, fetching: Fetching, orders: Orders, clock: Clock
) -> list[Outcome]:
    corrections = read_corrections(store.settings.corrections_file)
    known = enter(store.engine, purpose, plan.source, [each.days for each in plan.chosen])
    documents = sum(each.documents for each in plan.chosen)
    advance = Advance(str(purpose), len(plan.chosen), documents)
    with pool_of(workers, work_on) as pool:
        coordinator = Coordinator(
            store.engine,
            store.archive,
            plan.source,
            store.settings,
            corrections,
            orders,
            pool,
            fetching,
            advance,
            clock,
        )
        return coordinator.run([(each, known[each.days]) for each in plan.chosen])
