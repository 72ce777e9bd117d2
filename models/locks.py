"""The lock of a run: one run at a time over the same days of a source, whatever process or machine it is on.

A row of `run_lock` names the run, and a lock that only its living holder has says that the row counts: on Postgres
an advisory lock of a session of its own, on SQLite an exclusive transaction on a small file beside the database.
Both end with their holder, however it dies, so nothing has to be cleared by hand: who comes next removes the row.
SQLite has no lock with a name, and an open transaction in the database itself would keep all others from writing.

Runs over different days of one source, or over different sources, do not wait for each other: they may stage and
publish at once, from threads, processes or machines. Each holds the lock of its own days, from before it stages
until its batch has ended.
"""

import os
import platform
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Connection, Engine, and_, delete, insert, or_, select

from models.database import writing
from models.errors import DatabaseError, LockedError
from models.tables import RunLockRow, table_of
from models.troubles import plain_errors

_LOCKS = table_of(RunLockRow)
# The first half of the keys of our advisory locks; the second is the row's id.
_KIND = 0x746F6E67
_PAUSE = 0.2


@dataclass(frozen=True, slots=True)
class Window:
    """The days of a source that a run works on, both included; None is without end.

    >>> Window("feed", None, date(2022, 4, 18)).words
    'feed until 2022-04-18'
    """

    source: str
    since: date | None = None
    until: date | None = None

    @property
    def words(self) -> str:
        """Give the source and its days in words."""
        since = f" from {self.since}" if self.since else ""
        return f"{self.source}{since}" + (f" until {self.until}" if self.until else "")

    def overlaps(self, other: "Window") -> bool:
        """Tell whether some day of some source is in both."""
        ends = (self.since, other.until), (other.since, self.until)
        return self.source == other.source and all(not (a and b) or a <= b for a, b in ends)


@dataclass(frozen=True, slots=True)
class RunLock:
    """A lock that is held: its row and the days that it is over."""

    id: int
    window: Window


class _Held(Protocol):
    """What a living holder has in its hands."""

    def release(self) -> None: ...


@contextmanager
def locked(engine: Engine, window: Window, *, wait_seconds: float = 0) -> Iterator[RunLock]:
    """Hold the lock of some days of a source for as long as the block runs.

    `with locked(engine, Window("feed", day, day), wait_seconds=30): …`. A run over any of these days is waited for
    so long. Raises LockedError where it is still under way then, and DatabaseError where the database fails.
    """
    row_id, held = _acquire(engine, window, time.monotonic() + wait_seconds)
    try:
        yield RunLock(row_id, window)
    finally:
        _release(engine, row_id, held)


def is_free(engine: Engine, window: Window, *, ours: RunLock | None = None) -> bool:
    """Tell whether no living run but `ours` works on any of these days. Raises DatabaseError."""
    with writing(engine) as connection:
        rows = _living(connection, engine, window)
    return all(ours is not None and row.id == ours.id for row in rows)


def _acquire(engine: Engine, window: Window, until: float) -> tuple[int, _Held]:
    while True:
        with writing(engine) as connection:
            others = _living(connection, engine, window)
            if not others:
                return _enter(connection, engine, window)
        if time.monotonic() >= until:
            raise _refusal(window, others[0])
        time.sleep(_PAUSE)


def _enter(connection: Connection, engine: Engine, window: Window) -> tuple[int, _Held]:
    """Write the row, and have its lock before anybody else can see it."""
    row = {"source": window.source, "since": window.since, "until": window.until}
    row |= {"holder": _whoami(), "started_at": datetime.now(UTC)}
    row_id = int(connection.execute(insert(_LOCKS).returning(_LOCKS.c.id), row).scalar_one())
    held = _take(engine, row_id)
    if held is None:
        raise DatabaseError(f"the lock {row_id} of a new run is taken already", "run again")
    return row_id, held


def _release(engine: Engine, row_id: int, held: _Held) -> None:
    """Remove the row, and end the lock before anybody else can be given the same id."""
    try:
        with writing(engine) as connection:
            connection.execute(delete(_LOCKS).where(_LOCKS.c.id == row_id))
            held.release()
    except DatabaseError:
        # The database is gone, and what stopped the run says so; a row without a holder locks nobody.
        held.release()


def _living(connection: Connection, engine: Engine, window: Window) -> list[Any]:
    """Give the overlapping runs that are under way, and remove those whose holder has died."""
    living = []
    for row in connection.execute(select(_LOCKS).where(_overlapping(window)).order_by(_LOCKS.c.id)).all():
        held = _take(engine, row.id)
        if held is None:
            living.append(row)
            continue
        connection.execute(delete(_LOCKS).where(_LOCKS.c.id == row.id))
        held.release()
    return living


def _overlapping(window: Window) -> ColumnElement[bool]:
    conditions = [_LOCKS.c.source == window.source]
    if window.until is not None:
        conditions.append(or_(_LOCKS.c.since.is_(None), _LOCKS.c.since <= window.until))
    if window.since is not None:
        conditions.append(or_(_LOCKS.c.until.is_(None), _LOCKS.c.until >= window.since))
    return and_(*conditions)


def _take(engine: Engine, row_id: int) -> _Held | None:
    """Take the lock of a row, None where a living holder has it."""
    if engine.dialect.name == "sqlite":
        return _FileLock.take(Path(f"{engine.url.database}-run-{row_id}"))
    return _SessionLock.take(engine, row_id)


@dataclass(frozen=True, slots=True)
class _FileLock:
    """An exclusive transaction on a file of its own; the operating system ends it with its process."""

    path: Path
    connection: sqlite3.Connection

    @classmethod
    def take(cls, path: Path) -> "_FileLock | None":
        connection = None
        try:
            # Another thread may release what this one has taken.
            connection = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if connection is not None:
                connection.close()
            if "locked" in str(error):
                return None
            raise DatabaseError(
                f"the lock {path} cannot be made: {error}", "make the folder of the database writable"
            ) from error
        return cls(path, connection)

    def release(self) -> None:
        self.path.unlink(missing_ok=True)
        self.connection.close()


@dataclass(frozen=True, slots=True)
class _SessionLock:
    """An advisory lock of a session of its own; the server ends it with its connection."""

    connection: Any

    @classmethod
    def take(cls, engine: Engine, row_id: int) -> "_SessionLock | None":
        with plain_errors(engine):
            connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT", is_lock=True)
            taken = connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({_KIND}, {row_id})").scalar_one()
        if taken:
            return cls(connection)
        connection.close()
        return None

    def release(self) -> None:
        # The connection is closed, not given back: its lock must not live on in the pool.
        self.connection.invalidate()
        self.connection.close()


def _window(row: Any) -> Window:
    return Window(row.source, row.since, row.until)


def _whoami() -> str:
    return f"process {os.getpid()} on {platform.node()}"


def _refusal(window: Window, row: Any) -> LockedError:
    since = row.started_at.astimezone().strftime("%H:%M:%S")
    return LockedError(
        f"another run works on {_window(row).words} since {since}: {row.holder}",
        f"wait until it ends, or end it; then run {window.words} again",
    )
