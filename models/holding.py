"""Who holds a name: a lock that ends with its process, however that ends.

On SQLite, where all processes share one machine, it is a lock on a file beside the database; on PostgreSQL an
advisory lock of a connection that does nothing else. Neither needs a clock: what a dead process held is free.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Engine, exc, text

from models.errors import DatabaseError

# After a minute of silence the server takes a connection over TCP for lost, and frees what it held.
_KEEPALIVE = ("tcp_keepalives_idle = 30", "tcp_keepalives_interval = 10", "tcp_keepalives_count = 3")


@contextmanager
def holding(engine: Engine, name: str) -> Iterator[bool]:
    """Hold a name for the time of the block; give False, and hold nothing, where another process or thread does.

    `with holding(engine, "partition 7") as is_mine:`. Raises DatabaseError where no lock can be had at all.
    """
    held = _file_lock(engine, name) if engine.dialect.name == "sqlite" else _advisory_lock(engine, name)
    with held as is_mine:
        yield is_mine


@contextmanager
def _file_lock(engine: Engine, name: str) -> Iterator[bool]:
    path = Path(f"{engine.url.database}.locks") / hashlib.sha256(name.encode()).hexdigest()[:32]
    try:
        path.parent.mkdir(exist_ok=True)
        file = _locked(path)
    except OSError as error:
        fact = f"cannot lock {path}: {error.strerror}"
        raise DatabaseError(fact, "put the database where files can be locked") from error
    if file is None:
        yield False
        return
    try:
        yield True
    finally:
        # The name goes before the lock does: who opens the file meanwhile sees that it has none any more.
        path.unlink(missing_ok=True)
        os.close(file)


def _locked(path: Path) -> int | None:
    """Give the open file with our lock on it, None where another has it."""
    while True:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return None
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(file), path.stat()):
                return file
        os.close(file)


@contextmanager
def _advisory_lock(engine: Engine, name: str) -> Iterator[bool]:
    key = {"key": int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)}
    try:
        connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    except exc.DBAPIError as error:
        raise _failed(error) from error
    try:
        try:
            for setting in _KEEPALIVE:
                connection.exec_driver_sql(f"SET {setting}")
            is_mine = bool(connection.execute(text("SELECT pg_try_advisory_lock(:key)"), key).scalar_one())
        except exc.DBAPIError as error:
            raise _failed(error) from error
        yield is_mine
    finally:
        # The lock ends with its session, which therefore never goes back into the pool.
        connection.invalidate()
        connection.close()


def _failed(error: exc.DBAPIError) -> DatabaseError:
    fact = f"the database gives no lock: {' '.join(str(error.orig).split())}"
    return DatabaseError(fact, "check that it runs and allows as many connections as there are workers, twice")
