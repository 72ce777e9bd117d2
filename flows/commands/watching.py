"""A flow as a command runs it: bars while it runs, Ctrl-C at any time, and errors in plain words."""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from flows.messages import EXIT_INTERRUPTED, say_interrupted
from models.errors import TongbiError

if TYPE_CHECKING:
    from flows.serving.brief import Beginning

_PATIENCE = 3.0
_SHOW_CURSOR = "\x1b[?25h"
_STAGES = {
    "documents": "documents read",
    "audit": "audit",
    "publish": "publication",
    "partitions": "partitions ended",
}

# Imports a flow and gives it.
Flow = Callable[[], Any]


def run_flow(
    flow: Flow, parameters: tuple[Any, ...], server: "Beginning", *, verbose: bool, steady: bool = False
) -> Any:
    """Run a flow, and give what it gives at its end; `flow` imports it, and Prefect, no sooner than it is called.

    Prefect's server has begun to start before, and is waited for here. A `steady` flow does the same for long: its
    bars show how fast, and how long yet. What stopped it is raised as an error that a user can act on.
    """
    with _progress(verbose=verbose, steady=steady) as listener, _interruptible() as interrupted:
        try:
            outcome = _run(flow, parameters, server, listener)
        except TongbiError:
            raise
        except Exception as error:
            if interrupted.is_set():  # pydantic, for one, makes another error of it
                raise KeyboardInterrupt from error
            raise _in_plain_words(error, server.given) from error
    if isinstance(outcome, TongbiError):
        raise outcome
    if isinstance(outcome, BaseException):
        raise _in_plain_words(outcome, server.given) from outcome
    return outcome


def _run(flow: Flow, parameters: tuple[Any, ...], server: "Beginning", listener: Any) -> Any:
    """Give what the flow gives, or the error that stopped it."""
    from flows.importing import importing
    from flows.progress import heard_by

    with importing():
        imported = flow()
    server.wait()
    with heard_by(listener):
        state = imported(*parameters, return_state=True)
    return state.result(raise_on_failure=False)


def _in_plain_words(error: BaseException, server: str | None) -> TongbiError:
    lines = str(error).strip().splitlines()
    fact = f"the run stopped: {type(error).__name__}: {lines[0] if lines else 'no message'}"
    if server and "API" in fact + type(error).__module__ + "".join(lines):
        return TongbiError(fact, f"check that the Prefect server at {server} runs, or unset PREFECT_API_URL")
    return TongbiError(fact, "run it again with --verbose to see where, and report it")


@contextmanager
def _interruptible() -> Iterator[threading.Event]:
    """Let Ctrl-C end the run within seconds; gives an event that says whether it was pressed.

    A terminal interrupts Prefect's server too, and Prefect then waits without end to tell it so.
    The database takes back by itself what was not committed.
    """
    interrupted = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield interrupted
        return

    def interrupt(_number: int, _frame: object) -> None:
        interrupted.set()
        waited_enough = threading.Timer(_PATIENCE, _leave)
        waited_enough.daemon = True
        waited_enough.start()
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield interrupted
    finally:
        signal.signal(signal.SIGINT, before)


def _leave() -> None:
    if sys.stderr.isatty():
        sys.stderr.write(_SHOW_CURSOR)
    say_interrupted()
    os._exit(EXIT_INTERRUPTED)


@contextmanager
def _progress(*, verbose: bool, steady: bool) -> Iterator[Any]:
    """Show bars on a terminal; elsewhere, and beside the log, nothing."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    from flows.console import console

    screen = console(error=True)
    columns = [
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    ]
    if steady:
        columns += [TextColumn("{task.fields[rate]}"), TimeRemainingColumn(), TextColumn("left")]
    with Progress(*columns, console=screen, transient=True, disable=verbose or not screen.is_terminal) as progress:
        bars = {
            "start": progress.add_task("starting Prefect (the first time takes half a minute)", total=None, rate="")
        }

        def listen(stage: str, done: int, total: int) -> None:
            if stage not in bars:
                progress.update(bars["start"], visible=False)
                bars[stage] = progress.add_task(_STAGES.get(stage, stage), total=total, rate="")
            speed = progress.tasks[bars[stage]].speed
            rate = f"{speed:,.0f}/s" if speed and stage == "documents" else ""
            progress.update(bars[stage], completed=done, total=total, rate=rate)

        yield listen
