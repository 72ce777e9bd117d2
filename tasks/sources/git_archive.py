"""A repository of posts, by the installed git: a shallow copy that is brought up to date in its place."""

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from models.errors import DocumentError, SourceError, TransientSourceError
from models.values import RawDocument
from tasks.sources.documents import DocumentRef
from tasks.sources.jekyll_archive import JekyllArchive

SCHEMES = ("git+https", "git+file")
_SECONDS = 900
_SAFE_REVISION = re.compile(r"[A-Za-z0-9][\w./-]*")
# No other protocol than the declared one, no hooks, and a link in the repository is a file with a name in it.
_SETTINGS = ("protocol.allow=never", "core.hooksPath=/dev/null", "core.symlinks=false", "advice.detachedHead=false")
_PASSES = re.compile(r"could not resolve host|timed out|connection (?:reset|refused)|early EOF|returned error: 5", re.I)


class GitArchive:
    """The posts of the repository at `url` (git+https://… or git+file://…), of its branch `#NAME` if it names one."""

    def __init__(self, name: str, url: str, folders: tuple[str, ...], copies: Path | None) -> None:
        self.name = name
        self._url = url
        self._folders = folders
        self._copies = copies
        self._temporary: tempfile.TemporaryDirectory[str] | None = None
        self._archive: JekyllArchive | None = None

    def list_documents(self, since: date | None, until: date | None) -> list[DocumentRef]:
        """Bring the copy up to date and list its posts as a folder's are.

        Raises SourceError, TransientSourceError where the other side cannot be reached now.
        """
        folder = self._copy_folder()
        self._update(folder)
        self._archive = JekyllArchive(self.name, folder, self._folders)
        refs = self._archive.list_documents(since, until)
        return [replace(ref, location=self._outside(ref.location, folder)) for ref in refs]

    def fetch(self, ref: DocumentRef) -> RawDocument:
        """Give the bytes of one post. Raises DocumentError where it cannot be read."""
        if self._archive is None:
            raise DocumentError(f"{ref.location}: its repository was not listed", "list the source first")
        inside = str(self._archive.folder / ref.location.removeprefix(f"{self._url}!/"))
        return replace(self._archive.fetch(replace(ref, location=inside)), location=ref.location)

    def close(self) -> None:
        """Remove a copy that has no place to stay."""
        if self._temporary is not None:
            self._temporary.cleanup()
            self._temporary = None

    def _copy_folder(self) -> Path:
        if self._copies is not None:
            return self._copies / hashlib.sha256(self._url.encode()).hexdigest()[:16]
        if self._temporary is None:
            self._temporary = tempfile.TemporaryDirectory(prefix="tongbi-")
        return Path(self._temporary.name) / "copy"

    def _update(self, folder: Path) -> None:
        address, _, revision = self._url.removeprefix("git+").partition("#")
        if revision and not _SAFE_REVISION.fullmatch(revision):
            raise SourceError(f"{self._url}: {revision!r} is no name of a branch", "name a branch or tag")
        if not (folder / ".git").is_dir():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            self._git(folder, "init", "--quiet")
        # A copy that was interrupted is brought into order by the same commands.
        (folder / ".git" / "shallow.lock").unlink(missing_ok=True)
        (folder / ".git" / "index.lock").unlink(missing_ok=True)
        self._git(folder, "fetch", "--quiet", "--depth=1", "--no-tags", "--", address, revision or "HEAD")
        self._git(folder, "reset", "--quiet", "--hard", "FETCH_HEAD")
        self._git(folder, "clean", "--quiet", "-ffdx")

    def _git(self, folder: Path, *words: str) -> None:
        scheme = urlsplit(self._url).scheme.removeprefix("git+")
        settings = [part for one in (*_SETTINGS, f"protocol.{scheme}.allow=always") for part in ("-c", one)]
        environment = os.environ | {"GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
        for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
            environment.pop(name, None)
        command = ["git", *settings, *words]
        try:
            done = subprocess.run(
                command, cwd=folder, env=environment, capture_output=True, text=True, timeout=_SECONDS, check=False
            )
        except FileNotFoundError as error:
            raise SourceError("git is not installed", "install git, or use a packed archive") from error
        except subprocess.TimeoutExpired as error:
            raise TransientSourceError(f"{self._url}: git {words[0]} took too long", "run again later") from error
        if done.returncode:
            said = " ".join(done.stderr.split()) or f"status {done.returncode}"
            kind = TransientSourceError if _PASSES.search(said) else SourceError
            raise kind(f"{self._url}: git {words[0]} failed: {said}", "check the address and that git may read it")

    def _outside(self, location: str, folder: Path) -> str:
        return f"{self._url}!/{PurePosixPath(location).relative_to(folder.as_posix())}"
