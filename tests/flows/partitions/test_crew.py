"""Processes that work on partitions: one that dies is replaced, one that kills three is given up."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from flows.partitions.crew import Crew, crew_of
from flows.partitions.jobs import Job, Outcome
from flows.settings import Settings
from models.errors import SourceError, TongbiError
from models.partitions import Partition
from models.vocabulary import PartitionState, Purpose

NOW = datetime(2022, 5, 1, tzinfo=UTC)


def a_job(number: int, home: Path) -> Job:
    day = date(2022, 4, number)
    return Job(number, 0, "posts", (day, day), (), (), 0, False, Settings(home=home), "0")


def fake(job: Job) -> Outcome:
    """Say which process has worked on which partition."""
    counts: Any = (1, 0, 0, 0, 0, 0, 0)
    by = f"here:{os.getpid()}"
    done = Partition(
        job.partition_id,
        Purpose.BACKFILL,
        "posts",
        *job.days,
        PartitionState.DONE,
        *counts,
        None,
        "0",
        None,
        by,
        NOW,
        NOW,
    )
    return Outcome(done, True)


def moody(job: Job) -> Outcome:
    """Die at 13, die once at 5, refuse 7, and never end 9."""
    died = job.settings.home / f"died {job.partition_id}"
    if job.partition_id == 13 or (job.partition_id == 5 and not died.exists()):
        died.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if job.partition_id == 7:
        raise SourceError("no seven", "take eight")
    if job.partition_id == 9:
        time.sleep(600)
    return fake(job)


@pytest.fixture(scope="module")
def crew() -> Iterator[Crew]:
    with crew_of(moody, 2) as made:
        yield made


def test_each_process_takes_what_comes_and_lives_on(crew: Crew, tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as threads:
        outcomes = list(threads.map(crew.work, [a_job(number, tmp_path) for number in (1, 2, 3, 4)]))
    assert [outcome.partition.id for outcome in outcomes] == [1, 2, 3, 4]
    assert len({outcome.partition.holder for outcome in outcomes} - {f"here:{os.getpid()}"}) in (1, 2)


def test_a_partition_whose_process_dies_is_tried_again(crew: Crew, tmp_path: Path) -> None:
    assert crew.work(a_job(5, tmp_path)).partition.id == 5
    assert (tmp_path / "died 5").exists()


def test_a_partition_that_ends_three_processes_is_given_up_and_the_crew_goes_on(crew: Crew, tmp_path: Path) -> None:
    with pytest.raises(TongbiError, match="the process that worked on 2022-04-13 was killed by SIGKILL"):
        crew.work(a_job(13, tmp_path))
    assert [crew.work(a_job(number, tmp_path)).partition.id for number in (1, 2)] == [1, 2]


def test_what_the_work_raises_comes_back(crew: Crew, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no seven"):
        crew.work(a_job(7, tmp_path))


def test_a_crew_that_is_dismissed_ends_at_once_also_what_it_works_on(tmp_path: Path) -> None:
    raised: list[str] = []

    def wait() -> None:
        try:
            crew.work(a_job(9, tmp_path))
        except TongbiError as error:
            raised.append(error.what)

    with crew_of(moody, 1) as crew:
        thread = threading.Thread(target=wait)
        thread.start()
        time.sleep(1)
        began = time.monotonic()
    thread.join(10)
    assert time.monotonic() - began < 10
    assert raised == ["the process that worked on 2022-04-09 was killed by SIGTERM"]
