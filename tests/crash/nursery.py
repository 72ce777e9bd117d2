"""`python -m tests.crash.nursery`: imports once, then forks a child for each ingest that is to be killed.

One request a line, a list of jobs that run at once; one answer a line, the outcome of each. A child is killed by
SIGKILL: by itself at a step or after a statement, or from here after some time. This process never runs polars or a
database itself, so that a fork of it has no threads to miss.
"""

import json
import logging
import os
import signal
import sys
import time
import traceback
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

import expectations
from tasks.engine import read_text
from tests.crash.ingesting import ingest
from tests.crash.known_audits import KnownAudits
from tests.flows.posts import CLEAN

_SLICE = 0.002
_TOO_LONG = 180.0
Job = dict[str, Any]


def main() -> None:
    """Answer requests until there are no more."""
    import great_expectations  # noqa: F401
    import obstore.store  # noqa: F401
    import psycopg  # noqa: F401

    import expectations.suites  # noqa: F401

    logging.disable(logging.WARNING)
    read_text(CLEAN, date(2022, 4, 18))
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        print(json.dumps(_run_all(json.loads(line))), flush=True)


def _run_all(jobs: list[Job]) -> list[Job]:
    children = [(_fork(job), job) for job in jobs]
    return [_awaited(child, job) for child, job in children]


def _fork(job: Job) -> tuple[int, int]:
    """Start a child; give its process and the pipe on which it tells how it ended."""
    told, tell = os.pipe()
    child = os.fork()
    if child:
        os.close(tell)
        return child, told
    os.close(told)
    status = 1
    try:
        os.write(tell, json.dumps(_work(job)).encode())
        status = 0
    except BaseException:
        os.write(tell, json.dumps({"error": traceback.format_exc()}).encode())
    finally:
        os._exit(status)


def _work(job: Job) -> Job:
    """Ingest, and die where the job says so."""
    statements = 0

    def after(*_: object) -> None:
        nonlocal statements
        statements += 1
        if statements == job.get("statement"):
            os.kill(os.getpid(), signal.SIGKILL)

    def step(name: str) -> None:
        if name == job.get("step"):
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "after_cursor_execute", after)
    event.listen(Engine, "commit", after)
    audit = KnownAudits(Path(job["audits"])) if "audits" in job else expectations.audit
    message = ingest(job["url"], Path(job["home"]), Path(job["posts"]), step, audit)
    return {"message": message, "statements": statements}


def _awaited(child: tuple[int, int], job: Job) -> Job:
    process, told = child
    began = time.monotonic()
    limit = job.get("seconds") or _TOO_LONG
    while (ended := os.waitpid(process, os.WNOHANG))[0] == 0:
        if time.monotonic() - began >= limit:
            os.kill(process, signal.SIGKILL)
            ended = os.waitpid(process, 0)
            break
        time.sleep(_SLICE)
    with os.fdopen(told, "rb") as answer:
        said = answer.read()
    outcome = json.loads(said) if said else {}
    return outcome | {"killed": os.WIFSIGNALED(ended[1]), "took": time.monotonic() - began}


if __name__ == "__main__":
    main()
