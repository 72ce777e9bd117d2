import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, inspect, make_url, text

from models.database import open_database, reading, writing
from models.errors import DatabaseError
from models.schema import head
from tests.databases import Postgres

PROJECT = Path(__file__).resolve().parents[2]
DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg"}

EXPECTED_TABLES = {
    "article", "article_revision", "batch", "decision", "entity", "expectation_result", "figure", "metric", "number",
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


def test_a_new_file_gets_its_folder_too(tmp_path: Path) -> None:
    open_database(url(tmp_path / "a" / "b" / "tongbi.db")).dispose()
    assert (tmp_path / "a" / "b" / "tongbi.db").is_file()


def test_a_new_database_gets_its_tables_and_its_revision(new_database_url: str) -> None:
    with reading(open_database(new_database_url)) as connection:
        assert set(inspect(connection).get_table_names()) >= EXPECTED_TABLES
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == head()


def test_an_opened_database_is_looked_at_without_alembic(database_url: str) -> None:
    program = f"import sys\nfrom models.database import open_database\nopen_database({database_url!r})\n"
    program += "print('alembic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_several_processes_open_a_new_database_at_once(new_database_url: str) -> None:
    program = f"from models.database import open_database\nopen_database({new_database_url!r})"
    started = [subprocess.Popen([sys.executable, "-c", program], cwd=PROJECT, stderr=subprocess.PIPE) for _ in range(4)]
    assert [(one.communicate(timeout=60)[1], one.returncode) for one in started] == [(b"", 0)] * 4
    with reading(open_database(new_database_url)) as connection:
        assert connection.scalar(text("SELECT count(*) FROM alembic_version")) == 1


def test_every_connection_holds_foreign_keys_and_waits_for_locks(tmp_path: Path) -> None:
    engine = open_database(url(tmp_path / "tongbi.db"), busy_seconds=7)
    with reading(engine) as one, reading(engine) as other:
        for connection in (one, other):
            assert connection.scalar(text("PRAGMA foreign_keys")) == 1
            assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
            assert connection.scalar(text("PRAGMA busy_timeout")) == 7000


INSERT = text("INSERT INTO entity (id, kind, name, aliases) VALUES ('sse', 'exchange', '上交所', '[]')")


def test_a_database_is_opened_again_with_what_is_in_it(database_url: str) -> None:
    with writing(open_database(database_url)) as connection:
        connection.execute(INSERT)
    with reading(open_database(database_url)) as connection:
        assert connection.scalar(text("SELECT name FROM entity")) == "上交所"


def test_what_fails_inside_a_transaction_leaves_nothing(database_url: str) -> None:
    engine = open_database(database_url)
    said = r"refuses a row: (UNIQUE constraint failed: entity\.id|duplicate key .* constraint \"entity_pkey\")"
    refused = pytest.raises(DatabaseError, match=said)
    with refused, writing(engine) as connection:
        connection.execute(INSERT)
        connection.execute(INSERT)
    with reading(engine) as connection:
        assert connection.scalar(text("SELECT count(*) FROM entity")) == 0


def test_a_signal_in_the_middle_of_a_statement_leaves_the_database_free(database_url: str) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    engine = open_database(database_url, busy_seconds=0.5)
    other = text("INSERT INTO entity (id, kind, name, aliases) VALUES (:id, 'company', '青禾物流', '[]')")
    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        with writing(engine) as connection:
            signal.setitimer(signal.ITIMER_REAL, 0.05)
            for first in range(0, 10_000_000, 20_000):
                connection.execute(other, [{"id": f"c{number}"} for number in range(first, first + 20_000)])
    except KeyboardInterrupt:
        # Here the statement that was interrupted is still known.
        with writing(engine) as connection:
            connection.execute(INSERT)
    finally:
        signal.signal(signal.SIGALRM, before)
    with reading(engine) as connection:
        assert connection.execute(text("SELECT id FROM entity")).scalars().all() == ["sse"]
    engine.dispose()


def test_a_reader_sees_one_state_though_others_write(engine: Engine) -> None:
    with reading(engine) as connection:
        assert connection.scalar(text("SELECT count(*) FROM entity")) == 0
        with writing(engine) as other:
            other.execute(INSERT)
        assert connection.scalar(text("SELECT count(*) FROM entity")) == 0


def test_one_writes_at_a_time_and_who_waits_too_long_is_told(database_url: str) -> None:
    engine, impatient = open_database(database_url), open_database(database_url, busy_seconds=0.1)
    with writing(engine) as connection:
        connection.execute(INSERT)
        with pytest.raises(DatabaseError, match="is locked by another process\nnext: wait"), writing(impatient):
            pass
        with reading(impatient) as reader:  # who reads is not locked out
            assert reader.scalar(text("SELECT count(*) FROM entity")) == 0
    with writing(impatient) as connection:
        assert connection.scalar(text("SELECT count(*) FROM entity")) == 1


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


def test_the_database_of_another_program(new_database_url: str) -> None:
    other = create_engine(make_url(new_database_url).set(drivername=DRIVERS[make_url(new_database_url).drivername]))
    with other.begin() as connection:
        connection.execute(text("CREATE TABLE notes (words TEXT)"))
    with pytest.raises(DatabaseError, match="belongs to another program\nnext: name another one"):
        open_database(new_database_url)


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
        ("mysql://me:secret@here/news", "neither SQLite nor Postgres: mysql://me:***@here/news"),
    ],
)
def test_a_url_that_names_no_database_of_ours(database: str, fact: str) -> None:
    with pytest.raises(DatabaseError) as caught:
        open_database(database)
    assert str(caught.value).splitlines()[0] == fact


def test_a_server_that_is_not_there() -> None:
    with pytest.raises(DatabaseError) as caught:
        open_database("postgres://me:secret@127.0.0.1:1/news")
    fact, next_step = str(caught.value).splitlines()
    assert fact == "the database postgresql+psycopg://me:***@127.0.0.1:1/news cannot be reached"
    assert next_step == "next: start the server, or correct TONGBI_DATABASE_URL"


def test_a_database_that_its_server_does_not_have(postgres: Postgres) -> None:
    with pytest.raises(DatabaseError, match="does not exist on its server\nnext: make it with `createdb`"):
        open_database(postgres.url("nowhere"))


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_each_way_to_write_a_postgres_url(postgres: Postgres, migrated_template: str, scheme: str) -> None:
    with postgres.database(migrated_template) as given:
        engine = open_database(f"{scheme}:{given.partition(':')[2]}")
        assert engine.driver == "psycopg"
        engine.dispose()
