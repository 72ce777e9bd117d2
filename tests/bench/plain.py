"""The work of a backfill in a plain program: the same plan, ledger, workers and parts, without Prefect.

`python -m tests.bench.plain --source FOLDER --since DAY --until DAY --by week --runner processes`, with TONGBI_HOME
set. What `tongbi backfill` takes more than this is what its orchestration costs.
"""

import argparse
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import date
from threading import Semaphore

from flows.partitions.clock import Clock
from flows.partitions.crew import crew_of, import_ahead
from flows.partitions.jobs import Job, Outcome, Work
from flows.partitions.opening import Store, opened_source, opened_store, plan_backfill
from flows.partitions.planning import By, Only, Plan, Planned, Window
from flows.partitions.work import work_on
from flows.settings import read_settings
from models.partitions import Partition, enter
from models.values import RawDocument
from models.vocabulary import Purpose
from tasks.engine import ENGINE_VERSION
from tasks.sources import Source, fetch_many

_AT_ONCE = 2


def _job(store: Store, source: Source, planned: Planned, known: Partition, clock: Clock) -> Job:
    with clock.part("fetch"):
        documents = [each for each in fetch_many(source, planned.asked) if isinstance(each, RawDocument)]
    with clock.part("keep"):
        store.archive.keep(documents)
    locations = tuple(document.location for document in documents)
    attempt = (known.id, known.attempts, source.name, planned.days)
    return Job(*attempt, locations, (), 0, False, store.settings, ENGINE_VERSION)


def _carry_out(store: Store, source: Source, plan: Plan, work: Work, clock: Clock) -> list[Outcome]:
    known = enter(store.engine, Purpose.BACKFILL, plan.source, [each.days for each in plan.chosen])
    free, futures = Semaphore(_AT_ONCE + 1), []
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        for planned in plan.chosen:
            free.acquire()
            future = threads.submit(work, _job(store, source, planned, known[planned.days], clock))
            future.add_done_callback(lambda _: free.release())
            futures.append(future)
    return [future.result() for future in futures]


def main() -> None:
    """Do the work, and print its parts as the command does."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", required=True)
    parser.add_argument("--since", type=date.fromisoformat, required=True)
    parser.add_argument("--until", type=date.fromisoformat, required=True)
    parser.add_argument("--by", type=By, required=True)
    parser.add_argument("--runner", choices=("threads", "processes"), required=True)
    asked = parser.parse_args()
    settings, clock = read_settings(), Clock()
    if asked.runner == "processes":
        import_ahead()
    workers = crew_of(work_on, _AT_ONCE) if asked.runner == "processes" else nullcontext()
    with opened_store(settings) as store, opened_source(asked.source, store) as source, workers as crew:
        window, listing = Window(asked.since, asked.until), type(source).list_documents
        plan = plan_backfill(store, source, window, asked.by, Only.MISSING, listing)
        outcomes = _carry_out(store, source, plan, work_on if crew is None else crew.work, clock)
    spent = Counter(dict(clock.seconds()))
    for outcome in outcomes:
        spent.update(dict(outcome.seconds))
    print("processor time " + ", ".join(f"{name} {seconds:.1f} s" for name, seconds in spent.items()))
    if "prefect" in sys.modules:
        raise SystemExit("this is not without Prefect")


if __name__ == "__main__":
    main()
