"""What goes wrong below the database: said in plain words, nothing lost, and the next run is clean."""

import multiprocessing
import os
import resource
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from models.checking import faults_of
from models.database import open_database
from models.errors import DatabaseError
from models.locks import Window, locked
from models.queries import count_current
from models.recovery import recover
from models.staging import stage_batch
from tests.databases import a_server
from tests.models.making import FACTS, Read, an_article, archive_of, document_of, read_as, rows, run

MANY = 800
_FORK = multiprocessing.get_context("fork")


def in_child(work: Callable[[], str]) -> str:
    """Give what some work says that would change this process for good."""
    here, there = _FORK.Pipe(duplex=False)

    def report() -> None:
        try:
            there.send(work())
        except DatabaseError as error:
            there.send(str(error))

    child = _FORK.Process(target=report)
    child.start()
    said: str = here.recv() if here.poll(60) else "nothing"
    child.join(10)
    return said


def many(stop_at: int = -1, stop: Callable[[], Any] = lambda: None) -> Iterator[Read]:
    for number in range(MANY):
        if number == stop_at:
            stop()
        yield read_as(code=f"c{number:05}")


def test_a_server_that_stops_in_mid_run_and_comes_back() -> None:
    with a_server() as postgres:
        stop_in_mid_run(postgres.server)


def stop_in_mid_run(server: Any) -> None:
    engine = open_database(server.get_uri())
    try:
        run(engine, [read_as()])
        archive_of(engine).keep([document_of(an_article())])
        with pytest.raises(DatabaseError) as caught:
            stage_batch(engine, FACTS, many(stop_at=700, stop=server.stop))
        fact, next_step = str(caught.value).splitlines()
        assert "cannot be reached" in fact or "was lost" in fact or "was shut down" in fact
        assert next_step.startswith("next: start the server")
        server.start()
        assert count_current(engine).figures == 2
        with locked(engine, Window("posts")) as ours:
            (words,) = recover(engine, FACTS.engine_version, lambda _: None, ours=ours)
        assert "was interrupted while it was staged" in words
        assert run(engine, list(many())).readings.figures.published == 2 * MANY
        assert rows(engine, "SELECT count(*) FROM staged_article") == [(0,)]
    finally:
        engine.dispose()


def test_a_full_disk(tmp_path: Path) -> None:
    """A limit of the size of files is to SQLite what a full disk is."""
    url = f"sqlite:///{tmp_path}/t.db"
    engine = open_database(url)
    run(engine, [read_as()])
    archive_of(engine).keep([document_of(an_article())])
    engine.dispose()

    def fill() -> str:
        size = (tmp_path / "t.db").stat().st_size
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 400_000, size + 400_000))
        stage_batch(open_database(url), FACTS, many())
        return "it has room"

    fact, next_step = in_child(fill).splitlines()
    assert fact.startswith(f"the database {tmp_path}/t.db cannot ")
    assert "full" in fact
    assert next_step.startswith("next: ")
    engine = open_database(url)
    assert count_current(engine).figures == 2
    assert faults_of(engine) == []
    with locked(engine, Window("posts")) as ours:
        recover(engine, FACTS.engine_version, lambda _: None, ours=ours)
    assert run(engine, list(many())).readings.figures.published == 2 * MANY
    engine.dispose()


@pytest.mark.parametrize("what", ["folder", "file"])
def test_a_place_that_cannot_be_written(tmp_path: Path, what: str) -> None:
    folder = tmp_path / "home"
    folder.mkdir()
    url = f"sqlite:///{folder}/t.db"
    if what == "file":
        open_database(url).dispose()
        (folder / "t.db").chmod(0o444)
    folder.chmod(0o555)
    for parent in (tmp_path, *tmp_path.parents):
        if parent.stat().st_uid == os.getuid() and parent.is_relative_to(Path(os.environ.get("TMPDIR", "/tmp"))):
            parent.chmod(parent.stat().st_mode | 0o055)

    def write() -> str:
        if os.geteuid() == 0:
            os.setgid(65534)
            os.setuid(65534)
        run(open_database(url), [read_as()])
        return "it was written"

    fact, next_step = in_child(write).splitlines()
    assert fact.startswith(f"the database {folder}/t.db cannot be ")
    assert next_step == "next: make the file and its folder " + (
        "readable and writable" if "opened" in fact else "writable"
    )
    folder.chmod(0o755)
    if what == "file":
        (folder / "t.db").chmod(0o644)
    engine = open_database(url)
    assert run(engine, [read_as()]).readings.figures.published == 2
    engine.dispose()


def test_a_file_whose_pages_are_damaged_is_named_and_a_copy_of_it_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    engine = open_database(f"sqlite:///{path}")
    run(engine, list(many()))
    engine.dispose()
    shutil.copy(path, tmp_path / "copy.db")
    content = bytearray(path.read_bytes())
    middle = len(content) // 2 // 4096 * 4096
    content[middle : middle + 200 * 4096] = b"\x5a" * (200 * 4096)
    path.write_bytes(content)
    damaged = open_database(f"sqlite:///{path}")
    with pytest.raises(DatabaseError, match="is corrupt\nnext: restore a copy"):
        run(damaged, list(many()))
    assert _said(damaged)
    damaged.dispose()
    shutil.copy(tmp_path / "copy.db", path)
    for suffix in ("-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
    engine = open_database(f"sqlite:///{path}")
    assert run(engine, list(many())).changes_nothing
    engine.dispose()


def _said(engine: Engine) -> list[str]:
    try:
        return [fault for fault in faults_of(engine) if fault.startswith("damaged: ")]
    except DatabaseError as error:
        return [error.what]
