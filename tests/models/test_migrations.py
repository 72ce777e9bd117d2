"""The tables are made by the migrations, are those that the code declares, and older ones are brought up whole."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text
from sqlmodel import SQLModel

from models.checking import expression_indexes, faults_of
from models.connecting import connect
from models.database import open_database, reading, writing
from models.errors import DatabaseError
from models.schema import MIGRATIONS, head, upgrade
from models.tables import all_tables
from tests.databases import empty_database
from tests.models.making import read_as, rows, run

SCRIPTS = ScriptDirectory(str(MIGRATIONS))
REVISIONS = sorted(script.revision for script in SCRIPTS.walk_revisions())
BEFORE = Path(__file__).parent / "data" / "before_migrations.sql"
EXPRESSIONS = {"ix_article_published", "ix_figure_metric", "ix_figure_newest", "ix_figure_series"}
# Each table after those that its rows point at.
ORDER = (
    "metric entity raw_document raw_response batch expectation_result article_revision article figure number "
    "quarantine unreadable_document staged_article staged_figure staged_number"
).split()


def filled_at_first(url: str) -> Engine:
    """A database of revision 0001 with the rows of the file that was made before there were migrations."""
    engine = connect(url, 5.0)
    upgrade(engine, "0001")
    before = sqlite3.connect(":memory:")
    before.executescript(BEFORE.read_text(encoding="utf-8"))
    before.execute("PRAGMA foreign_keys = OFF")
    with writing(engine) as connection:
        for table in ORDER:
            copy_rows(before, connection, table)
    before.close()
    return engine


def copy_rows(before: sqlite3.Connection, connection: Connection, table: str) -> None:
    columns = [column[1] for column in before.execute(f"PRAGMA table_info({table})")]
    types = {c["name"]: c["type"].compile(connection.dialect) for c in inspect(connection).get_columns(table)}
    on_file = connection.dialect.name == "sqlite"
    values = ["?" if on_file else f"CAST(%s AS {types[name]})" for name in columns]
    names = ", ".join(f'"{name}"' for name in columns)
    for row in before.execute(f"SELECT * FROM {table}"):
        given = row if on_file else tuple(None if value is None else str(value) for value in row)
        connection.exec_driver_sql(f"INSERT INTO {table} ({names}) VALUES ({', '.join(values)})", given)
    if not on_file and columns[0] in ("id", "row_id") and types[columns[0]] == "INTEGER":
        last = f"coalesce((SELECT max({columns[0]}) FROM {table}), 0) + 1"
        connection.exec_driver_sql(f"SELECT setval(pg_get_serial_sequence('{table}', '{columns[0]}'), {last}, false)")


def contents(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    with reading(engine) as connection:
        names = [name for name in inspect(connection).get_table_names() if name != "alembic_version"]
        return {
            name: [dict(row) for row in connection.execute(text(f"SELECT * FROM {name} ORDER BY 1, 2")).mappings()]
            for name in names
        }


def test_the_revisions_are_one_line_and_named_by_their_numbers() -> None:
    assert SCRIPTS.get_heads() == [head()]
    assert [f"{number:04}" for number in range(1, len(REVISIONS) + 1)] == REVISIONS
    assert all(Path(script.path).name.startswith(f"{script.revision}_") for script in SCRIPTS.walk_revisions())


def test_a_new_database_has_what_the_code_declares(engine: Engine) -> None:
    assert faults_of(engine) == []


def test_the_checks_are_those_that_the_code_declares(
    engine: Engine, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Alembic compares no checks, so they are held against those of tables that SQLAlchemy makes."""
    with empty_database(engine.dialect.name, tmp_path, request) as url:
        declared = connect(url, 5.0)
        with writing(declared) as connection:
            SQLModel.metadata.create_all(connection, tables=all_tables())
        assert checks_of(engine) == checks_of(declared)
        declared.dispose()


def checks_of(engine: Engine) -> set[tuple[str, str, str]]:
    with reading(engine) as connection:
        return {
            (table.name, str(check["name"]), " ".join(check["sqltext"].split()))
            for table in all_tables()
            for check in inspect(connection).get_check_constraints(table.name)
        }


def test_the_indexes_are_those_that_the_code_declares(
    engine: Engine, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Alembic compares no indexes of expressions, so these too are held against those that SQLAlchemy makes."""
    with empty_database(engine.dialect.name, tmp_path, request) as url:
        declared = connect(url, 5.0)
        with writing(declared) as connection:
            SQLModel.metadata.create_all(connection, tables=all_tables())
        there = indexes_of(engine)
        assert there == indexes_of(declared)
        assert set(there) >= expression_indexes() == EXPRESSIONS
        declared.dispose()


def indexes_of(engine: Engine) -> dict[str, str]:
    on_file = engine.dialect.name == "sqlite"
    made = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    query = made if on_file else "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
    found = {str(name): " ".join(str(sql).split()) for name, sql in rows(engine, query)}
    return {name: sql for name, sql in found.items() if name != "alembic_version_pkc"}


@pytest.mark.parametrize("revision", REVISIONS)
def test_rows_of_each_revision_are_kept_by_an_upgrade(new_database_url: str, revision: str) -> None:
    engine = filled_at_first(new_database_url)
    first = contents(engine)
    upgrade(engine, revision)
    if revision != head():
        with pytest.raises(
            DatabaseError, match=rf"revision {revision}, this tongbi works with {head()}\nnext: run `ton"
        ):
            open_database(new_database_url)
    assert upgrade(engine) == (revision, head())
    after = contents(engine)
    for table, before in first.items():
        assert [{name: row[name] for name in old} for old, row in zip(before, after[table], strict=True)] == before
    assert sum(map(len, first.values())) == 36
    assert faults_of(engine) == []
    run(engine, [read_as("海峡重工营收655.58亿元，同比增长84.32%。", code="202204180009")])
    assert rows(engine, "SELECT count(*) FROM figure WHERE info_code = '202204180009'") == [(2,)]
    engine.dispose()


@pytest.fixture
def before_migrations(tmp_path: Path) -> Iterator[str]:
    """A file that a tongbi without migrations has made."""
    made = sqlite3.connect(tmp_path / "tongbi.db")
    made.executescript(BEFORE.read_text(encoding="utf-8"))
    made.close()
    return f"sqlite:///{tmp_path}/tongbi.db"


def test_a_file_of_before_the_migrations_is_refused_and_then_upgraded_in_place(before_migrations: str) -> None:
    with pytest.raises(DatabaseError, match=r"has tables of revision 0001.*\nnext: run `tongbi db upgrade`"):
        open_database(before_migrations)
    engine = connect(before_migrations, 5.0)
    before = contents(engine)
    assert upgrade(engine) == ("0001", head())
    assert rows(engine, "SELECT count(*) FROM figure WHERE known_to IS NULL") == [(4,)]
    assert {name: len(found) for name, found in contents(engine).items() if name in before} == {
        name: len(found) for name, found in before.items()
    }
    assert faults_of(open_database(before_migrations)) == []


def test_an_older_tongbi_does_not_take_an_upgraded_file_for_its_own(before_migrations: str) -> None:
    engine = connect(before_migrations, 5.0)
    upgrade(engine)
    assert rows(engine, "PRAGMA user_version") != [(2,)]


@pytest.mark.parametrize(
    ("version", "said"),
    [
        (1, r"has tables of version 1, which nothing upgrades any more\nnext: move it away"),
        (99, r"has tables of version 99, which this tongbi does not know\nnext: use the tongbi that made it"),
    ],
)
def test_a_file_of_a_version_that_is_not_known(before_migrations: str, version: int, said: str) -> None:
    with writing(connect(before_migrations, 1.0)) as connection:
        connection.exec_driver_sql(f"PRAGMA user_version = {version}")
    for opening in (open_database, lambda url: upgrade(connect(url, 1.0))):
        with pytest.raises(DatabaseError, match=said):
            opening(before_migrations)


def test_a_newer_database_is_refused_and_not_touched(database_url: str) -> None:
    with writing(open_database(database_url)) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for opening in (open_database, lambda url: upgrade(connect(url, 1.0))):
        with pytest.raises(DatabaseError, match=r"has tables of revision 9999, .*\nnext: use the tongbi that made it"):
            opening(database_url)


def test_an_upgrade_that_fails_leaves_the_database_as_it_was(
    before_migrations: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError("the power is gone")

    engine = connect(before_migrations, 5.0)
    made = rows(engine, "SELECT type, name, sql FROM sqlite_master")
    monkeypatch.setattr("models.schema._check_keys", fail)
    with pytest.raises(OSError, match="the power is gone"):
        upgrade(engine)
    assert rows(engine, "SELECT type, name, sql FROM sqlite_master") == made
    assert rows(engine, "PRAGMA user_version") == [(2,)]


def test_what_somebody_changed_by_hand_is_found(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.exec_driver_sql("DROP INDEX ix_article_text")
    (fault,) = faults_of(engine)
    assert fault.startswith("not as declared: ('add_index', Index('ix_article_text'")
    with writing(engine) as connection:
        connection.exec_driver_sql("CREATE INDEX ix_article_text ON article (text_sha256)")
