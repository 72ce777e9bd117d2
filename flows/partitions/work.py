"""One partition, from the raw archive to published rows: plain functions that a process anywhere can run.

A worker opens the database and the archive by their addresses and asks no source.
"""

import gc
import os
import socket
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import cache, partial

from sqlalchemy import Engine

from expectations import BatchFacts, audit_staged, load
from flows.held_to import audit_settings
from flows.importing import importing
from flows.messages import counted
from flows.partitions.clock import Clock
from flows.partitions.jobs import Job, Outcome
from models import staging
from models.correcting import correct
from models.corrections import Corrections, read_corrections
from models.database import open_database
from models.errors import CorrectionError, DocumentError, LockedError, RawArchiveError, TongbiError
from models.locks import locked
from models.objects import Objects, open_objects
from models.partitions import Ending, begin, end, find_partition, note_batch, window_of
from models.publishing import publish_batch
from models.raw_archive import RawArchive
from models.staging import Unreadable, read_staged, stage_batch
from models.values import Article, RawDocument, Reading
from models.vocabulary import BatchState
from tasks.articles import read_article
from tasks.engine import ENGINE_VERSION
from tasks.reading import read_figures

# A partition makes hundreds of thousands of values that live until it ends, and hardly a cycle: to look for cycles as
# often as Python does by itself takes up to an eighth of the time.
_COLLECT_AFTER = (50_000, 20, 100)


def work_on(job: Job) -> Outcome:
    """Work on a partition, unless another process does or has done so meanwhile.

    Whatever fails, fails the partition alone and stands in the ledger. Raises DatabaseError where the ledger
    cannot be written, and TongbiError for a job of another engine than this process has.
    """
    if job.engine_version != ENGINE_VERSION:
        fact = f"the worker {_me()} has engine {ENGINE_VERSION}, the run has {job.engine_version}"
        raise TongbiError(fact, "install the same tongbi everywhere")
    gc.set_threshold(*_COLLECT_AFTER)
    engine = _database(job.settings.database)
    try:
        with locked(engine, window_of(job.source, job.days), wait_seconds=job.patience):
            return _work_alone(engine, job)
    except LockedError as error:
        return Outcome(find_partition(engine, job.partition_id), is_ours=False, obstacle=error.what)


def _work_alone(engine: Engine, job: Job) -> Outcome:
    if begin(engine, job.partition_id, job.attempts, _me(), datetime.now(UTC)) is None:
        return Outcome(find_partition(engine, job.partition_id), is_ours=False)
    clock = Clock()
    with clock.part("import"):
        _load()
    ending = _attempt(engine, job, clock)
    return Outcome(end(engine, job.partition_id, ending, datetime.now(UTC)), True, clock.seconds())


def _attempt(engine: Engine, job: Job, clock: Clock) -> Ending:
    documents = len(job.locations) + len(job.lost)
    try:
        return _work(engine, job, clock)
    except TongbiError as error:
        return Ending(documents, error=error.what)
    except Exception as error:
        lines = str(error).strip().splitlines()
        return Ending(documents, error=f"{type(error).__name__}: {lines[0] if lines else 'no message'}")


def _work(engine: Engine, job: Job, clock: Clock) -> Ending:
    archive = RawArchive(engine, _objects(job.settings.raw))
    corrections = read_corrections(job.settings.corrections_file)
    lost = list(job.lost)
    facts = staging.BatchFacts(job.source, *job.days, job.strict, ENGINE_VERSION, datetime.now(UTC))
    with clock.part("stage"):
        readings = _readings(archive, job, lost, clock, corrections)
        opened = partial(note_batch, engine, job.partition_id, engine_version=ENGINE_VERSION)
        staged = read_staged(engine, stage_batch(engine, facts, readings, lost, opened))
    documents = len(job.locations) + len(job.lost)
    with clock.part("audit"):
        counts = BatchFacts(documents, len(lost), source=job.source)
        audit = audit_staged(engine, staged, counts, audit_settings(job.settings), corrections)
    with clock.part("publish"):
        now = datetime.now(UTC)
        report = publish_batch(engine, staged.batch_id, audit, now=now, allow_shrink=job.allow_shrink)
    return Ending(
        documents,
        staged.articles.height,
        staged.figures.height,
        report.readings.figures.published + report.readings.figures.unchanged,
        len({(failure.row_kind, failure.row_id) for failure in report.settled.failures}),
        len(lost),
        report.message if report.state is BatchState.REFUSED else _incomplete(job),
    )


def _incomplete(job: Job) -> str | None:
    if not job.missing:
        return None
    first = job.lost[0]
    return f"{counted(job.missing, 'document')} could not be fetched, first {first.location}: {first.error}"


def _readings(
    archive: RawArchive, job: Job, lost: list[Unreadable], clock: Clock, corrections: Corrections
) -> Iterator[tuple[Article, Reading]]:
    """Read and correct the documents chunk by chunk; what cannot be read goes into `lost`."""
    for begin_at in range(0, len(job.locations), job.settings.chunk):
        chunk = job.locations[begin_at : begin_at + job.settings.chunk]
        with clock.part("read"):
            documents = _documents(archive, job.source, chunk, lost)
        for document in documents:
            try:
                with clock.part("parse"):
                    article = read_article(document)
                with clock.part("extract"):
                    reading = correct(article, read_figures(article), corrections)
            except (DocumentError, CorrectionError) as error:
                lost.append(Unreadable(document.source, document.location, document.sha256, error.what))
            else:
                yield article, reading


def _documents(archive: RawArchive, source: str, locations: Sequence[str], lost: list[Unreadable]) -> list[RawDocument]:
    """Give the kept documents in the order of their locations."""
    kept = archive.latest(source, locations)
    found: list[RawDocument] = []
    for location in locations:
        if location not in kept:
            lost.append(Unreadable(source, location, None, "it is not in the raw archive"))
            continue
        try:
            found.append(archive.read(kept[location]))
        except RawArchiveError as error:
            lost.append(Unreadable(source, location, None, error.what))
    return found


def _me() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"


@cache
def _load() -> None:
    with importing():
        load()


@cache
def _database(url: str) -> Engine:
    """Open the database once a process."""
    return open_database(url)


@cache
def _objects(url: str) -> Objects:
    return open_objects(url)
