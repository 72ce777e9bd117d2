import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text

from models.database import SCHEMA_VERSION, open_database, reading, writing
from models.errors import DatabaseError

EXPECTED_TABLES = {
    "article", "article_revision", "batch", "entity", "expectation_result", "figure", "metric", "number",
    "quarantine", "raw_document", "raw_response", "staged_article", "staged_figure", "staged_number",
    "unreadable_document",
}  # fmt: skip


def url(path: Path) -> str:
    return f"sqlite:///{path}"


def refusal(path: Path) -> str:
    with pytest.raises(DatabaseError) as caught:
        open_database(url(path), busy_seconds=0.1)
    assert len(str(caught.value).splitlines()) == 2
    return str(caught.value)


def test_a_new_database_gets_its_folder_its_tables_and_its_version(tmp_path: Path) -> None:
    engine = open_database(url(tmp_path / "a" / "b" / "tongbi.db"))
    with reading(engine) as connection:
        tables = set(connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'")))
        version = connection.scalar(text("PRAGMA user_version"))
    assert tables == EXPECTED_TABLES
    assert version == SCHEMA_VERSION


def test_every_connection_holds_foreign_keys_and_waits_for_locks(tmp_path: Path) -> None:
    engine = open_database(url(tmp_path / "tongbi.db"), busy_seconds=7)
    with reading(engine) as one, reading(engine) as other:
        for connection in (one, other):
            assert connection.scalar(text("PRAGMA foreign_keys")) == 1
            assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
            assert connection.scalar(text("PRAGMA busy_timeout")) == 7000


def test_a_database_is_opened_again_with_what_is_in_it(tmp_path: Path) -> None:
    with writing(open_database(url(tmp_path / "t.db"))) as connection:
        connection.execute(text("INSERT INTO entity VALUES ('sse', 'exchange', '上交所', '[]', NULL)"))
    with reading(open_database(url(tmp_path / "t.db"))) as connection:
        assert connection.scalar(text("SELECT name FROM entity")) == "上交所"


def test_what_fails_inside_a_transaction_leaves_nothing(tmp_path: Path) -> None:
    engine = open_database(url(tmp_path / "t.db"))
    insert = text("INSERT INTO entity VALUES ('sse', 'exchange', '上交所', '[]', NULL)")
    twice = pytest.raises(DatabaseError, match=r"refuses a row: UNIQUE constraint failed: entity\.id")
    with twice, writing(engine) as connection:
        connection.execute(insert)
        connection.execute(insert)
    with reading(engine) as connection:
        assert connection.scalar(text("SELECT count(*) FROM entity")) == 0


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    assert refusal(tmp_path) == f"the database {tmp_path} is a folder\nnext: name a file in it, such as tongbi.db"


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    message = refusal(tmp_path / "file" / "tongbi.db")
    assert message.startswith(f"the folder {tmp_path}/file of the database cannot be made: ")
    assert "set TONGBI_HOME" in message


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="no folder here that even root cannot write to")
def test_a_folder_that_cannot_be_written() -> None:
    message = refusal(Path("/proc/tongbi.db"))
    fact, next_step = message.splitlines()
    assert fact == "the database /proc/tongbi.db cannot be opened"
    assert next_step == "next: make the file and its folder readable and writable"


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "t.db").write_text("营收5.32亿元。" * 200)
    message = refusal(tmp_path / "t.db")
    assert message.startswith(f"the database {tmp_path}/t.db is no SQLite database\n")


def test_a_corrupt_database(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    open_database(url(path)).dispose()
    content = bytearray(path.read_bytes())
    content[100:4096] = b"\xff" * 3996
    path.write_bytes(bytes(content))
    assert refusal(path).startswith(f"the database {path} is corrupt\nnext: restore a copy")


def test_the_database_of_another_program(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "t.db")
    other.execute("CREATE TABLE notes (words)")
    other.close()
    assert refusal(tmp_path / "t.db").startswith(f"the database {tmp_path}/t.db belongs to another program\n")


def test_tables_of_another_version(tmp_path: Path) -> None:
    open_database(url(tmp_path / "t.db")).dispose()
    with sqlite3.connect(tmp_path / "t.db") as other:
        other.execute("PRAGMA user_version = 99")
    assert f"has tables of version 99, this tongbi uses version {SCHEMA_VERSION}" in refusal(tmp_path / "t.db")


def test_a_lock_held_by_another_process_is_waited_for_and_then_said(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    engine = open_database(url(path), busy_seconds=0.1)
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseError) as caught, writing(engine):
        pass
    assert str(caught.value).startswith(f"the database {path} is locked by another process\n")
    with reading(engine) as connection:  # who reads is not locked out
        assert connection.scalar(text("SELECT count(*) FROM figure")) == 0
    holder.execute("ROLLBACK")
    holder.close()
    with writing(engine):
        pass


def test_a_new_file_locked_by_another_process(tmp_path: Path) -> None:
    holder = sqlite3.connect(tmp_path / "t.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    assert refusal(tmp_path / "t.db").startswith(f"the database {tmp_path}/t.db is locked by another process\n")
    holder.close()


@pytest.mark.parametrize(
    ("database", "fact"),
    [
        ("tongbi.db", "no database URL: 'tongbi.db'"),
        ("sqlite://", "no file in the database URL 'sqlite://'"),
        ("sqlite:///:memory:", "no file in the database URL 'sqlite:///:memory:'"),
        ("postgresql://me:secret@here/news", "no SQLite database: postgresql://me:***@here/news"),
    ],
)
def test_a_url_that_names_no_sqlite_file(database: str, fact: str) -> None:
    with pytest.raises(DatabaseError) as caught:
        open_database(database)
    assert str(caught.value).splitlines()[0] == fact
