"""A home with quarantined rows, made by the same functions as the flow, without Prefect."""

import hashlib
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

import expectations
from expectations import BatchFacts
from models import staging
from models.database import open_database
from models.objects import open_objects
from models.publishing import PublishReport, publish_batch
from models.raw_archive import RawArchive
from models.staging import read_staged, stage_batch
from models.values import Article, RawDocument, Reading
from tasks.articles import read_article
from tasks.engine import ENGINE_VERSION
from tasks.reading import read_figures
from tests.databases import url_of

Reader = Callable[[Article], Reading]


@contextmanager
def database(home: Path) -> Iterator[Engine]:
    """Open the database of a home for a moment."""
    home.mkdir(parents=True, exist_ok=True)
    engine = open_database(url_of(home))
    try:
        yield engine
    finally:
        engine.dispose()


def fill(home: Path, made: Path, posts: Path) -> Path:
    """Give a home what was made of the posts: a copy of the files, or where the database is on a server once more."""
    if url_of(home).startswith("sqlite"):
        shutil.copytree(made, home)
    else:
        ingest(home, posts)
    return home


def ingest(home: Path, posts: Path, reader: Reader = read_figures) -> PublishReport:
    """Keep, read, audit and publish the posts of a folder; `reader` may play an engine with a fault."""
    now = datetime.now(UTC)
    with database(home) as engine:
        archive = RawArchive(engine, open_objects((home / "raw").as_uri()))
        documents = [_document(path, now) for path in sorted(posts.glob("_posts/*.md"))]
        archive.keep(documents)
        articles = [read_article(document) for document in documents]
        facts = staging.BatchFacts("posts", None, None, False, ENGINE_VERSION, now)
        staged = read_staged(engine, stage_batch(engine, facts, [(each, reader(each)) for each in articles]))
        audit = expectations.audit(staged.articles, staged.figures, staged.numbers, BatchFacts(len(documents)))
        return publish_batch(engine, staged.batch_id, audit, now=now)


def _document(path: Path, now: datetime) -> RawDocument:
    content = path.read_bytes()
    return RawDocument("posts", str(path), content, hashlib.sha256(content).hexdigest(), now)
