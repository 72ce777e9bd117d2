"""A folder of Jekyll posts: `_posts/YYYY-MM-DD-INFOCODE.md`, `old_post/` beside it, or the folder itself."""

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from models.errors import DocumentError, SourceError
from models.values import RawDocument
from tasks.sources.documents import DocumentRef, chosen

FOLDERS = ("_posts", "old_post")
# A post's name has a date, or begins with the hyphen that a missing date leaves, or is an info code alone.
_POST_NAME = re.compile(
    r"(?:(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})-|-|(?=\d{14}))(?P<code>[^.].*)\.(?:md|markdown|html)",
    re.IGNORECASE,
)
# A long info code says which file it is; the -2 of a second file of the same article is no part of it.
_CODE = re.compile(r"(?:NW)?(?P<code>\d{14,})(?:-\d+)?")
_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
_FRONT_MATTER_DAY = re.compile(rb"^date:\s*[\"']?(\d{4})-(\d{1,2})-(\d{1,2})", re.MULTILINE)
_FRONT_MATTER_BYTES = 4096


@dataclass(frozen=True, slots=True)
class JekyllArchive:
    """The posts of one folder; `name` is what their rows call their source.

    Posts are those of the folder itself and those of the sub-folders `folders` and all that is below them.
    """

    name: str
    folder: Path
    folders: tuple[str, ...] = FOLDERS

    def list_documents(self, since: date | None, until: date | None) -> list[DocumentRef]:
        """List the posts published from `since` to `until`, both days included, by file name.

        The day is that of the file name, else of the info code, else of the front matter; a post that has
        none is listed whatever the days. Raises SourceError for a missing folder, one without any post, and
        `since` after `until`.
        """
        return chosen([self._reference(path) for path in self._posts()], since, until)

    def fetch(self, ref: DocumentRef) -> RawDocument:
        """Give the bytes of one post. Raises DocumentError where its file cannot be read."""
        try:
            content = Path(ref.location).read_bytes()
        except OSError as error:
            raise DocumentError(
                f"cannot read {ref.location}: {error.strerror}",
                "make it a readable file with a UTF-8 name, or remove it, then run again",
            ) from error
        sha256 = hashlib.sha256(content).hexdigest()
        now = datetime.now(UTC)
        return RawDocument(self.name, ref.location, content, sha256, now, published_on=ref.published_on)

    def _posts(self) -> list[Path]:
        # os.path, for unlike pathlib it raises nothing where a parent folder may not be entered
        if not os.path.isdir(self.folder):
            fact = "is not a folder" if os.path.exists(self.folder) else "does not exist"
            raise SourceError(f"the archive {self.folder} {fact}", "check the location of the source")
        inner = [self.folder / name for name in self.folders if (self.folder / name).is_dir()]
        try:
            posts = [*_walk(self.folder, deep=False), *(path for root in inner for path in _walk(root))]
        except OSError as error:
            fact = f"cannot list {error.filename}: {error.strerror}"
            raise SourceError(fact, "check its permissions") from error
        if not posts:
            wanted = f"name a folder with {' or '.join(self.folders)}, or with YYYY-MM-DD-INFOCODE.md files"
            raise SourceError(f"the archive {self.folder} holds no posts", wanted)
        return sorted(posts, key=lambda path: (path.name, str(path)))

    def _reference(self, path: Path) -> DocumentRef:
        name = _POST_NAME.fullmatch(path.name)
        code = _info_code(name["code"]) if name else None
        return DocumentRef(self.name, _location(path), code, _published_on(path, name, code))


def is_post_name(name: str) -> bool:
    """Tell whether a file is named like a post."""
    return _POST_NAME.fullmatch(name) is not None


def _walk(folder: Path, *, deep: bool = True) -> Iterator[Path]:
    """Give what is named like a post; a folder so named too, so that it is reported and not passed over."""
    for path in folder.iterdir():
        if path.name.startswith("."):
            continue
        if _POST_NAME.fullmatch(path.name):
            yield path
        elif deep and path.is_dir() and not path.is_symlink():
            yield from _walk(path)


def _location(path: Path) -> str:
    """Give the path, in characters that a database can hold even where its bytes are not UTF-8."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _info_code(stem: str) -> str:
    code = _CODE.fullmatch(stem)
    return code["code"] if code else stem


def _published_on(path: Path, name: re.Match[str] | None, code: str | None) -> date | None:
    from_name = _day(name["year"], name["month"], name["day"]) if name and name["year"] else None
    return from_name or _code_day(code) or _front_matter_day(path)


def _code_day(code: str | None) -> date | None:
    found = _DAY.match(code) if code and code.isdecimal() else None
    return _day(*found.groups()) if found else None


def _front_matter_day(path: Path) -> date | None:
    try:
        with path.open("rb") as file:
            found = _FRONT_MATTER_DAY.search(file.read(_FRONT_MATTER_BYTES))
    except OSError:
        return None  # an unreadable post is listed and reported when it is fetched
    return _day(*found.groups()) if found else None


def _day(year: str | bytes, month: str | bytes, day: str | bytes) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
