"""The database, SQLite or Postgres: opened, made where it is missing, read and written in transactions."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine

from models.connecting import connect
from models.schema import State, created, refusal, state_of
from models.troubles import plain_errors


def open_database(url: str, *, busy_seconds: float = 30.0) -> Engine:
    """Give an engine on the database of a URL; an empty database gets its tables, also a file that is not there.

    `open_database("sqlite:///.tongbi/tongbi.db")`, `open_database("postgresql://me@localhost/news")`. Another
    process that writes is waited for `busy_seconds` long. Raises DatabaseError where the URL names neither a
    SQLite file nor a Postgres database, where it is locked, corrupt, out of reach or another program's, and where
    its tables are older (`tongbi db upgrade` brings them up) or newer than this tongbi's.
    """
    engine = connect(url, busy_seconds)
    try:
        with reading(engine) as connection:
            state = state_of(connection)
        if state.is_empty:
            with writing(engine) as connection:
                state = created(connection)
        _refuse_unless_current(engine, state)
    except BaseException:
        engine.dispose()
        raise
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Give a connection that sees one state of the database throughout, and cannot write.

    Raises DatabaseError where the database fails.
    """
    with plain_errors(engine), engine.begin() as connection:
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Give a connection that holds the write lock: all that is written is kept, or on an error nothing.

    Raises DatabaseError where the database fails, is locked too long or refuses a row.
    """
    with plain_errors(engine), engine.execution_options(writes=True).begin() as connection:
        yield connection


def _refuse_unless_current(engine: Engine, state: State) -> None:
    error = refusal(engine.url, state)
    if error is not None:
        raise error
