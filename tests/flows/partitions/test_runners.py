"""Which workers may work on which database, and what is said where they may not."""

import pytest

from flows.partitions import runners
from flows.partitions.runners import Runner, Workers, check_workers
from models.errors import DatabaseError, SettingsError

FILE, SERVER = "sqlite:////tmp/x.db", "postgresql://me@db/news"
DASK = "tcp://127.0.0.1:8786"


@pytest.mark.parametrize(
    ("workers", "database"),
    [
        (Workers(), FILE),
        (Workers(Runner.PROCESSES, 4), FILE),
        (Workers(Runner.DASK, 2), FILE),
        (Workers(Runner.DASK, address=DASK), SERVER),
        (Workers(Runner.RAY, address="ray://head:10001"), SERVER),
    ],
)
def test_workers_that_can_work(workers: Workers, database: str) -> None:
    check_workers(workers, database)


@pytest.mark.parametrize("workers", [Workers(Runner.DASK, address=DASK), Workers(Runner.RAY, address="auto")])
def test_workers_elsewhere_cannot_reach_a_file(workers: Workers) -> None:
    with pytest.raises(DatabaseError, match="SQLite, a file of this machine") as error:
        check_workers(workers, FILE)
    assert "set TONGBI_DATABASE_URL to a PostgreSQL database" in error.value.next_step


@pytest.mark.parametrize(
    ("workers", "fact"),
    [
        (Workers(Runner.THREADS, address=DASK), "the runner threads has no address"),
        (Workers(Runner.DASK, address="127.0.0.1:8786"), "is no address of dask"),
        (Workers(Runner.RAY, address=DASK), "is no address of ray"),
    ],
)
def test_an_address_has_to_be_one_of_its_runner(workers: Workers, fact: str) -> None:
    with pytest.raises(SettingsError, match=fact):
        check_workers(workers, SERVER)


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runners, "find_spec", lambda name: None if name == "prefect_ray" else object())
    with pytest.raises(SettingsError) as error:
        check_workers(Workers(Runner.RAY), FILE)
    assert str(error.value) == (
        "the runner ray needs prefect_ray, which the extra ray brings\nnext: install it: pip install 'tongbi[ray]'"
    )
    check_workers(Workers(Runner.DASK), FILE)


def test_threads_are_two_and_others_as_many_as_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runners.os, "cpu_count", lambda: 6)
    assert [Workers(runner).count for runner in Runner] == [2, 6, 6, 6]
    assert Workers(Runner.DASK, 3).count == 3
