"""Many rows into one table by the fastest way that its database has: COPY on Postgres, executemany on SQLite."""

from collections.abc import Iterable
from itertools import chain, islice
from typing import Any

from sqlalchemy import Connection, Table, exc

from models.records import Row

# How many rows are bound at once on SQLite; more only take more memory.
_CHUNK = 5_000


def insert_rows(connection: Connection, table: Table, rows: Iterable[Row]) -> int:
    """Insert rows, which all have the columns of the first, and give how many there were; others get their default.

    The rows are drawn as they are written, so a generator of a million needs the memory of a few thousand. Checks,
    keys and triggers hold as for any insert: a row that they refuse stops it, with the same error.
    """
    remaining = iter(rows)
    first = next(remaining, None)
    if first is None:
        return 0
    every = chain([first], remaining)
    insert_all = _copy if connection.dialect.name == "postgresql" else _execute
    return insert_all(connection, table, list(first), every)


def _execute(connection: Connection, table: Table, names: list[str], rows: Iterable[Row]) -> int:
    """Bind the values here: what SQLAlchemy does for each row of an `executemany` takes longer than SQLite itself."""
    written = _written(connection, table, names)
    statement = f"INSERT INTO {_target(connection, table, names)} VALUES ({', '.join('?' * len(names))})"
    values = (tuple(row[name] if write is None else write(row[name]) for name, write in written) for row in rows)
    count = 0
    while chunk := list(islice(values, _CHUNK)):
        connection.exec_driver_sql(statement, chunk)
        count += len(chunk)
    return count


def _copy(connection: Connection, table: Table, names: list[str], rows: Iterable[Row]) -> int:
    written = _written(connection, table, names)
    statement = f"COPY {_target(connection, table, names)} FROM STDIN"
    driver: Any = connection.connection.driver_connection
    failed: Any = connection.dialect.loaded_dbapi.Error
    count = 0
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row([row[name] if write is None else write(row[name]) for name, write in written])
                count += 1
    except failed as error:
        # As SQLAlchemy tells what a statement of its own runs into.
        raise exc.DBAPIError.instance(statement, None, error, failed, dialect=connection.dialect) from error
    return count


def _target(connection: Connection, table: Table, names: list[str]) -> str:
    quote = connection.dialect.identifier_preparer.quote
    return f"{quote(table.name)} ({', '.join(map(quote, names))})"


def _written(connection: Connection, table: Table, names: Iterable[str]) -> list[tuple[str, Any]]:
    """Give each column with what makes its values those of the driver, None where they are."""
    dialect = connection.dialect
    return [(name, table.c[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in names]
