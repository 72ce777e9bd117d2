"""`tongbi db`: what it says of databases that are current, older, newer, damaged or not there."""

import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from flows.cli import app
from models.database import open_database, writing
from models.schema import head
from tests.flows.posts import CLEAN, write_post

BEFORE = Path(__file__).parents[1] / "models" / "data" / "before_migrations.sql"


def invoke(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def older(home: Path) -> Path:
    """A home with a database of before there were migrations."""
    home.mkdir()
    made = sqlite3.connect(home / "tongbi.db")
    made.executescript(BEFORE.read_text(encoding="utf-8"))
    made.close()
    return home / "tongbi.db"


def test_an_older_database_is_refused_with_the_command_that_upgrades_it(older: Path, tmp_path: Path) -> None:
    write_post(tmp_path / "archive", 1, CLEAN)
    for arguments in (("figures",), ("quarantine", "list"), ("db", "check"), ("run", "--source", tmp_path / "archive")):
        done = invoke(*arguments)
        assert done.exit_code == 2
        assert done.stderr == (
            f"the database {older} has tables of revision 0001, this tongbi works with {head()}\n"
            "next: run `tongbi db upgrade`; what is in it stays\n"
        )
    assert "this tongbi works with" in invoke("db", "current").stderr
    assert invoke("db", "upgrade").exit_code == 0
    assert invoke("db", "upgrade").stdout == f"{older} has revision {head()} already\n"
    assert invoke("db", "current").stdout == f"{older}: revision {head()}, this tongbi works with {head()}\n"
    assert invoke("db", "check").stdout == f"{older}: revision {head()}, nothing is wrong\n"
    assert "65558000000" in invoke("figures", "--format", "csv").stdout


def test_there_is_nothing_to_look_at_before_there_is_a_database(home: Path) -> None:
    for command in ("current", "check"):
        done = invoke("db", command)
        assert (done.exit_code, done.stderr.startswith(f"there is no database at {home}/tongbi.db\n")) == (2, True)
    assert not home.exists()
    assert invoke("db", "upgrade").stdout == f"{home}/tongbi.db is upgraded from nothing to revision {head()}\n"


def test_damage_is_named_and_ends_with_status_1(home: Path) -> None:
    home.mkdir()
    with writing(open_database(f"sqlite:///{home}/tongbi.db")) as connection:
        connection.exec_driver_sql("DROP TABLE expectation_result")
        connection.exec_driver_sql("DROP INDEX ix_article_text")
    done = invoke("db", "check")
    assert done.exit_code == 1
    assert len(done.stderr.splitlines()) == 3
    assert "expectation_result" in done.stderr


def test_the_database_of_the_variable_is_the_one(
    home: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TONGBI_DATABASE_URL", database_url)
    assert invoke("db", "check").stdout.endswith(f": revision {head()}, nothing is wrong\n")
    assert not home.exists()
