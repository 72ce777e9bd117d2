"""Where documents come from: one file a kind of source, one list of the kinds.

A new kind is a file beside `jekyll_archive.py` with a function from a Declaration and its Surroundings to a
Source, and a line in KINDS.
"""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from models.errors import DocumentError, SourceError
from models.values import RawDocument
from tasks.sources.atom_feed import open_atom_feed
from tasks.sources.declarations import Declaration, read_declarations
from tasks.sources.documents import Closes, DocumentRef, FetchesMany, Source, fetch_each
from tasks.sources.jekyll import open_archive
from tasks.sources.news_api import open_news_api
from tasks.sources.raw_replay import RawReplay, reference_of
from tasks.sources.site_pages import open_site_pages
from tasks.sources.surroundings import Surroundings

__all__ = [
    "KINDS",
    "Declaration",
    "DocumentRef",
    "RawReplay",
    "Source",
    "Surroundings",
    "close_source",
    "fetch_many",
    "open_source",
    "read_declarations",
    "reference_of",
    "source_name",
]

KINDS: dict[str, Callable[[Declaration, Surroundings], Source]] = {
    "jekyll_archive": open_archive,
    "atom_feed": open_atom_feed,
    "site_pages": open_site_pages,
    "news_api": open_news_api,
}


_ALONE = Surroundings()


def open_source(spec: str, declarations: Path, surroundings: Surroundings = _ALONE) -> Source:
    """Give the source that `spec` names: one declared in the file `declarations`, else an address or a path.

    `open_source("sample", Path("sources.toml"))` is the archive declared as `sample`, even where a folder
    `sample` exists. A path's source is named by its full path, a feed's, a site's and a repository's by its
    address. Nothing is asked for yet. Raises SourceError for what is neither, and for a declaration that cannot
    be used.
    """
    declaration = _declaration(spec, declarations)
    if declaration.kind not in KINDS:
        raise SourceError(
            f"{declarations}: the source {declaration.name!r} is of the unknown kind {declaration.kind!r}",
            f"known kinds: {', '.join(sorted(KINDS))}",
        )
    return KINDS[declaration.kind](declaration, surroundings)


def source_name(spec: str, declarations: Path) -> str:
    """Give the name under which the documents of `spec` are kept, whether or not the source is still there."""
    declared = read_declarations(declarations)
    return spec if spec in declared or _kind_of_address(spec) else _full_path(spec)


def fetch_many(source: Source, refs: Sequence[DocumentRef]) -> list[RawDocument | DocumentError]:
    """Give what came of each reference, in their order: the document, or why there is none."""
    return source.fetch_many(refs) if isinstance(source, FetchesMany) else fetch_each(source, refs)


def close_source(source: Source) -> None:
    """Close what a source has open; a source that has nothing open needs nothing."""
    if isinstance(source, Closes):
        source.close()


def _declaration(spec: str, declarations: Path) -> Declaration:
    declared = read_declarations(declarations)
    if spec in declared:
        return declared[spec]
    if kind := _kind_of_address(spec):
        return Declaration(spec, kind, spec, Path())
    path = _full_path(spec)
    if not spec or not os.path.exists(path):
        known = ", ".join(sorted(declared)) or f"none (no declarations in {declarations})"
        raise SourceError(f"no source and no folder is called {spec!r}", f"known sources: {known}")
    return Declaration(path, "jekyll_archive", path, Path())


def _full_path(spec: str) -> str:
    return os.path.abspath(os.path.expanduser(spec))


def _kind_of_address(spec: str) -> str | None:
    """Tell what an address that nobody declared is taken for."""
    parts = urlsplit(spec)
    if parts.scheme.startswith("git+"):
        return "jekyll_archive"
    if parts.scheme not in ("http", "https"):
        return None
    return "atom_feed" if parts.path.endswith((".xml", ".atom")) else "site_pages"
