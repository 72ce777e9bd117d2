"""Whether a database is whole: its revision, its tables, its rows and what they point at."""

import warnings
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Engine, TextClause, inspect, text
from sqlmodel import SQLModel

from models.schema import refusal, state_of
from models.tables import all_tables
from models.troubles import plain_errors


def faults_of(engine: Engine) -> list[str]:
    """Give what is wrong with a database in words, nothing where it is whole; it is only read.

    It reads every page of a SQLite file, so it takes its time. Raises DatabaseError where the tables are not those
    of this tongbi, or the database cannot be read at all.
    """
    with plain_errors(engine), engine.begin() as connection:
        error = refusal(engine.url, state_of(connection))
        if error is not None:
            raise error
        return [*_damage(connection), *_drift(connection)]


def _damage(connection: Connection) -> Iterable[str]:
    """Name what a SQLite file itself finds wrong; Postgres looks after its own files."""
    if connection.dialect.name != "sqlite":
        return
    for row in connection.exec_driver_sql("PRAGMA integrity_check(20)"):
        if row[0] != "ok":
            yield f"damaged: {row[0]}"
    for row in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        yield f"row {row[1]} of {row[0]} points at no row of {row[2]}"


def _drift(connection: Connection) -> Iterable[str]:
    """Name what somebody has changed by hand: tables, columns, indexes and checks that are not as declared."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    ours = {table.name for table in all_tables()}
    sorted_by_expressions = expression_indexes()

    def is_ours(_thing: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
        if kind == "index":
            return name not in sorted_by_expressions
        return kind != "table" or name in ours

    options = {"compare_server_default": True, "include_object": is_ours}
    with warnings.catch_warnings():
        # SQLAlchemy reads no index of expressions back, and says so.
        warnings.simplefilter("ignore")
        differences = compare_metadata(MigrationContext.configure(connection, opts=options), SQLModel.metadata)
    yield from (f"not as declared: {difference}" for difference in differences)
    yield from (f"the index {name} is missing" for name in sorted(sorted_by_expressions - _indexes(connection)))
    there_are = set(inspect(connection).get_table_names())
    for table in (table for table in all_tables() if table.name in there_are):
        declared = {str(each.name) for each in table.constraints if str(each.name).startswith("ck_")}
        there = {str(each["name"]) for each in inspect(connection).get_check_constraints(table.name)}
        yield from (f"{table.name}: the check {name} is missing" for name in sorted(declared - there))


def expression_indexes() -> set[str]:
    """Give the names of the indexes that are not of plain columns: Alembic compares none of them."""
    return {
        str(index.name)
        for table in all_tables()
        for index in table.indexes
        if any(isinstance(each, TextClause) for each in index.expressions)
    }


def _indexes(connection: Connection) -> set[str]:
    on_file = connection.dialect.name == "sqlite"
    query = "SELECT name FROM sqlite_master WHERE type = 'index'" if on_file else "SELECT indexname FROM pg_indexes"
    return set(connection.scalars(text(query)))
