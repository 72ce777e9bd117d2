"""The steps of the flow `ingest`, one after the other and without Prefect, so that a kill costs no server."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
from sqlalchemy import Engine

import expectations
from expectations import BatchFacts
from models import staging
from models.audit import AuditOutcome
from models.database import open_database
from models.errors import DocumentError
from models.locks import Window, locked
from models.objects import open_objects
from models.publishing import publish_batch
from models.raw_archive import RawArchive
from models.recovery import Left, recover
from models.staging import Unreadable, read_staged, stage_batch
from models.values import Article, Reading
from tasks.articles import read_article
from tasks.engine import ENGINE_VERSION
from tasks.reading import read_figures
from tasks.sources import DocumentRef, Source, Surroundings, fetch_many, open_source

STEPS = ("opened", "locked", "recovered", "listed", "fetched", "kept", "staged", "read back", "audited", "published")
_CHUNK = 4
_PATIENCE = 60

Step = Callable[[str], None]
Audit = Callable[[pl.DataFrame, pl.DataFrame, pl.DataFrame, BatchFacts], AuditOutcome]


def ingest(url: str, home: Path, posts: Path, step: Step, audit: Audit = expectations.audit) -> str:
    """Ingest a folder of posts as `tongbi run` does, `step` being told of each boundary; give the report's message."""
    engine = open_database(url)
    step("opened")
    archive = RawArchive(engine, open_objects((home / "raw").as_uri()))
    source = open_source(str(posts), home / "no-sources.toml", Surroundings(archive, home / "copies"))

    def finish(left: Left) -> None:
        facts = BatchFacts(left.documents, left.unreadable)
        _audit_and_publish(engine, left.batch_id, facts, lambda _: None, audit)

    with locked(engine, Window(source.name), wait_seconds=_PATIENCE) as ours:
        step("locked")
        recover(engine, ENGINE_VERSION, finish, ours=ours)
        step("recovered")
        documents = source.list_documents(None, None)
        step("listed")
        lost: list[Unreadable] = []
        facts = staging.BatchFacts(source.name, None, None, False, ENGINE_VERSION, datetime.now(UTC))
        batch_id = stage_batch(engine, facts, _readings(archive, source, documents, lost, step), lost)
        step("staged")
        message = _audit_and_publish(engine, batch_id, BatchFacts(len(documents), len(lost)), step, audit)
    engine.dispose()
    return message


def _audit_and_publish(engine: Engine, batch_id: int, facts: BatchFacts, step: Step, audit: Audit) -> str:
    staged = read_staged(engine, batch_id)
    step("read back")
    outcome = audit(staged.articles, staged.figures, staged.numbers, facts)
    step("audited")
    report = publish_batch(engine, batch_id, outcome, now=datetime.now(UTC))
    step("published")
    return report.message


def _readings(
    archive: RawArchive, source: Source, documents: Sequence[DocumentRef], lost: list[Unreadable], step: Step
) -> Iterator[tuple[Article, Reading]]:
    for begin in range(0, len(documents), _CHUNK):
        chunk = documents[begin : begin + _CHUNK]
        fetched = fetch_many(source, chunk)
        step("fetched")
        found = [each for each in fetched if not isinstance(each, DocumentError)]
        archive.keep(found)
        step("kept")
        for document in found:
            try:
                article = read_article(document)
                yield article, read_figures(article)
            except DocumentError as error:
                lost.append(Unreadable(document.source, document.location, document.sha256, error.what))
