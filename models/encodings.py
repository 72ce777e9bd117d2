"""Bytes of an answer → characters, by what the bytes, the header and the document itself say of them."""

import codecs
import re
from collections.abc import Iterator

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_WRITTEN = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_HEAD_BYTES = 2048
_LONGEST_CHARACTER = 4
# GB18030 reads all that the older Chinese encodings write. What reads any byte proves nothing and is left out.
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "cp936": "gb18030", "hz": "gb18030"}
_PROVES_NOTHING = {"iso8859-1", "cp1252", "ascii", "utf-8"}


def declared_charset(content_type: str | None) -> str | None:
    """Give the charset of a Content-Type header: `text/html; charset=GBK` → `GBK`."""
    found = _CHARSET.search(content_type or "")
    return found[1] if found else None


def decode_answer(content: bytes, content_type: str | None = None) -> tuple[str, str]:
    """Give the characters of an answer and the encoding that read them.

    A byte order mark comes first, then UTF-8, which hardly any other text happens to be; then what the header
    and the document say of themselves, then GB18030: `decode_answer("涨".encode("gbk"), "text/html;
    charset=utf-8")` → `("涨", "gb18030")`. A character that the end cuts off is left out. Raises
    UnicodeDecodeError where none reads all bytes.
    """
    last = UnicodeDecodeError("utf-8", content, 0, 1, "in no encoding that it could be in")
    for encoding in _candidates(content, content_type):
        try:
            return _decoded(content, encoding), encoding.removesuffix("-sig")
        except UnicodeDecodeError as error:
            last = error
    raise last


def _decoded(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        if not _is_cut_off(error):
            raise
        return content[: error.start].decode(encoding)


def _is_cut_off(error: UnicodeDecodeError) -> bool:
    ends_early = error.reason in ("unexpected end of data", "incomplete multibyte sequence")
    return ends_early and len(error.object) - error.start < _LONGEST_CHARACTER


def _candidates(content: bytes, content_type: str | None) -> Iterator[str]:
    yield from (encoding for mark, encoding in _BOMS if content.startswith(mark))
    yield "utf-8"
    written = _WRITTEN.search(content[:_HEAD_BYTES])
    for said in (declared_charset(content_type), written[1].decode("ascii", "replace") if written else None):
        if said and (name := _known(said)) and name not in _PROVES_NOTHING:
            yield name
    yield "gb18030"


def _known(said: str) -> str | None:
    try:
        name = codecs.lookup(said).name
    except LookupError:
        return None
    return _WIDER.get(name, name)
