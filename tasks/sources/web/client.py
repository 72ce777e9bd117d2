"""The polite client: bounded, paced, patient with what passes, and suspicious of where it is led."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

import httpcore
import httpx
import stamina
from aiolimiter import AsyncLimiter

from models.errors import FetchError, TerminalFetchError, TransientFetchError
from tasks.sources.web.addresses import GuardedNetwork
from tasks.sources.web.answers import Answer, status_failure, transport_failure
from tasks.sources.web.bodies import read_body
from tasks.sources.web.policy import Policy

USER_AGENT = "tongbi/0.1 (financial news reader)"
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_LONGEST_WAIT = 30.0
_RETRY_LOG = logging.getLogger("stamina")
_HEADERS = {
    "user-agent": USER_AGENT,
    "accept": "application/atom+xml, text/html, application/json, */*;q=0.5",
    "accept-encoding": "gzip, deflate",
}


@dataclass(slots=True)
class Gate:
    """How one host is entered: so many at once, so many a second, and not before it wants to be asked again."""

    at_once: asyncio.Semaphore
    pace: AsyncLimiter | None
    opens_at: float = 0.0

    async def enter(self) -> None:
        """Wait until the host may be asked."""
        while (wait := self.opens_at - time.monotonic()) > 0:
            await asyncio.sleep(wait)
        if self.pace is not None:
            await self.pace.acquire()


@dataclass(slots=True)
class Client:
    """Asks for addresses for the source at `location`; to be used inside one event loop, and closed there.

    `permit` raises a FetchError for an address, met on the way, that must not be asked for.
    """

    location: str
    policy: Policy
    permit: Callable[[str], Awaitable[None]]
    _http: httpx.AsyncClient = field(init=False)
    _gates: dict[str, Gate] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        if not _RETRY_LOG.handlers:
            # Each try is logged for those who listen; nobody else is to see it on the terminal.
            _RETRY_LOG.addHandler(logging.NullHandler())
        own = urlsplit(self.location)
        seconds, read = self.policy.connect_seconds, self.policy.read_seconds
        self._http = httpx.AsyncClient(
            transport=_GuardedTransport(
                own.hostname or "", self.policy.connections, is_encrypted=own.scheme == "https"
            ),
            timeout=httpx.Timeout(read, connect=seconds, pool=None),
            headers=_HEADERS,
            follow_redirects=False,
            trust_env=False,
        )

    async def get(self, url: str, conditions: Mapping[str, str] | None = None) -> Answer:
        """Give the answer of an address, tried again while what goes wrong may pass.

        `conditions` are the headers of a conditional request; the answer may then have status 304. Raises
        TransientFetchError where all tries failed, TerminalFetchError where another try would be the same.
        """
        try:
            return await self._once(url, conditions or {})
        except TransientFetchError as error:
            return await self._again(url, conditions or {}, error)

    async def _again(self, url: str, conditions: Mapping[str, str], error: TransientFetchError) -> Answer:
        """Try again after a first try that failed: preparing for that costs too much where nothing fails."""
        failure: TransientFetchError | None = error
        tries = stamina.retry_context(
            on=self._is_worth_a_try,
            attempts=self.policy.attempts,
            timeout=None,
            wait_initial=self.policy.wait_seconds,
            wait_max=_LONGEST_WAIT,
            wait_jitter=self.policy.wait_seconds,
        )
        async for attempt in tries:
            with attempt:
                if failure is not None:
                    first, failure = failure, None
                    raise first
                return await self._once(url, conditions)
        raise AssertionError("a try returns or raises")

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    def slow_down(self, host: str, seconds: float) -> None:
        """Ask a host at most once in so many seconds."""
        if seconds > 0:
            self._gate(host).pace = AsyncLimiter(1, seconds)

    def _is_worth_a_try(self, error: Exception) -> bool | float:
        if not isinstance(error, TransientFetchError):
            return False
        if error.retry_after is None:
            return True
        return error.retry_after if error.retry_after <= self.policy.patience_seconds else False

    async def _once(self, url: str, conditions: Mapping[str, str]) -> Answer:
        gate = self._gate(_host(url))
        async with gate.at_once:
            await gate.enter()
            try:
                async with asyncio.timeout(self.policy.total_seconds):
                    return await self._follow(url, conditions)
            except TransientFetchError as error:
                gate.opens_at = max(gate.opens_at, time.monotonic() + self._asked_to_wait(error))
                raise
            except FetchError:
                raise
            except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError) as error:
                raise transport_failure(url, error) from error

    def _asked_to_wait(self, error: TransientFetchError) -> float:
        wait = error.retry_after or 0.0
        return wait if wait <= self.policy.patience_seconds else 0.0

    def _gate(self, host: str) -> Gate:
        if host not in self._gates:
            rate = self.policy.requests_per_second
            pace = AsyncLimiter(max(rate, 1.0), max(1.0, 1 / rate)) if rate else None
            self._gates[host] = Gate(asyncio.Semaphore(self.policy.connections), pace)
        return self._gates[host]

    async def _follow(self, url: str, conditions: Mapping[str, str]) -> Answer:
        place = url
        for _ in range(self.policy.max_redirects + 1):
            request = self._http.build_request("GET", place, headers=dict(conditions))
            response = await self._http.send(request, stream=True)
            try:
                if response.status_code not in _REDIRECTS:
                    return await self._answer(url, response, conditional=bool(conditions))
                place = _next_place(url, place, response.headers.get("location", ""))
            finally:
                await response.aclose()
            await self.permit(place)
        said = f"{url}: more than {self.policy.max_redirects} redirects, the last to {place}"
        raise TerminalFetchError(said, "declare the address that it should lead to", url=url)

    async def _answer(self, url: str, response: httpx.Response, *, conditional: bool) -> Answer:
        status, headers = response.status_code, response.headers
        if status != 200 and not (status == 304 and conditional):
            raise status_failure(url, status, headers)
        if status == 304:
            # It has no body, whatever length it tells; but a connection is used again only when it was read.
            await response.aread()
            return Answer(url, status, tuple(headers.items()), b"", datetime.now(UTC))
        content = await read_body(response.aiter_raw(), headers, self.policy.max_bytes, url)
        return Answer(url, status, tuple(headers.items()), content, datetime.now(UTC))


class _GuardedTransport(httpx.AsyncHTTPTransport):
    """httpx's transport over our own network; httpx itself offers no other way to bring one."""

    def __init__(self, own_host: str, connections: int, *, is_encrypted: bool) -> None:
        # Reading all certificates takes longer than a small site; nothing leads from http to https.
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=httpx.create_ssl_context() if is_encrypted else None,
            max_connections=4 * connections,
            max_keepalive_connections=connections,
            keepalive_expiry=15.0,
            http1=True,
            http2=True,
            network_backend=GuardedNetwork(own_host),
        )


def _host(url: str) -> str:
    return urlsplit(url).netloc.lower()


def _next_place(url: str, place: str, location: str) -> str:
    following = urljoin(place, location)
    scheme = urlsplit(place).scheme
    if not location or urlsplit(following).scheme != scheme:
        said = f"{url}: redirected to {location!r}, which is not {scheme}"
        raise TerminalFetchError(said, "declare the address that it should lead to", url=url)
    return following
