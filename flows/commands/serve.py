"""`tongbi serve`: Prefect with our deployments, until Ctrl-C."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.options import Home
from flows.messages import complain

if TYPE_CHECKING:
    from flows.serving.finding import Server
    from flows.settings import Settings

# A run in hand takes its batch back within seconds; Prefect itself ends it after 30.
_RUNNER_SECONDS = 45.0
_WATCH_SECONDS = 1.0
_CHECK_SECONDS = 10.0
_MOST_FAILURES, _A_WHILE = 3, 120.0


def serve(
    host: Annotated[str, typer.Option(help="where the server listens", envvar="PREFECT_SERVER_API_HOST")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="its port", envvar="PREFECT_SERVER_API_PORT")] = 4200,
    home: Home = None,
    verbose: Annotated[bool, typer.Option("--verbose", help="show the logs of the runs")] = False,
) -> None:
    """Serve the deployments (daily, manual, backfill, review, reextract) until Ctrl-C.

    A Prefect server is started unless one answers, at PREFECT_API_URL or at the host and port.
    """
    from flows.serving.finding import Place, Server

    settings = _prepare(home, verbose=verbose)
    server = Server(settings.home, settings.docs_folder, Place(host, port))
    with _stoppable() as stopped:
        try:
            _serve(server, settings, stopped)
        finally:
            server.stop()
    print("stopped", flush=True)


def _prepare(home: "os.PathLike[str] | None", *, verbose: bool) -> "Settings":
    from flows.settings import make_home, prepare_environment, read_settings
    from models.database import open_database
    from tasks.sources import open_source

    settings = read_settings(home=home)
    make_home(settings)
    os.environ["TONGBI_HOME"] = str(settings.home)
    for source in settings.daily:
        open_source(source, settings.declarations)
    open_database(settings.database).dispose()
    prepare_environment(settings, verbose=verbose, finds_server=False)
    return settings


def _serve(server: "Server", settings: "Settings", stopped: threading.Event) -> None:
    """Keep a server and a runner going until told to stop; start again what has ended."""
    from flows.serving.children import stop

    failures: list[float] = []
    while not stopped.is_set():
        _have_server(server, settings)
        runner = _start_runner(settings)
        try:
            status = _watch(runner, server, stopped)
        finally:
            stop(runner, _RUNNER_SECONDS)
        if status is not None and not stopped.is_set():
            failures = [*(at for at in failures if at > time.monotonic() - _A_WHILE), time.monotonic()]
            _complain_of(status, failures, server)


def _have_server(server: "Server", settings: "Settings") -> None:
    if not server.api:
        print("starting (the first time on a machine takes a minute)", flush=True)
    if server.ensure():
        url = server.api.removesuffix("/api")
        os.environ["PREFECT_API_URL"] = server.api
        if server.is_own:
            os.environ.setdefault("TONGBI_DOCS_URL", f"{url}/data-docs/")
        whose = "" if server.is_own else " (a server that was there)"
        print(f"Prefect's pages: {url}{whose}", flush=True)


def _start_runner(settings: "Settings") -> "subprocess.Popen[bytes]":
    from flows.serving.children import start

    return start("flows.serving.runner", *settings.daily)


def _watch(runner: "subprocess.Popen[bytes]", server: "Server", stopped: threading.Event) -> int | None:
    """Wait until told to stop, the runner has ended or the server has gone; give the runner's exit status."""
    from flows.serving.finding import api_answers

    checked = time.monotonic()
    while not stopped.wait(_WATCH_SECONDS):
        if runner.poll() is not None:
            return runner.returncode
        if time.monotonic() - checked >= _CHECK_SECONDS:
            checked = time.monotonic()
            if not api_answers(server.api, seconds=_CHECK_SECONDS) and not api_answers(server.api):
                complain(f"Prefect's server at {server.api} has gone; going on with another")
                return None
    return None


def _complain_of(status: int, failures: list[float], server: "Server") -> None:
    from models.errors import PrefectError

    if len(failures) >= _MOST_FAILURES:
        fact = f"the runner ended {len(failures)} times, the last time with status {status}"
        raise PrefectError(fact, "run `tongbi serve --verbose` to see why, and report it")
    complain(f"the runner ended with status {status}; starting it again")


@contextmanager
def _stoppable() -> Iterator[threading.Event]:
    """Give an event that Ctrl-C and SIGTERM set."""
    stopped = threading.Event()

    def stop(_number: int, _frame: object) -> None:
        if not stopped.is_set():
            complain("stopping; a run in hand takes its batch back")
        stopped.set()

    if threading.current_thread() is not threading.main_thread():
        yield stopped
        return
    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stopped
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
