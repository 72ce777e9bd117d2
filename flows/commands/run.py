"""`tongbi run`: one ingest, watched at a terminal, with a summary at its end."""

import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.commands.watching import run_flow
from flows.messages import read_day
from models.errors import SettingsError

if TYPE_CHECKING:
    from flows.serving.brief import Beginning
    from flows.summary import Summary


def run(
    source: Annotated[
        str, typer.Option(metavar="NAME|PATH|URL", help="a source of sources.toml, a folder of posts, or an address")
    ],
    since: Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="first day of publication")] = None,
    until: Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="last day of publication")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="publish nothing where anything is malformed")] = False,
    replay: Annotated[bool, typer.Option("--replay", help="read what was kept before, and ask nobody")] = False,
    allow_shrink: Annotated[
        bool, typer.Option("--allow-shrink", help="publish also where much less would stand than does now")
    ] = False,
    home: Annotated[Path | None, typer.Option(help="where the state lives, instead of TONGBI_HOME")] = None,
    verbose: Annotated[bool, typer.Option("--verbose", help="show the log of the run")] = False,
) -> None:
    """Ingest a source: read it, audit it, publish what is clean.

    Exit status 1 means that a figure is malformed or a document cannot be read; the rest is published then.
    """
    first, last = read_days(since, until)
    server = _prepare(source, home, replay=replay, verbose=verbose)
    summary: Summary = run_flow(_flow, (source, first, last, strict, replay, allow_shrink), server, verbose=verbose)

    from flows.summary_view import show_summary

    show_summary(summary)
    if not summary.is_good:
        raise typer.Exit(1)


def read_days(since: str | None, until: str | None) -> tuple[date | None, date | None]:
    """Read the two days of a window; raises SettingsError for what is no day, and for a window that ends too early."""
    first = read_day(since, "--since") if since else None
    last = read_day(until, "--until") if until else None
    if first and last and first > last:
        raise SettingsError(f"--since {first} is after --until {last}", "exchange the two days")
    return first, last


def _prepare(source: str, home: Path | None, *, replay: bool, verbose: bool) -> "Beginning":
    """Make the home, set the environment and begin to start Prefect's server, before anything imports Prefect.

    That takes a while, so what would stop the flow at once is looked at meanwhile.
    """
    from flows.serving.brief import begin_server
    from flows.settings import make_home, prepare_environment, read_settings

    settings = read_settings(home=home)
    os.environ["TONGBI_HOME"] = str(settings.home)
    make_home(settings)
    prepare_environment(settings, verbose=verbose)
    server = begin_server(settings.home)

    from models.corrections import read_corrections
    from models.database import open_database
    from tasks.sources import open_source

    if not replay:
        open_source(source, settings.declarations)
    read_corrections(settings.corrections_file)
    open_database(settings.database).dispose()
    return server


def _flow() -> Any:
    from flows.ingest import ingest

    return ingest
