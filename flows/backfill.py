"""The flow `backfill`: a window of a source in partitions, from the raw archive first, by many workers.

What the archive does not have is asked of the source, here and by nobody else. The ledger `backfill_partition`
says what was done, so that a backfill that was stopped goes on where it stood. It moves no watermark of daily runs.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import partial
from typing import Annotated, Any, Literal

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed
from pydantic import Field

from flows.endings import could_not
from flows.ingest import patient, whole
from flows.partitions.artifacts import leave_plan
from flows.partitions.carrying import carry_out, nothing_to_fetch
from flows.partitions.opening import Store, opened_source, opened_store, plan_backfill, plan_replay, window_of
from flows.partitions.planning import By, Only, Plan, Window
from flows.partitions.runners import Runner, Workers, check_workers
from flows.partitions.running import Fetching, Orders
from flows.settings import Settings, read_settings
from models.errors import TongbiError
from models.vocabulary import Purpose
from tasks.fetch import Fetched, fetch, list_documents
from tasks.sources import DocumentRef, Source

Count = Annotated[int, Field(ge=1, le=256)]


@flow(name="backfill", description="A window of a source in partitions: what is missing is read, audited, published.")
def backfill(  # noqa: PLR0913, PLR0917 - each is a field of the run form
    source: str = "sample",
    since: date | None = None,
    until: date | None = None,
    by: Literal["day", "week", "month"] = "day",
    only: Literal["missing", "failed", "all"] = "missing",
    strict: bool = False,
    replay: bool = False,
    dry_run: bool = False,
    runner: Literal["threads", "processes", "dask", "ray"] = "threads",
    workers: Count | None = None,
    address: str = "",
    allow_shrink: bool = False,
) -> State[Any]:
    """Work through a window of a source, partition by partition, and go on where the last backfill stood.

    A partition that fails stops no other; the run ends Failed then, and names it. Documents come from the raw
    archive, and from the source where they are not kept yet.

    Args:
        source: a source that sources.toml declares, a folder of posts, or the address of a site or feed
        since: the first day of publication; from the beginning where it is empty
        until: the last day of publication; to the end where it is empty
        by: how long a partition is
        only: missing are those never brought to an end; failed those that failed; all also what is done
        strict: publish nothing of a partition where anything of it is malformed
        replay: read what was kept of the source before, and ask nobody
        dry_run: only list the partitions, and where their documents would come from
        runner: where partitions are worked on; dask and ray are extras, and need PostgreSQL on other machines
        workers: how many partitions at once; empty for as many as the runner can use
        address: the scheduler of a Dask or Ray cluster that runs already, such as tcp://host:8786
        allow_shrink: publish also where much less would stand than does now
    """
    began = time.monotonic()
    settings = read_settings()
    orders = Orders(strict, allow_shrink)
    try:
        chosen = Workers(Runner(runner), workers, address)
        check_workers(chosen, settings.database)
        asked = (window_of(since, until), By(by), Only(only))
        with _planned(settings, source, *asked, replay=replay) as (store, plan, fetching):
            if dry_run:
                leave_plan(plan)
                return Completed(message=plan.words)
            return carry_out(store, plan, Purpose.BACKFILL, chosen, fetching, orders, began=began)
    except TongbiError as error:
        return could_not(error)


@contextmanager
def _planned(
    settings: Settings, source: str, window: Window, by: By, only: Only, *, replay: bool
) -> Iterator[tuple[Store, Plan, Fetching]]:
    """Give the plan, what it was made from, and how the documents that are not kept are had."""
    with opened_store(settings) as store:
        if replay:
            yield store, plan_replay(store, source, window, by, only), nothing_to_fetch
            return
        with opened_source(source, store) as opened:
            plan = plan_backfill(store, opened, window, by, only, partial(_listed, settings))
            yield store, plan, partial(_fetched, settings, opened)


def _listed(settings: Settings, source: Source, since: date | None, until: date | None) -> list[DocumentRef]:
    return patient(list_documents, settings)(whole(source), since, until)


def _fetched(settings: Settings, source: Source, refs: Sequence[DocumentRef]) -> Fetched:
    return patient(fetch, settings)(whole(source), whole(refs))
