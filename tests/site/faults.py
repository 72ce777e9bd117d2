"""The fault switches: each is one way in which an answer goes wrong, on a real socket."""

import asyncio
import gzip
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import lru_cache

from tests.site.content import Content

Send = Callable[[dict[str, object]], Awaitable[None]]
BOMB_BYTES = 300 * 1024 * 1024
_CHALLENGE = "<!DOCTYPE html><html><head><title>安全验证</title></head><body><div id=captcha></div></body></html>"
_LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE feed [<!ENTITY a "哈哈哈哈"><!ENTITY b "&a;&a;&a;&a;">]>'
    '<feed xmlns="http://www.w3.org/2005/Atom"><title>&b;</title></feed>'
)


@dataclass(frozen=True)
class Exchange:
    """One request that is to go wrong: what would have been answered, and how to answer."""

    path: str
    content: Content
    send: Send
    transport: asyncio.Transport

    async def answer(self, content: Content, status: int = 200, **headers: str) -> None:
        await self.start(status, {"content-type": content.type, "content-length": str(len(content.body))} | headers)
        await self.send({"type": "http.response.body", "body": content.body})

    async def start(self, status: int, headers: Mapping[str, str]) -> None:
        written = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        await self.send({"type": "http.response.start", "status": status, "headers": written})

    async def more(self, body: bytes) -> None:
        await self.send({"type": "http.response.body", "body": body, "more_body": True})


async def refuse(to: Exchange) -> None:
    to.transport.abort()


async def reset(to: Exchange) -> None:
    await to.start(200, {"content-length": str(len(to.content.body))})
    await to.more(to.content.body[: len(to.content.body) // 2])
    await asyncio.sleep(0.02)
    to.transport.abort()


async def slow_headers(to: Exchange) -> None:
    await asyncio.sleep(3)
    await to.answer(to.content)


async def slow_body(to: Exchange) -> None:
    await to.start(200, {"content-length": str(len(to.content.body))})
    for place in range(len(to.content.body)):
        await to.more(to.content.body[place : place + 1])
        await asyncio.sleep(0.05)


async def too_many(to: Exchange) -> None:
    await to.answer(Content("text/plain", b"slow down"), 429, retry_after="1")


async def too_many_by_a_fast_clock(to: Exchange) -> None:
    """The server's clock is a day ahead, and so is the time that it asks to wait for."""
    now = datetime.now(UTC) + timedelta(days=1)
    until = format_datetime(now + timedelta(seconds=1), usegmt=True)
    await to.answer(Content("text/plain", b""), 429, retry_after=until, date=format_datetime(now, usegmt=True))


async def closed_for_an_hour(to: Exchange) -> None:
    await to.answer(Content("text/plain", b""), 503, retry_after="3600")


async def error_500(to: Exchange) -> None:
    await to.answer(Content("text/html", b"<html><body>oops</body></html>"), 500)


async def not_found(to: Exchange) -> None:
    await to.answer(Content("text/html", b"<html><body>no</body></html>"), 404)


async def gzip_bomb(to: Exchange) -> None:
    await to.answer(replace(to.content, body=bomb()), content_encoding="gzip")


@lru_cache
def bomb() -> bytes:
    """Give the bomb; building it takes longer than a client waits."""
    return gzip.compress(bytes(BOMB_BYTES), 9)


async def endless(to: Exchange) -> None:
    await to.start(200, {"content-type": to.content.type})
    while not to.transport.is_closing():
        await to.more(b"<p>news</p>" * 6000)


async def short(to: Exchange) -> None:
    """Announces more than it sends."""
    await to.start(200, {"content-length": str(len(to.content.body) + 100)})
    await to.more(to.content.body)
    to.transport.close()


async def long(to: Exchange) -> None:
    """Announces less than it sends."""
    head = f"HTTP/1.1 200 OK\r\ncontent-type: {to.content.type}\r\ncontent-length: {len(to.content.body) - 60}\r\n\r\n"
    to.transport.write(head.encode() + to.content.body)
    to.transport.close()


async def loop(to: Exchange) -> None:
    await to.answer(Content("text/plain", b""), 302, location=to.path)


async def to_metadata(to: Exchange) -> None:
    await to.answer(Content("text/plain", b""), 302, location="http://169.254.169.254/latest/meta-data/")


async def to_file(to: Exchange) -> None:
    await to.answer(Content("text/plain", b""), 302, location="file:///etc/passwd")


async def gbk(to: Exchange) -> None:
    """GBK, and a header that says otherwise."""
    text = to.content.body.decode().replace('<meta charset="utf-8">', '<meta charset="gbk">')
    await to.answer(Content("text/html; charset=utf-8", text.encode("gbk", "replace")))


async def truncated(to: Exchange) -> None:
    """Ends too early, and says that it is whole."""
    await to.answer(replace(to.content, body=to.content.body[: len(to.content.body) * 3 // 5]))


async def challenge(to: Exchange) -> None:
    await to.answer(Content("text/html", _CHALLENGE.encode()))


async def duplicates(to: Exchange) -> None:
    """Each list names its first entry once more, with another title; a feed its first entry."""
    text = to.content.body.decode()
    if to.content.type.startswith("application/json"):
        await to.answer(
            replace(to.content, body=_edited(text, lambda entries: [*entries, entries[0] | {"title": "又"}]))
        )
        return
    first = text[text.index("<entry>") : text.index("</entry>") + len("</entry>")]
    await to.answer(replace(to.content, body=text.replace("</feed>", first + "</feed>").encode()))


async def empty(to: Exchange) -> None:
    text = to.content.body.decode()
    if to.content.type.startswith("application/json"):
        await to.answer(replace(to.content, body=_edited(text, lambda _: [])))
        return
    await to.answer(replace(to.content, body=re.sub(r"<entry>.*</entry>|<li>.*</li>", "", text, flags=re.S).encode()))


async def skewed(to: Exchange) -> None:
    """The first entry is dated in a year to come."""
    text = to.content.body.decode()
    await to.answer(
        replace(to.content, body=re.sub(r"(?<=[\">])20\d\d(?=-\d\d-\d\d[T ])", "2099", text, count=1).encode())
    )


async def same_text(to: Exchange) -> None:
    await to.answer(replace(to.content, body=b'{"text": "<p>one and the same</p>"}'))


async def laughs(to: Exchange) -> None:
    await to.answer(replace(to.content, body=_LAUGHS.encode()))


def _edited(text: str, edit: Callable[[list[dict[str, str]]], list[dict[str, str]]]) -> bytes:
    answer = {key: edit(entries) for key, entries in json.loads(text).items()}
    return json.dumps(answer, ensure_ascii=False).encode()


FAULTS: Mapping[str, Callable[[Exchange], Awaitable[None]]] = {
    fault.__name__: fault
    for fault in (
        refuse, reset, slow_headers, slow_body, too_many, too_many_by_a_fast_clock, closed_for_an_hour, error_500,
        not_found, gzip_bomb, endless, short, long, loop, to_metadata, to_file, gbk, truncated, challenge, duplicates,
        empty, skewed, same_text, laughs,
    )
}  # fmt: skip
