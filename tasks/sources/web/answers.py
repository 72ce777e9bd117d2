"""What came for one address, and what the failures of HTTP mean: transient or terminal."""

import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

import httpx

from models.errors import FetchError, TerminalFetchError, TransientFetchError

_TRANSIENT_STATUS = frozenset((408, 425, 429))
_TIMEOUTS = (TimeoutError, httpx.TimeoutException)
_TRANSIENT = (*_TIMEOUTS, httpx.NetworkError, httpx.RemoteProtocolError)


@dataclass(frozen=True, slots=True)
class Answer:
    """A document as it came from `url`; `status` 304 says that it is as it was, and `content` is empty."""

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    content: bytes
    fetched_at: datetime

    def header(self, name: str) -> str | None:
        """Give a header by its name in lower case, None where it has none."""
        return dict(self.headers).get(name)


def status_failure(url: str, status: int, headers: Mapping[str, str]) -> FetchError:
    """Give the error of an answer with a status that is no success."""
    said = f"{url}: the server answered {status}"
    if status in _TRANSIENT_STATUS or status >= 500:
        wait = retry_after(headers)
        return TransientFetchError(said, url=url, status=status, retry_after=wait)
    return TerminalFetchError(said, "check the address in a browser", url=url, status=status)


def transport_failure(url: str, error: Exception) -> FetchError:
    """Give the error of a request that got no answer."""
    reason = str(error).strip() or type(error).__name__
    if any(isinstance(cause, ssl.SSLError) for cause in _causes(error)):
        return TerminalFetchError(f"{url}: no trusted connection: {reason}", "check its certificate", url=url)
    if isinstance(error, _TRANSIENT):
        if isinstance(error, _TIMEOUTS):
            reason = f"timed out ({type(error).__name__})"
        return TransientFetchError(f"{url}: {reason}", url=url)
    return TerminalFetchError(f"{url}: {type(error).__name__}: {reason}", "check the address", url=url)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Give the seconds that a server asks to wait, None where it asks for none.

    A time is taken relative to the server's own Date: its clock may be a day ahead of ours.
    """
    said = headers.get("retry-after", "").strip()
    if said.isdecimal():
        return float(said)
    until, now = _moment(said), _moment(headers.get("date", ""))
    return max((until - now).total_seconds(), 0.0) if until and now else None


def _moment(written: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(written)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo else None


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__
