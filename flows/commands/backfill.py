"""`tongbi backfill` and `tongbi reextract`: a source in partitions, watched at a terminal, with a report at its end."""

import os
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.commands.run import read_days
from flows.commands.watching import run_flow

if TYPE_CHECKING:
    from flows.serving.brief import Beginning


class By(StrEnum):
    """How long a partition is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Only(StrEnum):
    """Which partitions are worked on."""

    MISSING = "missing"
    FAILED = "failed"
    ALL = "all"


class Read(StrEnum):
    """Which documents are read anew."""

    STALE = "stale"
    ALL = "all"


class Runner(StrEnum):
    """Where partitions are worked on."""

    THREADS = "threads"
    PROCESSES = "processes"
    DASK = "dask"
    RAY = "ray"


SourceName = Annotated[
    str, typer.Option("--source", metavar="NAME|PATH|URL", help="a source of sources.toml, a folder, or an address")
]
Since = Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="first day of publication")]
Until = Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="last day of publication")]
Length = Annotated[By, typer.Option("--by", help="how long a partition is")]
Strict = Annotated[bool, typer.Option("--strict", help="publish nothing of a partition where anything is malformed")]
Place = Annotated[Runner, typer.Option("--runner", help="where partitions are worked on; dask and ray are extras")]
Count = Annotated[int | None, typer.Option(min=1, max=256, metavar="N", help="how many partitions at once")]
Address = Annotated[str, typer.Option(metavar="tcp://HOST:PORT", help="the scheduler of a cluster that runs already")]
Shrink = Annotated[bool, typer.Option("--allow-shrink", help="publish also where much less would stand than does now")]
Home = Annotated[Path | None, typer.Option(help="where the state lives, instead of TONGBI_HOME")]
Verbose = Annotated[bool, typer.Option("--verbose", help="show the log of the run")]


def backfill(
    source: SourceName,
    since: Since = None,
    until: Until = None,
    by: Length = By.DAY,
    only: Annotated[Only, typer.Option(help="missing: never brought to an end; failed; or all")] = Only.MISSING,
    strict: Strict = False,
    replay: Annotated[bool, typer.Option("--replay", help="read what was kept before, and ask nobody")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="only show the partitions and their documents")] = False,
    runner: Place = Runner.THREADS,
    workers: Count = None,
    address: Address = "",
    allow_shrink: Shrink = False,
    home: Home = None,
    verbose: Verbose = False,
) -> None:
    """Work through a window of a source in partitions, and go on where the last backfill stood.

    Documents come from the raw archive, and from the source where they are not kept yet. A partition that fails
    stops no other. Exit status 1 means that one failed, or that a figure is malformed or a document unreadable.
    """
    days = read_days(since, until)
    settings = _prepare(home, verbose=verbose)
    server = None if dry_run else _begin(settings)
    _check(settings, runner, workers, address)
    if server is None:
        _show_plan(settings, source, days, by, only, replay=replay)
        return
    parameters = (
        source,
        *days,
        by.value,
        only.value,
        strict,
        replay,
        False,
        runner.value,
        workers,
        address,
        allow_shrink,
    )
    _finish(_backfill, parameters, runner, server, verbose=verbose)


def reextract(
    source: SourceName,
    since: Since = None,
    until: Until = None,
    by: Length = By.DAY,
    only: Annotated[Read, typer.Option(help="stale: what another engine has read last; or all")] = Read.STALE,
    strict: Strict = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="only show the partitions and their documents")] = False,
    runner: Place = Runner.THREADS,
    workers: Count = None,
    address: Address = "",
    allow_shrink: Shrink = False,
    home: Home = None,
    verbose: Verbose = False,
) -> None:
    """Read the raw archive of a source anew with the engine of today, and ask nobody.

    Figures that it reads otherwise supersede the old ones. Exit status 1 means the same as that of backfill.
    """
    days = read_days(since, until)
    settings = _prepare(home, verbose=verbose)
    server = None if dry_run else _begin(settings)
    _check(settings, runner, workers, address)
    if server is None:
        _show_reading(settings, source, days, by, everything=only is Read.ALL)
        return
    parameters = (source, *days, by.value, only.value, strict, runner.value, workers, address, allow_shrink)
    _finish(_reextract, parameters, runner, server, verbose=verbose)


def _prepare(home: Path | None, *, verbose: bool) -> Any:
    """Make the home and set the environment, before anything imports Prefect; give the settings."""
    from flows.settings import make_home, prepare_environment, read_settings

    settings = read_settings(home=home)
    os.environ["TONGBI_HOME"] = str(settings.home)
    make_home(settings)
    prepare_environment(settings, verbose=verbose)
    return settings


def _begin(settings: Any) -> "Beginning":
    """Begin to start Prefect's server, which takes longest."""
    from flows.serving.brief import begin_server

    return begin_server(settings.home)


def _check(settings: Any, runner: Runner, workers: int | None, address: str) -> None:
    """Look at what would stop the flow at once."""
    from flows.partitions import runners
    from models.database import open_database

    runners.check_workers(runners.Workers(runners.Runner(runner.value), workers, address), settings.database)
    open_database(settings.database).dispose()


def _show_plan(
    settings: Any, source: str, days: tuple[date | None, date | None], by: By, only: Only, *, replay: bool
) -> None:
    from flows.partitions import opening, planning
    from flows.partitions.view import show_plan

    window = opening.window_of(*days)
    length, chosen = planning.By(by.value), planning.Only(only.value)
    with opening.opened_store(settings) as store:
        if replay:
            show_plan(opening.plan_replay(store, source, window, length, chosen))
            return
        with opening.opened_source(source, store) as opened:
            show_plan(opening.plan_backfill(store, opened, window, length, chosen, _listed))


def _listed(source: Any, since: date | None, until: date | None) -> Any:
    from tasks.fetch import list_documents

    return list_documents.fn(source, since, until)


def _show_reading(
    settings: Any, source: str, days: tuple[date | None, date | None], by: By, *, everything: bool
) -> None:
    from flows.partitions import opening, planning
    from flows.partitions.view import show_plan

    with opening.opened_store(settings) as store:
        length = planning.By(by.value)
        show_plan(opening.plan_reextract(store, source, opening.window_of(*days), length, everything=everything))


def _backfill() -> Any:
    from flows import backfill

    return backfill.backfill


def _reextract() -> Any:
    from flows import reextract

    return reextract.reextract


def _finish(flow: Any, parameters: tuple[Any, ...], runner: Runner, server: "Beginning", *, verbose: bool) -> None:
    if runner is Runner.PROCESSES:
        from flows.partitions.crew import import_ahead

        # They import while Prefect starts.
        import_ahead()
    report = run_flow(flow, parameters, server, verbose=verbose, steady=True)

    from flows.partitions.view import show_report

    show_report(report)
    if not report.is_good:
        raise typer.Exit(1)
