"""Who works on the partitions: threads, processes of this machine, Dask or Ray; chosen by name and by what is there."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from flows.partitions.crew import crew_of
from flows.partitions.jobs import Work
from models.errors import DatabaseError, SettingsError

if TYPE_CHECKING:
    from prefect.task_runners import TaskRunner


class Runner(StrEnum):
    """Where partitions are worked on."""

    THREADS = "threads"
    PROCESSES = "processes"
    DASK = "dask"
    RAY = "ray"


@dataclass(frozen=True, slots=True)
class Workers:
    """Which runner, how many partitions at once, and where its scheduler is if it runs already.

    `asked` is None where nobody has said how many.
    """

    runner: Runner = Runner.THREADS
    asked: int | None = None
    address: str = ""

    @property
    def count(self) -> int:
        """Give how many partitions are worked on at once: as many as there are cores, but for threads."""
        return self.asked or (_THREADS if self.runner is Runner.THREADS else os.cpu_count() or 1)

    @property
    def are_remote(self) -> bool:
        """Give True where the workers may be on other machines."""
        return bool(self.address)


@dataclass(frozen=True, slots=True)
class Pool:
    """A started Prefect task runner, what its tasks do with a job, and how many of them may wait or run."""

    runner: "TaskRunner[Any]"
    work: Work
    slots: int


# The engine is Python: a second thread works while the first waits for the database, a third has nothing to do.
_THREADS = 2
# What each needs beside the core, and the extra that brings it.
_NEEDS = {Runner.DASK: ("prefect_dask", "distributed"), Runner.RAY: ("prefect_ray", "ray")}
_SCHEMES = {Runner.DASK: ("tcp://", "tls://", "ucx://"), Runner.RAY: ("ray://", "auto")}


def check_workers(workers: Workers, database: str) -> None:
    """Raise SettingsError where these workers cannot work on this database, or are not installed.

    Raises DatabaseError for workers on other machines and a database that is a file of this one.
    """
    runner, needs = workers.runner, _NEEDS.get(workers.runner, ())
    if missing := [name for name in needs if find_spec(name) is None]:
        fact = f"the runner {runner} needs {' and '.join(missing)}, which the extra {runner} brings"
        raise SettingsError(fact, f"install it: pip install 'tongbi[{runner}]'")
    if not workers.are_remote:
        return
    schemes = _SCHEMES.get(runner)
    if schemes is None:
        raise SettingsError(
            f"the runner {runner} has no address", "choose --runner dask or ray, or leave --address out"
        )
    if not workers.address.startswith(schemes):
        wanted = "tcp://host:8786" if runner is Runner.DASK else "ray://host:10001"
        raise SettingsError(f"{workers.address!r} is no address of {runner}", f"write it as {wanted}")
    if _is_file(database):
        fact = f"the database is SQLite, a file of this machine, and the workers of {workers.address} may be on others"
        raise DatabaseError(fact, "set TONGBI_DATABASE_URL to a PostgreSQL database, or leave --address out")


def _is_file(database: str) -> bool:
    try:
        return make_url(database).get_backend_name() == "sqlite"
    except ArgumentError:
        return False


@contextmanager
def pool_of(workers: Workers, work: Work) -> Iterator[Pool]:
    """Start the workers for the time of the block; `work` is what each does with a job."""
    start = {
        Runner.THREADS: _threads,
        Runner.PROCESSES: _processes,
        Runner.DASK: _dask,
        Runner.RAY: _ray,
    }
    with start[workers.runner](workers, work) as pool:
        yield pool


@contextmanager
def _threads(workers: Workers, work: Work) -> Iterator[Pool]:
    from prefect.task_runners import ThreadPoolTaskRunner

    chosen: ThreadPoolTaskRunner[Any] = ThreadPoolTaskRunner(max_workers=workers.count)
    with chosen as runner:
        yield Pool(runner, work, workers.count)


@contextmanager
def _processes(workers: Workers, work: Work) -> Iterator[Pool]:
    """A thread a process, which waits for it: a task of Prefect's own process pool costs forty times as much."""
    from prefect.task_runners import ThreadPoolTaskRunner

    chosen: ThreadPoolTaskRunner[Any] = ThreadPoolTaskRunner(max_workers=workers.count)
    # The crew goes first: a thread that waits for a process would not end before it.
    with chosen as runner, crew_of(work, workers.count) as crew:
        yield Pool(runner, crew.work, workers.count)


@contextmanager
def _dask(workers: Workers, work: Work) -> Iterator[Pool]:
    from prefect_dask.task_runners import DaskTaskRunner

    if workers.address:
        chosen = DaskTaskRunner(address=workers.address)
    else:
        # A thread a process: the engine is Python, and two of its threads are no faster than one.
        local = {"n_workers": workers.count, "threads_per_worker": 1, "processes": True, "dashboard_address": None}
        chosen = DaskTaskRunner(cluster_kwargs=local)
    with chosen as runner:
        yield Pool(runner, work, max(workers.count, sum(runner.client.nthreads().values())))


@contextmanager
def _ray(workers: Workers, work: Work) -> Iterator[Pool]:
    # Ray would report its usage, and write a token into the home of the user.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_AUTH_MODE", "disabled")
    import ray
    from prefect_ray import RayTaskRunner

    local = {"num_cpus": workers.count, "include_dashboard": False, "log_to_driver": False}
    local["logging_level"] = logging.WARNING
    with RayTaskRunner(workers.address or None, None if workers.address else local) as runner:
        yield Pool(runner, work, max(workers.count, _cpus(ray)))


def _cpus(ray: Any) -> int:
    return int(ray.cluster_resources().get("CPU", 0))
