"""The ASGI application of the played site, and the protocol that lets a fault reach the socket itself."""

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable
from email.utils import formatdate
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

from tests.site.content import Content
from tests.site.faults import FAULTS, Exchange, Send, bomb

_TRANSPORTS: dict[tuple[str, int], asyncio.Transport] = {}
_NOWHERE = Content("text/html", b"<html><body>404</body></html>")


class ReachableProtocol(H11Protocol):
    """Remembers the transport of each connection by its peer, so that a fault can break it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        _TRANSPORTS[tuple(transport.get_extra_info("peername")[:2])] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        _TRANSPORTS.pop(tuple(self.transport.get_extra_info("peername")[:2]), None)
        super().connection_lost(exc)


class PlayedSite:
    """Answers what `content` has, or goes wrong where a switch is on.

    `PUT /_faults` sets the switches, path → [fault, how many times, or -1 for always]; `GET /_log` gives how
    often each path was answered with each status, and forgets it.
    """

    def __init__(self, content: dict[str, Content]) -> None:
        self._content = content
        self._tags = {path: each.etag for path, each in content.items()}
        self._faults: dict[str, tuple[str, int]] = {}
        self._log: Counter[str] = Counter()

    async def __call__(self, scope: Any, receive: Callable[[], Awaitable[Any]], send: Send) -> None:
        if scope["type"] != "http":
            return
        path = scope["path"] + (f"?{scope['query_string'].decode()}" if scope["query_string"] else "")
        if path.startswith("/_"):
            await self._control(path, receive, send)
            return
        content = self._content.get(path, _NOWHERE)
        exchange = Exchange(path, content, send, _TRANSPORTS[tuple(scope["client"])])
        fault = self._fault_of(path)
        if fault:
            self._log[f"{fault} {path}"] += 1
            await FAULTS[fault](exchange)
        else:
            await self._answer(exchange, dict(scope["headers"]).get(b"if-none-match", b"").decode())

    async def _answer(self, exchange: Exchange, known: str) -> None:
        tag = self._tags.get(exchange.path)
        status = 404 if tag is None else 304 if tag == known else 200
        self._log[f"{status} {exchange.path}"] += 1
        if status == 304:
            await exchange.start(304, {"etag": known, "date": formatdate(usegmt=True)})
            await exchange.send({"type": "http.response.body"})
            return
        extra = {"etag": tag} if tag else {}
        await exchange.answer(exchange.content, status, date=formatdate(usegmt=True), **extra)

    def _fault_of(self, path: str) -> str | None:
        found = next((prefix for prefix in self._faults if path.startswith(prefix)), None)
        if found is None:
            return None
        fault, times = self._faults[found]
        if times == 0:
            return None
        self._faults[found] = fault, times - 1
        return fault

    async def _control(self, path: str, receive: Callable[[], Awaitable[Any]], send: Send) -> None:
        exchange = Exchange(path, _NOWHERE, send, asyncio.Transport())
        if path == "/_log":
            log, self._log = dict(self._log), Counter()
            await exchange.answer(Content("application/json", json.dumps(log).encode()))
            return
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        self._faults = {key: (fault, times) for key, (fault, times) in json.loads(body).items()}
        if any(fault == "gzip_bomb" for fault, _ in self._faults.values()):
            bomb()
        await exchange.answer(Content("text/plain", b"set"))
