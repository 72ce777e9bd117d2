"""The body of an answer, read with a limit on what travels and on what it unpacks to."""

import zlib
from collections.abc import AsyncIterable, Mapping

from models.errors import TerminalFetchError, TransientFetchError

_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS
_UNPACKED = ("", "identity")
_PACKED = ("gzip", "x-gzip", "deflate")


async def read_body(chunks: AsyncIterable[bytes], headers: Mapping[str, str], limit: int, url: str) -> bytes:
    """Give the unpacked bytes of an answer whose chunks come as they travel.

    Raises TerminalFetchError for a body over `limit` bytes, packed or unpacked, and for a coding that was not
    asked for; TransientFetchError for a body that ends before its Content-Length or amid its packing.
    """
    coding = headers.get("content-encoding", "").strip().lower()
    if coding not in (*_UNPACKED, *_PACKED):
        raise TerminalFetchError(f"{url}: the content coding {coding!r} is not known", "report it", url=url)
    announced = headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > limit:
        raise _too_large(url, f"{int(announced):,} bytes are announced", limit)
    travelled = 0
    body = _Body(coding in _PACKED, limit, url)
    async for chunk in chunks:
        travelled += len(chunk)
        if travelled > limit:
            raise _too_large(url, "the body goes on", limit)
        body.add(chunk)
    if announced.isdecimal() and travelled < int(announced):
        raise TransientFetchError(f"{url}: {travelled:,} of {int(announced):,} bytes came", url=url)
    return body.whole()


def _too_large(url: str, fact: str, limit: int) -> TerminalFetchError:
    return TerminalFetchError(
        f"{url}: larger than {limit:,} bytes: {fact}", "raise the option max_bytes if that is right", url=url
    )


class _Body:
    """Bytes that come in chunks, perhaps packed; never more than one byte over the limit is unpacked."""

    def __init__(self, packed: bool, limit: int, url: str) -> None:
        self._unpacker = zlib.decompressobj(_GZIP_OR_ZLIB) if packed else None
        self._limit = limit
        self._url = url
        self._pieces: list[bytes] = []
        self._size = 0

    def add(self, chunk: bytes) -> None:
        if self._unpacker is None:
            self._pieces.append(chunk)
            return
        try:
            while chunk:
                self._pieces.append(self._unpacker.decompress(chunk, self._limit - self._size + 1))
                self._size += len(self._pieces[-1])
                if self._size > self._limit:
                    raise _too_large(self._url, "it unpacks to more", self._limit)
                chunk = self._next_member()
        except zlib.error as error:
            raise TransientFetchError(f"{self._url}: the packed body is damaged: {error}", url=self._url) from error

    def _next_member(self) -> bytes:
        """Give what follows the end of a packed stream: gzip may have several."""
        if self._unpacker is None or not self._unpacker.eof or not self._unpacker.unused_data:
            return b""
        rest = self._unpacker.unused_data
        self._unpacker = zlib.decompressobj(_GZIP_OR_ZLIB)
        return rest

    def whole(self) -> bytes:
        if self._unpacker is not None and not self._unpacker.eof and self._pieces:
            raise TransientFetchError(f"{self._url}: the packed body ends early", url=self._url)
        return b"".join(self._pieces)
