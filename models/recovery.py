"""What runs that were killed have left: batches that are half staged, staged, or audited and not published.

A batch goes through these states, and can be left in each:
- not started: there is no row of it, and nothing to do;
- being staged: its rows are removed, for not all that was read is there; its documents are kept;
- wholly staged, or audited: it is audited (again) and published by who comes next, as its own run would have;
- published or refused: it has ended.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, select, update

from models.database import reading, writing
from models.errors import LockedError
from models.locks import RunLock, Window, is_free, locked
from models.revisions import drop_staged
from models.tables import BatchRow, table_of
from models.vocabulary import BatchState

_BATCHES = table_of(BatchRow)
_WAITING = (BatchState.STAGED.value, BatchState.AUDITED.value)


@dataclass(frozen=True, slots=True)
class Left:
    """A batch that its run has left wholly staged; `documents` and `unreadable` are what that run has counted."""

    batch_id: int
    window: Window
    documents: int
    unreadable: int


def recover(engine: Engine, engine_version: str, finish: Callable[[Left], None], *, ours: RunLock) -> list[str]:
    """End every batch whose run has died, and say of each in words what became of it.

    `finish` audits and publishes one that is wholly staged. A batch whose days another living run works on is let
    be; `ours` is the lock of the run that calls. What an older engine has read is not finished, for the days are to
    be read anew. Raises DatabaseError, and what `finish` raises.
    """
    with reading(engine) as connection:
        query = select(_BATCHES).where(_BATCHES.c.state.in_(_WAITING)).order_by(_BATCHES.c.id)
        waiting = connection.execute(query).all()
    return [words for batch in waiting if (words := _recover_one(engine, engine_version, finish, batch, ours))]


def _recover_one(
    engine: Engine, engine_version: str, finish: Callable[[Left], None], batch: Any, ours: RunLock
) -> str | None:
    window = Window(batch.source, batch.since, batch.until)
    if window.overlaps(ours.window):
        if not is_free(engine, window, ours=ours):
            return None
        return _end(engine, engine_version, finish, batch, window)
    try:
        with locked(engine, window):
            return _end(engine, engine_version, finish, batch, window)
    except LockedError:
        return None


def _end(engine: Engine, engine_version: str, finish: Callable[[Left], None], batch: Any, window: Window) -> str | None:
    with reading(engine) as connection:
        now = connection.execute(select(_BATCHES).where(_BATCHES.c.id == batch.id)).one()
    if now.state not in _WAITING:  # its run has ended meanwhile
        return None
    if not now.is_staged:
        return _give_up(engine, batch.id, f"batch {batch.id} of {window.words} was interrupted while it was staged")
    if now.engine_version != engine_version:
        return _give_up(engine, batch.id, f"batch {batch.id} of {window.words} was interrupted; its engine is older")
    finish(Left(batch.id, window, now.documents, now.unreadable))
    return f"batch {batch.id} of {window.words} was interrupted after it was staged; it is finished now"


def _give_up(engine: Engine, batch_id: int, words: str) -> str:
    """Remove the rows of a batch; the documents that they were read from are kept."""
    with writing(engine) as connection:
        drop_staged(connection, batch_id)
        refused = {"state": BatchState.REFUSED.value, "message": words}
        connection.execute(update(_BATCHES).where(_BATCHES.c.id == batch_id).values(refused))
    return f"{words}; what it staged is removed, its documents are kept"
