"""Prefect's server for a home: found where one answers, started where none does.

`tongbi serve` writes the address of its own server to the home, so that every other command of the home uses it too:
two servers on one SQLite file would be in each other's way.
"""

import contextlib
import fcntl
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from flows.serving.children import start, stop
from models.errors import PrefectError

# The first start on a machine makes a database; a busy machine takes minutes.
START_SECONDS = 600.0
_STOP_SECONDS = 15.0
_LOCAL = ("127.0.0.1", "localhost", "::1", "0.0.0.0", "::")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a server of ours listens."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """The address of its pages: http://127.0.0.1:4200; one that listens everywhere is reached here."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    @property
    def api(self) -> str:
        """The address of its API."""
        return f"{self.url}/api"


def api_answers(api: str, seconds: float = 3.0) -> bool:
    """Tell whether a Prefect server answers at an address such as http://127.0.0.1:4200/api."""
    import httpx

    with contextlib.suppress(httpx.HTTPError, httpx.InvalidURL):
        answer = httpx.get(f"{api.rstrip('/')}/health", timeout=seconds, trust_env=not _is_local(api))
        return answer.status_code == 200 and answer.text == "true"
    return False


def running_api(home: Path) -> str | None:
    """Give the API of the server that a `tongbi serve` of this home runs now, None where there is none."""
    with contextlib.suppress(OSError):
        api = _note(home).read_text(encoding="utf-8").strip()
        return api if api and api_answers(api, seconds=1.0) else None
    return None


class Server:
    """The server that this command uses: somebody's, or its own, which it starts, watches and stops."""

    def __init__(self, home: Path, docs: Path, place: Place) -> None:
        self._home = home
        self._docs = docs
        self._place = place
        self._given = os.environ.get("PREFECT_API_URL", "")
        self._own: subprocess.Popen[bytes] | None = None
        self.api = ""

    @property
    def is_own(self) -> bool:
        """Give True where this command started the server."""
        return self._own is not None

    def ensure(self) -> bool:
        """Find a server that answers or start one; give True where its address is not that of before.

        Raises PrefectError where PREFECT_API_URL names a server elsewhere that does not answer, where another
        program has the port, and where the server ends at its start.
        """
        if self.api and api_answers(self.api):
            return False
        before, given = self.api, self._given
        if given and not _is_local(given) and not api_answers(given):
            next_step = "start it, or unset PREFECT_API_URL to have one of our own"
            raise PrefectError(f"no Prefect server answers at {given}", next_step)
        place = _place_of(given) if given else self._place
        with one_at_a_time(self._home):
            wanted = (given,) if given else (running_api(self._home), place.api)
            self.api = next((api for api in wanted if api and api_answers(api)), None) or self._start(place)
        return self.api != before

    def stop(self) -> None:
        """Stop the server where it is our own, and take its address back."""
        if self._own is None:
            return
        stop(self._own, _STOP_SECONDS)
        self._own = None
        with contextlib.suppress(OSError):
            if _note(self._home).read_text(encoding="utf-8").strip() == self.api:
                _note(self._home).unlink()

    def _start(self, place: Place) -> str:
        _check_free(place)
        if self._own is not None:
            stop(self._own, _STOP_SECONDS)
        os.environ.setdefault("PREFECT_UI_API_URL", place.api)
        os.environ.setdefault("PREFECT_UI_URL", place.url)  # for the links of notifications
        log = self._home / "prefect" / "server.log"
        arguments = (place.host, str(place.port), str(self._docs))
        self._own = start("flows.serving.prefect_server", *arguments, log=log)
        try:
            wait_until_it_answers(self._own, place, log)
        except PrefectError:
            self._own = None
            raise
        _note(self._home).write_text(place.api, encoding="utf-8")
        return place.api


def wait_until_it_answers(process: "subprocess.Popen[bytes]", place: Place, log: Path) -> None:
    """Wait for a server that has just been started. Raises PrefectError, and stops it, where it does not come."""
    last = time.monotonic() + START_SECONDS
    while not (_listens(place) and api_answers(place.api)):
        if process.poll() is not None or time.monotonic() > last:
            stop(process, 0)
            raise PrefectError(f"Prefect's server does not start: {_last_line(log)}", f"read {log}")
        time.sleep(0.1)


def _listens(place: Place) -> bool:
    """Tell whether somebody listens there: to ask so takes less than to ask for an answer."""
    with contextlib.suppress(OSError), socket.create_connection((urlsplit(place.url).hostname or "", place.port), 1):
        return True
    return False


def _note(home: Path) -> Path:
    return home / "prefect" / "server.url"


def _is_local(api: str) -> bool:
    return (urlsplit(api).hostname or "") in _LOCAL


def _place_of(api: str) -> Place:
    parts = urlsplit(api)
    return Place(parts.hostname or "127.0.0.1", parts.port or 80)


def _check_free(place: Place) -> None:
    family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((place.host, place.port))
        except OSError as error:
            fact = f"cannot listen at {place.host}, port {place.port}: {error.strerror}"
            raise PrefectError(fact, "choose another port with --port") from error


@contextlib.contextmanager
def one_at_a_time(home: Path) -> Iterator[None]:
    """Hold off others of the home that want to start a server; the lock ends with the process."""
    folder = home / "prefect"
    folder.mkdir(parents=True, exist_ok=True)
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def _last_line(log: Path) -> str:
    lines = [each.strip() for each in log.read_text(encoding="utf-8", errors="replace").splitlines() if each.strip()]
    return lines[-1] if lines else "it said nothing"
