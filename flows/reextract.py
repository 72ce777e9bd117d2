"""The flow `reextract`: what is kept of a source read anew by the engine of today, in partitions; nobody is asked."""

import time
from datetime import date
from typing import Annotated, Any, Literal

from prefect import flow
from prefect.client.schemas.objects import State
from pydantic import Field

from flows.endings import could_not
from flows.partitions.carrying import carry_out, nothing_to_fetch
from flows.partitions.opening import opened_store, plan_reextract, window_of
from flows.partitions.planning import By
from flows.partitions.runners import Runner, Workers, check_workers
from flows.partitions.running import Orders
from flows.settings import read_settings
from models.errors import TongbiError
from models.vocabulary import Purpose


@flow(name="reextract", description="The raw archive of a source, read anew by the engine of today.")
def reextract(  # noqa: PLR0913, PLR0917 - each is a field of the run form
    source: str = "sample",
    since: date | None = None,
    until: date | None = None,
    by: Literal["day", "week", "month"] = "day",
    only: Literal["stale", "all"] = "stale",
    strict: bool = False,
    runner: Literal["threads", "processes", "dask", "ray"] = "threads",
    workers: Annotated[int, Field(ge=1, le=256)] | None = None,
    address: str = "",
    allow_shrink: bool = False,
) -> State[Any]:
    """Read the kept documents of a source again, and publish what the engine of today makes of them.

    Figures that it reads otherwise supersede the old ones; what reads the same with the same engine changes no row.

    Args:
        source: a source that sources.toml declares, a folder of posts, or the address of a site or feed
        since: the first day of publication; from the beginning where it is empty
        until: the last day of publication; to the end where it is empty
        by: how long a partition is
        only: stale is what another version of the engine has read last
        strict: publish nothing of a partition where anything of it is malformed
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
        window = window_of(since, until)
        with opened_store(settings) as store:
            plan = plan_reextract(store, source, window, By(by), everything=only == "all")
            return carry_out(store, plan, Purpose.REEXTRACT, chosen, nothing_to_fetch, orders, began=began)
    except TongbiError as error:
        return could_not(error)
