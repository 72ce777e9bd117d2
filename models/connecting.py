"""Engines on SQLite files and Postgres databases that behave alike: one writer, and readers who see one state.

On SQLite: WAL mode, foreign keys on, `BEGIN IMMEDIATE` for who writes. On Postgres a writer holds an advisory
lock of its transaction, which Postgres releases when its holder dies, and a reader has one snapshot throughout.
Revisions are numbered, rows superseded and counts taken by reading before writing, so writers take turns on
both; each turn is one chunk or one set-based publication.
"""

import json
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, exc, make_url

from models.errors import DatabaseError
from models.reading_hashes import AGGREGATE, ReadingHash

_SHAPE = "give it as sqlite:///folder/tongbi.db or postgresql://user@host/database in TONGBI_DATABASE_URL"
# Any number that nobody else uses: the writers of one Postgres database wait for each other on it.
WRITERS_LOCK = 0x746F6E676269
_CONNECT_SECONDS = 10
# SQLite's own 2 MB make a publication of many rows write the same pages again and again; Postgres' 4 MB make it
# sort them on disk.
_CACHE_KIB = 64 * 1024


def connect(url: str, busy_seconds: float) -> Engine:
    """Give an engine on the database of a URL, whose file or server is not asked yet; the folder of a file is made.

    `connect("postgresql://me@localhost/news", 30.0)`; `postgres://…` and `postgresql+psycopg://…` say the same.
    Who writes is waited for `busy_seconds` long. Raises DatabaseError where the URL names neither a SQLite file
    nor a Postgres database.
    """
    parsed = _parse(url)
    if parsed.get_backend_name() == "sqlite":
        _make_folder(_file_of(parsed, url))
        return _sqlite(parsed, busy_seconds)
    return _postgres(parsed, busy_seconds)


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except exc.ArgumentError as error:
        raise DatabaseError(f"no database URL: {url!r}", _SHAPE) from error
    if parsed.drivername in ("postgres", "postgresql", "postgresql+psycopg"):
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in ("sqlite", "sqlite+pysqlite"):
        raise DatabaseError(f"neither SQLite nor Postgres: {parsed.render_as_string()}", _SHAPE)
    return parsed


def _file_of(parsed: URL, url: str) -> Path:
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


def _sqlite(url: URL, busy_seconds: float) -> Engine:
    engine = create_engine(url, json_serializer=_json, connect_args={"timeout": busy_seconds})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    event.listen(engine, "invalidate", _roll_back)
    return engine


def _postgres(url: URL, busy_seconds: float) -> Engine:
    arguments = {"connect_timeout": _CONNECT_SECONDS, "application_name": "tongbi"} | dict(url.query)
    engine = create_engine(url, json_serializer=_json, connect_args=arguments)

    def prepare(connection: Any, _record: Any) -> None:
        connection.autocommit = True
        # Compiling a query costs more than running one of ours.
        connection.execute(f"SET lock_timeout = {int(busy_seconds * 1000)}")
        connection.execute(f"SET timezone = 'UTC'; SET jit = off; SET work_mem = '{_CACHE_KIB}kB'")
        connection.autocommit = False

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", _begin_postgres)
    return engine


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # Transactions begin where `_begin_sqlite` says so, and not where the driver guesses.
    connection.isolation_level = None
    for pragma in ("foreign_keys = ON", "journal_mode = WAL", f"cache_size = -{_CACHE_KIB}"):
        connection.execute(f"PRAGMA {pragma}")
    connection.create_aggregate(AGGREGATE, 1, ReadingHash)


def _roll_back(connection: Any, _record: Any, _error: BaseException | None) -> None:
    # A signal in the middle of a statement makes SQLAlchemy close the connection; SQLite keeps the write lock of a
    # closed one as long as anybody knows the statement, and then nothing could be put in order before the end.
    with suppress(sqlite3.Error):
        connection.rollback()


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("migrates"):
        # A table that is made anew is dropped in between, which must neither cascade nor be refused.
        for pragma in ("foreign_keys = OFF", "legacy_alter_table = ON"):
            connection.exec_driver_sql(f"PRAGMA {pragma}")
    # A reader that turns writer half-way can fail at once, whatever the time-out; a writer says so at the start.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writes") else "BEGIN")


def _begin_postgres(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("is_lock"):
        return
    if options.get("writes"):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITERS_LOCK})")
    else:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
