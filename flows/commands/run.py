"""`tongbi run`: one ingest, watched at a terminal, with a summary at its end."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.messages import EXIT_INTERRUPTED, INTERRUPTED, complain, read_day
from models.errors import SettingsError, TongbiError

if TYPE_CHECKING:
    from flows.summary import Summary

_PATIENCE = 3.0
_SHOW_CURSOR = "\x1b[?25h"
_STAGES = {"documents": "documents read", "audit": "audit", "publish": "publication"}


def run(
    source: Annotated[
        str, typer.Option(metavar="NAME|PATH|URL", help="a source of sources.toml, a folder of posts, or an address")
    ],
    since: Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="first day of publication")] = None,
    until: Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="last day of publication")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="publish nothing where anything is malformed")] = False,
    replay: Annotated[bool, typer.Option("--replay", help="read what was kept before, and ask nobody")] = False,
    home: Annotated[Path | None, typer.Option(help="where the state lives, instead of TONGBI_HOME")] = None,
    verbose: Annotated[bool, typer.Option("--verbose", help="show the log of the run")] = False,
) -> None:
    """Ingest a source: read it, audit it, publish what is clean.

    Exit status 1 means that a figure is malformed or a document cannot be read; the rest is published then.
    """
    first, last = _read_days(since, until)
    _prepare(source, home, replay=replay, verbose=verbose)
    summary = _ingest((source, first, last, strict, replay), verbose=verbose)

    from flows.summary_view import show_summary

    show_summary(summary)
    if not summary.is_good:
        raise typer.Exit(1)


def _read_days(since: str | None, until: str | None) -> tuple[date | None, date | None]:
    first = read_day(since, "--since") if since else None
    last = read_day(until, "--until") if until else None
    if first and last and first > last:
        raise SettingsError(f"--since {first} is after --until {last}", "exchange the two days")
    return first, last


def _prepare(source: str, home: Path | None, *, replay: bool, verbose: bool) -> None:
    """Make the home and set the environment, before anything imports Prefect.

    Prefect takes a while to start, so what would stop the flow at once is looked at first.
    """
    from flows.settings import make_home, prepare_environment, read_settings
    from models.corrections import read_corrections
    from models.database import open_database
    from tasks.sources import open_source

    settings = read_settings(home=home)
    os.environ["TONGBI_HOME"] = str(settings.home)
    make_home(settings)
    if not replay:
        open_source(source, settings.declarations)
    read_corrections(settings.corrections_file)
    open_database(settings.database).dispose()
    prepare_environment(settings, verbose=verbose)


def _ingest(parameters: tuple[Any, ...], *, verbose: bool) -> "Summary":
    """Run the flow; what stopped it is raised as an error that a user can act on."""
    with _progress(verbose=verbose) as listener, _interruptible():
        try:
            outcome = _run_flow(parameters, listener)
        except TongbiError:
            raise
        except Exception as error:
            raise _in_plain_words(error) from error
    if isinstance(outcome, TongbiError):
        raise outcome
    if isinstance(outcome, BaseException):
        raise _in_plain_words(outcome) from outcome
    summary: Summary = outcome
    return summary


def _run_flow(parameters: tuple[Any, ...], listener: Any) -> Any:
    """Give the summary of the flow, or the error that stopped it."""
    from flows.ingest import ingest
    from flows.progress import heard_by

    with heard_by(listener):
        state = ingest(*parameters, return_state=True)
    return state.result(raise_on_failure=False)


def _in_plain_words(error: BaseException) -> TongbiError:
    lines = str(error).strip().splitlines()
    fact = f"the run stopped: {type(error).__name__}: {lines[0] if lines else 'no message'}"
    server = os.environ.get("PREFECT_API_URL")
    if server and "API" in fact + type(error).__module__ + "".join(lines):
        return TongbiError(fact, f"check that the Prefect server at {server} runs, or unset PREFECT_API_URL")
    return TongbiError(fact, "run it again with --verbose to see where, and report it")


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let Ctrl-C end the run within seconds.

    A terminal interrupts Prefect's server too, and Prefect then waits without end to tell it so.
    The database takes back by itself what was not committed.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(_number: int, _frame: object) -> None:
        waited_enough = threading.Timer(_PATIENCE, _leave)
        waited_enough.daemon = True
        waited_enough.start()
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _leave() -> None:
    if sys.stderr.isatty():
        sys.stderr.write(_SHOW_CURSOR)
    complain(INTERRUPTED)
    os._exit(EXIT_INTERRUPTED)


@contextmanager
def _progress(*, verbose: bool) -> Iterator[Any]:
    """Show bars on a terminal; elsewhere, and beside the log, nothing."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeElapsedColumn,
    )

    from flows.console import console

    screen = console(error=True)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=screen, transient=True, disable=verbose or not screen.is_terminal) as progress:
        bars = {"start": progress.add_task("starting Prefect (the first time takes half a minute)", total=None)}

        def listen(stage: str, done: int, total: int) -> None:
            if stage not in bars:
                progress.update(bars["start"], visible=False)
                bars[stage] = progress.add_task(_STAGES.get(stage, stage), total=total)
            progress.update(bars[stage], completed=done, total=total)

        yield listen
