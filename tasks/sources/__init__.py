"""Where documents come from: one file a kind of source, one list of the kinds.

A new kind is a file beside `jekyll_archive.py` with a function from a Declaration to a Source, and a line in
KINDS.
"""

import os
from collections.abc import Callable
from pathlib import Path

from models.errors import SourceError
from tasks.sources.declarations import Declaration, read_declarations
from tasks.sources.documents import DocumentRef, Source
from tasks.sources.jekyll_archive import open_archive

__all__ = ["KINDS", "Declaration", "DocumentRef", "Source", "open_source", "read_declarations"]

KINDS: dict[str, Callable[[Declaration], Source]] = {
    "jekyll_archive": open_archive,
}
# What a bare folder is taken for.
_KIND_OF_FOLDERS = "jekyll_archive"


def open_source(spec: str, declarations: Path) -> Source:
    """Give the source that `spec` names: one declared in the file `declarations`, else a folder.

    `open_source("sample", Path("sources.toml"))` is the archive declared as `sample`, even where a folder
    `sample` exists. A folder's source is named by its full path. Raises SourceError for what is neither, and
    for a declaration that cannot be used.
    """
    declared = read_declarations(declarations)
    if spec in declared:
        return _open(declared[spec], declarations)
    folder = os.path.abspath(os.path.expanduser(spec))
    if not spec or not os.path.exists(folder):
        known = ", ".join(sorted(declared)) or f"none (no declarations in {declarations})"
        raise SourceError(f"no source and no folder is called {spec!r}", f"known sources: {known}")
    return KINDS[_KIND_OF_FOLDERS](Declaration(folder, _KIND_OF_FOLDERS, folder, Path()))


def _open(declaration: Declaration, declarations: Path) -> Source:
    if declaration.kind not in KINDS:
        raise SourceError(
            f"{declarations}: the source {declaration.name!r} is of the unknown kind {declaration.kind!r}",
            f"known kinds: {', '.join(sorted(KINDS))}",
        )
    return KINDS[declaration.kind](declaration)
