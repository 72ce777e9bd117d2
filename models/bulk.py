"""Many rows into one table by the fastest way that its database has: COPY on Postgres, executemany on SQLite."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any

from sqlalchemy import Connection, Table, insert

from models.records import Row

# How many rows are bound at once on SQLite; more only take more memory.
_CHUNK = 5_000


def insert_rows(connection: Connection, table: Table, rows: Iterable[Row]) -> int:
    """Insert rows, which all have the columns of the first, and give how many there were.

    The rows are drawn as they are written, so a generator of a million needs the memory of a few thousand. Checks,
    keys and triggers hold as for any insert: a row that they refuse stops it, as the driver says it.
    """
    remaining = iter(rows)
    first = next(remaining, None)
    if first is None:
        return 0
    every = chain([first], remaining)
    if connection.dialect.name == "postgresql":
        return _copy(connection, table, list(first), every)
    return sum(_execute(connection, table, chunk) for chunk in _chunks(every))


def _execute(connection: Connection, table: Table, chunk: list[Row]) -> int:
    connection.execute(insert(table), chunk)
    return len(chunk)


def _copy(connection: Connection, table: Table, names: list[str], rows: Iterable[Row]) -> int:
    dialect = connection.dialect
    written = [table.c[name].type.bind_processor(dialect) for name in names]
    quote = dialect.identifier_preparer.quote
    statement = f"COPY {quote(table.name)} ({', '.join(map(quote, names))}) FROM STDIN"
    driver: Any = connection.connection.driver_connection
    count = 0
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(
                [row[name] if write is None else write(row[name]) for name, write in zip(names, written, strict=True)]
            )
            count += 1
    return count


def _chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    remaining = iter(rows)
    while chunk := list(islice(remaining, _CHUNK)):
        yield chunk
