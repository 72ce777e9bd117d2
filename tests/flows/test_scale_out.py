"""The same backfill by many workers, some of them killed: the same tables as by one thread. `make scale` runs it."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from models.database import open_database, reading
from models.errors import DatabaseError
from models.partitions import list_partitions
from models.vocabulary import PartitionState, Purpose
from tests.bench.days import write_days
from tests.databases import Postgres
from tests.flows.shell import PROJECT

pytestmark = [pytest.mark.scale, pytest.mark.slow]

DAYS, POSTS = 6, 25
_TABLES = {
    "article": "info_code, revision, source, location, raw_sha256, text_sha256, reading_sha256, known_to",
    "article_revision": "info_code, revision, text_sha256",
    "figure": 'info_code, revision, start, "end", text, kind, value, low, high, unit, metric, subject, known_to',
    "number": 'info_code, revision, start, "end", text, role, reason, known_to',
    "quarantine": "row_key, row_kind, text, expectation, severity, observed, state",
    "unreadable_document": "source, location, sha256, error, state",
    "raw_document": "sha256, size, object_key",
    "raw_response": "source, location, sha256, format, published_on",
    "staged_article": "info_code",
    "metric": "id, name",
}


def tables(engine: Engine) -> dict[str, list[str]]:
    """Give what a backfill has made, without the numbers that rows were given, and the times at which."""
    with reading(engine) as connection:
        return {
            table: sorted(_words(row) for row in connection.execute(text(f"SELECT {columns} FROM {table}")))
            for table, columns in _TABLES.items()
        }


def _words(row: Iterable[object]) -> str:
    """Write a row so that it reads the same from either database: a file has days and amounts as text."""
    return " | ".join(map(str, row))


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("archive")
    assert write_days(folder, DAYS, POSTS, broken_every=20) == DAYS * POSTS
    return folder


def backfill(archive: Path, home: Path, url: str, **parameters: Any) -> Any:
    from flows.backfill import backfill as flow

    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("TONGBI_HOME", str(home))
        environment.setenv("TONGBI_DATABASE_URL", url)
        return flow(source=str(archive), return_state=True, **parameters)


@pytest.fixture(scope="module")
def expected(prefect_server: None, archive: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """Give the tables of one thread into a SQLite file."""
    home = tmp_path_factory.mktemp("alone")
    url = f"sqlite:///{home}/tongbi.db"
    state = backfill(archive, home, url, runner="threads", workers=1)
    assert f"{DAYS} of {DAYS} partitions done" in state.message
    found = tables(open_database(url))
    assert len(found["article"]) == DAYS * POSTS
    assert len(found["quarantine"]) == DAYS * POSTS // 20
    return found


@pytest.fixture
def server_url(postgres: Postgres, migrated_template: str) -> Iterator[str]:
    with postgres.database(migrated_template) as url:
        yield url


def same(found: dict[str, list[str]], expected: dict[str, list[str]]) -> None:
    for table, rows in expected.items():
        assert found[table] == rows, table


@contextmanager
def cluster(folder: Path, workers: int = 2) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Start a Dask scheduler and workers, each a process of its own, and give its address and the workers."""
    file = folder / "scheduler.json"
    program = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0"]
    worker = [sys.executable, "-m", "distributed.cli.dask_worker", "--nthreads", "1", "--no-nanny", "--no-dashboard"]
    environment = os.environ | {"PYTHONPATH": str(PROJECT)}
    with open(folder / "dask.log", "wb") as log:
        options: dict[str, Any] = {"env": environment, "cwd": folder, "stdout": log, "stderr": log}
        started = [subprocess.Popen([*program, "--no-dashboard", "--scheduler-file", str(file)], **options)]
        try:
            wait_for(file.exists, 60)
            address = json.loads(file.read_text())["address"]
            started += [subprocess.Popen([*worker, address], **options) for _ in range(workers)]
            yield address, started[1:]
        finally:
            for process in started:
                process.kill()
                process.wait()


def wait_for(condition: Any, seconds: float) -> Any:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s")


def pids_at_work(engine: Engine, archive: Path) -> set[int]:
    try:
        found = list_partitions(engine, Purpose.BACKFILL, str(archive))
    except DatabaseError:
        return set()
    running = [each for each in found if each.state is PartitionState.RUNNING and each.batch_id]
    return {int((each.holder or "0").rpartition(":")[2]) for each in running}


def test_dask_with_a_worker_killed_at_work_makes_the_same_tables(
    archive: Path, tmp_path: Path, server_url: str, expected: dict[str, list[str]]
) -> None:
    engine = open_database(server_url)
    killed: list[int] = []
    with cluster(tmp_path) as (address, workers):
        ours = {worker.pid for worker in workers}

        def kill_one() -> None:
            pid = wait_for(lambda: pids_at_work(engine, archive) & ours, 240).pop()
            os.kill(pid, signal.SIGKILL)
            killed.append(pid)

        killer = threading.Thread(target=kill_one, daemon=True)
        killer.start()
        state = backfill(archive, tmp_path / "home", server_url, runner="dask", address=address)
        killer.join(10)
    assert killed
    assert f"{DAYS} of {DAYS} partitions done" in state.message, state.message
    partitions = list_partitions(engine, Purpose.BACKFILL, str(archive))
    assert {each.state for each in partitions} == {PartitionState.DONE}
    assert max(each.attempts for each in partitions) >= 2
    same(tables(engine), expected)
    engine.dispose()


def test_ray_makes_the_same_tables(
    archive: Path, tmp_path: Path, server_url: str, expected: dict[str, list[str]]
) -> None:
    state = backfill(archive, tmp_path / "home", server_url, runner="ray", workers=2)
    assert f"{DAYS} of {DAYS} partitions done" in state.message, state.message
    engine = open_database(server_url)
    same(tables(engine), expected)
    holders = {each.holder for each in list_partitions(engine, Purpose.BACKFILL, str(archive))}
    assert str(os.getpid()) not in {str(holder).rpartition(":")[2] for holder in holders}
    engine.dispose()


def test_a_backfill_killed_twice_ends_with_the_same_tables(
    archive: Path, tmp_path: Path, expected: dict[str, list[str]]
) -> None:
    """The whole command and all its processes are killed where they stand, twice; the third ends it."""
    url = f"sqlite:///{tmp_path}/home/tongbi.db"
    for done in (1, 3):
        running = command(archive, tmp_path / "home")
        wait_for(lambda least=done: done_of(url, archive) >= least, 240)
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()
    assert done_of(url, archive) < DAYS
    last = command(archive, tmp_path / "home")
    output, _ = last.communicate(timeout=300)
    assert last.returncode == 1, output  # malformed figures, as ever
    assert done_of(url, archive) == DAYS
    assert tables(open_database(url)) == expected


def command(archive: Path, home: Path) -> "subprocess.Popen[str]":
    program = [sys.executable, "-c", "from flows.cli import main; main()", "backfill", "--source", str(archive)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "TONGBI_"))}
    environment |= {"PYTHONPATH": str(PROJECT), "TONGBI_HOME": str(home)}
    return subprocess.Popen(
        [*program, "--runner", "processes", "--workers", "2"],
        env=environment,
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def done_of(url: str, archive: Path) -> int:
    if not Path(url.removeprefix("sqlite:///")).exists():
        return 0
    try:
        engine = open_database(url)
        found = list_partitions(engine, Purpose.BACKFILL, str(archive))
    except DatabaseError:
        return 0
    engine.dispose()
    return sum(each.state is PartitionState.DONE for each in found)
