"""A process that ends with the one that started it, however that one ends."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO

_LAST_SECONDS = 40.0


def start(module: str, *arguments: str, log: Path | None = None) -> "subprocess.Popen[bytes]":
    """Start `python -m MODULE ARGUMENTS` in a session of its own, away from the terminal's Ctrl-C.

    What it says goes to the file `log`, or where our own words go. Its standard input is a pipe that nobody writes
    to: it closes when we end.
    """
    command = [sys.executable, "-m", module, *arguments]
    with _opened(log) as out:
        return subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=out, stderr=out, start_new_session=True, env=_environment()
        )


def stop(process: "subprocess.Popen[bytes]", seconds: float) -> None:
    """Ask a process to end, and end it where it has not after so many seconds."""
    if process.poll() is None:
        process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(seconds)
    if process.poll() is None:
        process.kill()
        process.wait()
    if process.stdin:
        process.stdin.close()


def end_with_parent() -> None:
    """Ask this process to end when the one that started it has ended; called once, by the process started."""
    threading.Thread(target=_watch, name="parent", daemon=True).start()


def _watch() -> None:
    # Not sys.stdin: its lock would be held when Python ends.
    while os.read(0, 1_024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    late = threading.Timer(_LAST_SECONDS, os._exit, (1,))
    late.daemon = True
    late.start()


def _opened(log: Path | None) -> contextlib.AbstractContextManager[IO[bytes] | None]:
    return contextlib.nullcontext(None) if log is None else log.open("wb")


def _environment() -> dict[str, str]:
    # What runs is this tongbi, from whatever folder.
    project = str(Path(__file__).resolve().parents[2])
    paths = [project, *filter(None, [os.environ.get("PYTHONPATH")])]
    return os.environ | {"PYTHONPATH": os.pathsep.join(paths)}
