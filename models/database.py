"""The database: opened, made where it is missing, and every trouble with it said in a line or two.

SQLite for now: in WAL mode, with foreign keys on, and waiting a while for a lock.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, exc, make_url
from sqlmodel import SQLModel

from models import tables
from models.errors import DatabaseError

# Raised with every change of the tables; kept in the file as `PRAGMA user_version`.
SCHEMA_VERSION = 2

_SHAPE = "give it as sqlite:///folder/tongbi.db in TONGBI_DATABASE_URL"
# What SQLite says (a part of it) → what that means here, and what to do.
_TROUBLES = (
    ("database is locked", "is locked by another process", "wait until it ends, or end it, then run again"),
    ("file is not a database", "is no SQLite database", "name another file, or move this one away"),
    ("malformed", "is corrupt", "restore a copy, or move it away and run again: the sources are read anew"),
    ("readonly database", "cannot be written", "make the file and its folder writable"),
    ("unable to open", "cannot be opened", "make the file and its folder readable and writable"),
    ("disk is full", "cannot grow: the disk is full", "free some space, then run again"),
)


def open_database(url: str, *, busy_seconds: float = 30.0) -> Engine:
    """Give an engine on the database of a URL; its folder, file and tables are made where they are missing.

    `open_database("sqlite:///.tongbi/tongbi.db")`. Another process that writes is waited for `busy_seconds`
    long. Raises DatabaseError where the URL names no SQLite file, or the file is locked, corrupt, out of
    reach, no database, or of another version.
    """
    path = _file_of(url)
    _make_folder(path)
    engine = _connected(url, busy_seconds)
    try:
        _ensure_schema(engine, path)
    except DatabaseError:
        engine.dispose()
        raise
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Give a connection that sees one state of the database throughout.

    Raises DatabaseError where the database fails.
    """
    with _plain_errors(engine), engine.begin() as connection:
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Give a connection that holds the write lock: all that is written is kept, or on an error nothing.

    Raises DatabaseError where the database fails, is locked too long or refuses a row.
    """
    with _plain_errors(engine), engine.execution_options(writes=True).begin() as connection:
        yield connection


def _file_of(url: str) -> Path:
    try:
        parsed = make_url(url)
    except exc.ArgumentError as error:
        raise DatabaseError(f"no database URL: {url!r}", _SHAPE) from error
    if parsed.get_backend_name() != "sqlite":
        raise DatabaseError(f"no SQLite database: {parsed.render_as_string()}", _SHAPE)
    if parsed.database in (None, "", ":memory:"):
        # Each thread would see a memory of its own.
        raise DatabaseError(f"no file in the database URL {url!r}", _SHAPE)
    return Path(str(parsed.database))


def _make_folder(path: Path) -> None:
    if path.is_dir():
        raise DatabaseError(f"the database {path} is a folder", "name a file in it, such as tongbi.db")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or "unknown error"
        raise DatabaseError(
            f"the folder {path.parent} of the database cannot be made: {reason}",
            "set TONGBI_HOME or TONGBI_DATABASE_URL to a place that can be written",
        ) from error


def _connected(url: str, busy_seconds: float) -> Engine:
    engine = create_engine(url, json_serializer=_json, connect_args={"timeout": busy_seconds})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _prepare(connection: Any, _record: Any) -> None:
    # Transactions begin where `_begin` says so, and not where the driver guesses.
    connection.isolation_level = None
    for pragma in ("foreign_keys = ON", "journal_mode = WAL"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    # A reader that turns writer half-way can fail at once, whatever the time-out; a writer says so at the
    # start.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _ensure_schema(engine: Engine, path: Path) -> None:
    with reading(engine) as connection:
        version, is_empty = _version(connection), _is_empty(connection)
    if version == 0 and is_empty:
        _create_schema(engine)
    elif version == 0:
        raise DatabaseError(f"the database {path} belongs to another program", "name another file")
    elif version != SCHEMA_VERSION:
        raise DatabaseError(
            f"the database {path} has tables of version {version}, this tongbi uses version {SCHEMA_VERSION}",
            "use the tongbi that made it, or name another file",
        )


def _create_schema(engine: Engine) -> None:
    with writing(engine) as connection:
        if not _is_empty(connection):  # another process was faster
            return
        SQLModel.metadata.create_all(connection, tables=tables.all_tables())
        connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _version(connection: Connection) -> int:
    return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())


def _is_empty(connection: Connection) -> bool:
    return not connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one()


@contextmanager
def _plain_errors(engine: Engine) -> Iterator[None]:
    try:
        yield
    except exc.IntegrityError as error:
        raise DatabaseError(
            f"the database {_name(engine.url)} refuses a row: {_one_line(error)}",
            "nothing of this step was written; the audit should have caught the row, so please report it",
        ) from error
    except exc.DBAPIError as error:
        raise _in_plain_words(engine.url, error) from error


def _in_plain_words(url: URL, error: exc.DBAPIError) -> DatabaseError:
    said = _one_line(error)
    for sign, meaning, next_step in _TROUBLES:
        if sign in said:
            return DatabaseError(f"the database {_name(url)} {meaning}", next_step)
    return DatabaseError(f"the database {_name(url)} failed: {said}", "nothing of this step was written")


def _one_line(error: exc.DBAPIError) -> str:
    return " ".join(str(error.orig).split())


def _name(url: URL) -> str:
    return url.database or url.render_as_string()
