"""Sources over HTTP for tests: opened on a played site, impatient, with a raw archive of their own."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from models.database import open_database
from models.errors import DocumentError
from models.objects import open_objects
from models.raw_archive import RawArchive
from models.values import Article, RawDocument
from tasks.articles import read_article
from tasks.sources import KINDS, Declaration, DocumentRef, Source, Surroundings, close_source, fetch_many
from tests.site.playing import Site

PROJECT = Path(__file__).resolve().parents[3]
SAMPLE = PROJECT / "archive" / "sample"
IMPATIENT: dict[str, Any] = {
    "requests_per_second": 0,
    "wait_seconds": 0.01,
    "read_seconds": 0.4,
    "total_seconds": 1.0,
    "attempts": 3,
    "max_bytes": 2_000_000,
    "patience_seconds": 5.0,
}
KIND_OF = {"atom_feed": "/feed.xml", "site_pages": "/", "news_api": "/"}
OWN_OPTIONS: dict[str, dict[str, Any]] = {"news_api": {"markets": [37]}}


@dataclass(frozen=True)
class Run:
    """What one run over a source gave: what was listed, the articles by info code, and the errors."""

    refs: list[DocumentRef]
    documents: list[RawDocument]
    articles: dict[str, Article]
    errors: list[DocumentError]
    new: int

    @property
    def said(self) -> str:
        return "\n".join(error.what for error in self.errors)


def new_archive(folder: Path) -> RawArchive:
    return RawArchive(open_database(f"sqlite:///{folder}/tongbi.db"), open_objects((folder / "raw").as_uri()))


@contextmanager
def opened(kind: str, site: Site, archive: RawArchive | None, **options: Any) -> Iterator[Source]:
    """Open a source of a kind on the site, named as its kind."""
    wanted = IMPATIENT | OWN_OPTIONS.get(kind, {}) | options
    source = KINDS[kind](Declaration(kind, kind, site.url + KIND_OF[kind], Path(), wanted), Surroundings(archive))
    try:
        yield source
    finally:
        close_source(source)


def run(kind: str, site: Site, archive: RawArchive, **options: Any) -> Run:
    """List, fetch, keep and read all that a source has."""
    with opened(kind, site, archive, **options) as source:
        refs = source.list_documents(None, None)
        outcomes = fetch_many(source, refs)
    documents = [each for each in outcomes if isinstance(each, RawDocument)]
    new = archive.keep(documents)
    articles: dict[str, Article] = {}
    errors = [each for each in outcomes if isinstance(each, DocumentError)]
    for document in documents:
        try:
            article = read_article(document)
        except DocumentError as error:
            errors.append(error)
        else:
            articles[article.info_code] = article
    return Run(refs, documents, articles, errors, new)


def few_posts(folder: Path) -> None:
    """Copy the posts of three categories of the sample: enough for a page of each kind."""
    (folder / "_posts").mkdir()
    for path in sorted((SAMPLE / "_posts").glob("*.md")):
        if re.search(r"^categories: (?:roll|companies|securities)$", path.read_text(encoding="utf-8"), re.MULTILINE):
            shutil.copy(path, folder / "_posts")


@cache
def sample_articles() -> dict[str, Article]:
    """The articles of the sample archive, read from its folder."""
    source = KINDS["jekyll_archive"](Declaration("sample", "jekyll_archive", str(SAMPLE), Path()), Surroundings())
    read = [read_article(source.fetch(ref)) for ref in source.list_documents(None, None)]
    return {article.info_code: article for article in read}


def without_place(article: Article) -> Article:
    """The article without where it lay and how its time was written."""
    return replace(article, source="", location="", raw_sha256="", published_written=None, published_from=None)
