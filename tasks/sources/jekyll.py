"""The kind `jekyll_archive`: a Jekyll site's posts in a folder, a packed file or a repository."""

import os
from urllib.parse import urlsplit

from models.errors import SourceError
from tasks.sources.declarations import Declaration
from tasks.sources.documents import Source
from tasks.sources.git_archive import SCHEMES, GitArchive
from tasks.sources.jekyll_archive import FOLDERS, JekyllArchive
from tasks.sources.packed_archive import SUFFIXES, PackedArchive
from tasks.sources.surroundings import Surroundings


def open_archive(declaration: Declaration, surroundings: Surroundings) -> Source:
    """Give the archive of a declaration, whose one option is `folders`. Raises SourceError for any other.

    Its location is a folder, a packed file (.tar.gz, .zip), or the address of a repository (git+https://…).
    """
    options = dict(declaration.options)
    folders = options.pop("folders", FOLDERS)
    if options:
        raise SourceError(
            f"the source {declaration.name!r} has unknown options: {', '.join(sorted(options))}",
            "a jekyll_archive knows only `folders`",
        )
    if not isinstance(folders, list | tuple) or not all(isinstance(name, str) for name in folders):
        raise SourceError(f"the option folders of {declaration.name!r} is not a list of names", "make it one")
    if urlsplit(declaration.location).scheme.startswith("git+"):
        return _git_archive(declaration, tuple(folders), surroundings)
    place = (declaration.base / os.path.expanduser(declaration.location)).resolve()
    if place.name.endswith(SUFFIXES) and place.is_file():
        return PackedArchive(declaration.name, place, tuple(folders))
    return JekyllArchive(declaration.name, place, tuple(folders))


def _git_archive(declaration: Declaration, folders: tuple[str, ...], surroundings: Surroundings) -> GitArchive:
    parts = urlsplit(declaration.location)
    if parts.scheme not in SCHEMES or parts.password:
        known = " and ".join(f"{scheme}://" for scheme in SCHEMES)
        raise SourceError(
            f"the repository of {declaration.name!r} cannot be read from {parts.scheme}://",
            f"known are {known}, without a password: leave that to git's credential helper",
        )
    return GitArchive(declaration.name, declaration.location, folders, surroundings.copies)
