"""How a flow ends where something is wrong: one line that a reader of Prefect's pages can act on."""

import logging
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, ParamSpec

from prefect import get_run_logger
from prefect.client.schemas.objects import State
from prefect.states import Failed

from flows.summary import Summary
from models.errors import TongbiError
from tasks.logs import line

_P = ParamSpec("_P")
Log = logging.Logger | logging.LoggerAdapter[Any]


def plainly(body: Callable[_P, State[Any]]) -> Callable[_P, State[Any]]:
    """Give the function of a flow that ends Failed in one line where something stops it that a user can act on."""

    @wraps(body)
    def told(*args: _P.args, **more: _P.kwargs) -> State[Any]:
        try:
            return body(*args, **more)
        except TongbiError as error:
            return could_not(error)

    return told


def could_not(error: TongbiError) -> State[Any]:
    """Give the Failed state of a run that could not go on; it holds the error, and shows no traceback."""
    words = one_line(error)
    get_run_logger().error(words)
    return Failed(message=words, data=error)


def one_line(error: TongbiError) -> str:
    """Give an error with its next step in one line.

    >>> one_line(TongbiError("no such folder: posts", "check the path"))
    'no such folder: posts; next: check the path'
    """
    return "; next: ".join(part for part in (error.what, error.next_step) if part)


def log_documents(log: Log, summary: Summary) -> None:
    """Write one line for each document that could not be read, or has no date of its own, and why."""
    batch = summary.report.batch_id
    _log_names(log, batch, "unreadable", ((each.location, each.error) for each in summary.unreadable))
    _log_names(log, batch, "undated", ((place, f"dated by its {origin}") for place, origin in summary.undated))


def _log_names(log: Log, batch: int, event: str, named: Iterable[tuple[str, str]]) -> None:
    for location, why in named:
        log.warning(line(event, batch=batch, document=location, why=why))
