"""The posts of a packed archive, a .tar.gz or .zip file: unpacked into a folder that goes with the source."""

import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path, PurePosixPath
from typing import IO

from models.errors import SourceError
from models.values import RawDocument
from tasks.sources.documents import DocumentRef
from tasks.sources.jekyll_archive import JekyllArchive, is_post_name

SUFFIXES = (".tar.gz", ".tgz", ".tar", ".zip")
_LARGEST_POST = 16 * 1024 * 1024
_MOST_POSTS = 2_000_000
_LARGEST_WHOLE = 8 * 1024 * 1024 * 1024
_Member = tuple[str, IO[bytes]]


class PackedArchive:
    """The archive in the file `packed`; a post lies at `packed!/_posts/NAME.md`."""

    def __init__(self, name: str, packed: Path, folders: tuple[str, ...]) -> None:
        self.name = name
        self._packed = packed
        self._folders = folders
        self._unpacked: tempfile.TemporaryDirectory[str] | None = None

    def list_documents(self, since: date | None, until: date | None) -> list[DocumentRef]:
        """List the posts as a folder's are. Raises SourceError for a file that is no whole archive."""
        archive = self._archive()
        refs = archive.list_documents(since, until)
        return [replace(ref, location=self._outside(ref.location, archive.folder)) for ref in refs]

    def fetch(self, ref: DocumentRef) -> RawDocument:
        """Give the bytes of one post. Raises DocumentError where it cannot be read."""
        archive = self._archive()
        inside = replace(ref, location=str(archive.folder / ref.location.removeprefix(f"{self._packed}!/")))
        return replace(archive.fetch(inside), location=ref.location)

    def close(self) -> None:
        """Remove what was unpacked."""
        if self._unpacked is not None:
            self._unpacked.cleanup()
            self._unpacked = None

    def _archive(self) -> JekyllArchive:
        if self._unpacked is None:
            self._unpacked = tempfile.TemporaryDirectory(prefix="tongbi-")
            try:
                _unpack(self._packed, Path(self._unpacked.name))
            except (OSError, EOFError, zlib.error, tarfile.TarError, zipfile.BadZipFile, RuntimeError) as error:
                self.close()
                fact = f"the archive {self._packed} cannot be unpacked: {error}"
                raise SourceError(fact, "fetch or pack it again") from error
        return JekyllArchive(self.name, Path(self._unpacked.name), self._folders)

    def _outside(self, location: str, folder: Path) -> str:
        return f"{self._packed}!/{PurePosixPath(location).relative_to(folder.as_posix())}"


def _unpack(packed: Path, folder: Path) -> None:
    """Write the posts of the archive into the folder; links, other files and what lies elsewhere stay out."""
    members = _zip_members(packed) if packed.suffix == ".zip" else _tar_members(packed)
    total = 0
    for number, (name, content) in enumerate(members):
        data = content.read(_LARGEST_POST + 1)
        total += len(data)
        if len(data) > _LARGEST_POST or total > _LARGEST_WHOLE or number >= _MOST_POSTS:
            raise SourceError(f"{packed}: {name} unpacks to too much", "look at what is in it")
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def _tar_members(packed: Path) -> Iterator[_Member]:
    with tarfile.open(packed) as archive:
        for member in archive:
            name = _inner_name(member.name) if member.isfile() else None
            content = archive.extractfile(member) if name else None
            if name and content:
                yield name, content


def _zip_members(packed: Path) -> Iterator[_Member]:
    with zipfile.ZipFile(packed) as archive:
        for member in archive.infolist():
            is_link = (member.external_attr >> 16) & 0o170000 == 0o120000
            name = None if member.is_dir() or is_link else _inner_name(member.filename)
            if name:
                with archive.open(member) as content:
                    yield name, content


def _inner_name(name: str) -> str | None:
    """Give where a post lies in the archive, below the one folder that most archives wrap all in.

    `site-main/_posts/2022-04-18-202204182347189049.md` → `_posts/2022-04-18-…`; None for what is no post and for
    a name that leads out of the archive.
    """
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or "\0" in name or not is_post_name(path.name):
        return None
    parts = [part for part in path.parts if part != "."]
    posts = next((place for place, part in enumerate(parts) if part in ("_posts", "old_post")), len(parts) - 1)
    return "/".join(parts[posts:])
