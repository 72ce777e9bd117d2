"""The partitions of a plan, handed to the workers one by one; what they need is fetched here, and only here.

One process asks the source, so that a site sees one visitor however many workers there are, and what a listing
alone knows is at hand. Workers find the documents in the raw archive.
"""

from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from queue import Empty, Queue
from typing import Any

from sqlalchemy import Engine

from flows.partitions.advance import Advance
from flows.partitions.clock import Clock
from flows.partitions.jobs import Job, Outcome
from flows.partitions.planning import Planned
from flows.partitions.runners import Pool
from flows.settings import Settings
from models.corrections import Corrections
from models.errors import LockedError, TongbiError
from models.locks import locked
from models.partitions import Ending, Partition, end, find_partition, window_of
from models.raw_archive import RawArchive
from tasks.engine import ENGINE_VERSION
from tasks.fetch import Fetched
from tasks.partition import partition as partition_task

# How long another process that works on a partition is waited for, once there is nothing else to do.
_PATIENCE = 120.0
_POLL = 0.5

Fetching = Callable[[Sequence[Any]], Fetched]


@dataclass(frozen=True, slots=True)
class Orders:
    """How partitions are published: not at all where anything is malformed, or also where much less would stand."""

    strict: bool = False
    allow_shrink: bool = False


@dataclass(slots=True)
class Coordinator:
    """Keeps as many partitions with the workers as there are slots, and notes what comes back."""

    engine: Engine
    archive: RawArchive
    source: str
    settings: Settings
    corrections: Corrections
    orders: Orders
    pool: Pool
    fetching: Fetching
    advance: Advance
    clock: Clock
    outcomes: list[Outcome] = field(default_factory=list)
    _under_way: dict[Any, Job] = field(default_factory=dict)
    _ended: "Queue[Any]" = field(default_factory=Queue)

    def run(self, wanted: Sequence[tuple[Planned, Partition]]) -> list[Outcome]:
        """Work through the partitions, and give what came of each; those that others hold come last.

        Raises what a source raises that cannot be reached; what is under way then is waited for.
        """
        waiting = deque(wanted)
        others: list[Job] = []
        while waiting or self._under_way:
            while waiting and len(self._under_way) <= self.pool.slots:
                self._submit(self._job(*waiting.popleft()))
            others += self._collect()
        for job in others:
            self._submit(replace(job, patience=_PATIENCE))
        while self._under_way:
            self._collect(last=True)
        return self.outcomes

    def _job(self, planned: Planned, known: Partition) -> Job:
        """Fetch what is not kept yet, and give the job."""
        fetched = Fetched((), ())
        if planned.asked:
            with self.clock.part("fetch"):
                fetched = self.fetching(planned.asked)
            with self.clock.part("keep"):
                self.archive.keep(fetched.documents)
        return Job(
            known.id,
            known.attempts,
            self.source,
            planned.days,
            (*planned.kept, *(document.location for document in fetched.documents)),
            fetched.lost,
            fetched.missing,
            self.orders.strict,
            self.settings,
            ENGINE_VERSION,
            self.corrections,
            self.orders.allow_shrink,
        )

    def _submit(self, job: Job) -> None:
        # Prefect and Dask look into the values that a task is given, but not into what can be called.
        parameters = {"label": job.label, "work": partial(self.pool.work, job)}
        future = self.pool.runner.submit(partition_task, parameters)
        self._under_way[future.task_run_id] = job
        future.add_done_callback(self._ended.put)

    def _collect(self, *, last: bool = False) -> list[Job]:
        """Wait a moment for the next that ends, note what came of it, and give the jobs that others work on."""
        try:
            future = self._ended.get(timeout=_POLL)
        except Empty:
            return []
        job = self._under_way.pop(future.task_run_id)
        outcome = self._outcome(future, job)
        if outcome.obstacle is not None and not last:
            return [job]
        self.outcomes.append(outcome)
        self.advance.add(outcome.partition.documents)
        return []

    def _outcome(self, future: Any, job: Job) -> Outcome:
        try:
            outcome = future.result(raise_on_failure=False)
        except Exception as error:  # of the runner: its worker is gone
            outcome = error
        return outcome if isinstance(outcome, Outcome) else self._lost(job, outcome)

    def _lost(self, job: Job, error: object) -> Outcome:
        """Note a partition that ended its workers, or that never got to one."""
        what = error.what if isinstance(error, TongbiError) else _words(error)
        with suppress(LockedError), locked(self.engine, window_of(self.source, job.days)):
            found = find_partition(self.engine, job.partition_id)
            if found.attempts == job.attempts or not found.has_ended:
                documents = len(job.locations) + len(job.lost)
                end(self.engine, job.partition_id, Ending(documents, error=what), datetime.now(UTC))
        return Outcome(find_partition(self.engine, job.partition_id), is_ours=False)


def _words(error: object) -> str:
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0]}" if lines else f"its worker ended: {type(error).__name__}"
