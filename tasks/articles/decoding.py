"""Bytes → characters: UTF-8 with or without a byte order mark, GB18030 where it is not UTF-8."""

import re

from models.encodings import declared_charset, decode_answer
from models.errors import DocumentError

# Longer than any incomplete character at the end of a file that was cut off.
_LONGEST_CHARACTER = 4
# What no text holds: NUL and the other controls, and halves of surrogate pairs.
_NO_CHARACTERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_CHINESE = re.compile("[\u4e00-\u9fff]")


def decode(content: bytes, location: str) -> tuple[str, tuple[str, ...]]:
    """Give the characters of a document, its line ends as line feeds, and what was wrong with its bytes.

    `decode("增长8%\\r\\n".encode("gb18030"), "a.md")` → `("增长8%\\n", ("not UTF-8: decoded as GB18030",))`.
    Raises DocumentError, with the byte offset, for bytes that are neither, and for UTF-8 damaged in the
    middle.
    """
    return _tidied(*_characters(content, location))


def decode_web(content: bytes, content_type: str | None, location: str) -> tuple[str, tuple[str, ...]]:
    """Give the characters of an answer over HTTP as `decode` does, by its header, its mark and its own word.

    Raises DocumentError for bytes that are no text.
    """
    try:
        text, encoding = decode_answer(content, content_type)
    except UnicodeDecodeError as error:
        raise _undecodable(location, error) from error
    declared = declared_charset(content_type)
    is_other = declared is not None and encoding != "utf-8" and declared.lower() in ("utf-8", "utf8")
    return _tidied(text, (f"not {declared}: decoded as {encoding.upper()}",) if is_other else ())


def _tidied(text: str, faults: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    kept, dropped = _NO_CHARACTERS.subn("", text)
    if dropped:
        faults += (f"{dropped} control or half characters left out",)
    return kept, faults


def _characters(content: bytes, location: str) -> tuple[str, tuple[str, ...]]:
    try:
        # Halves of surrogate pairs pass here, to be left out and reported: they hide nothing.
        return content.decode("utf-8", "surrogatepass"), ()
    except UnicodeDecodeError as error:
        if _is_cut_off(error):
            return _before(error, "utf-8"), (_cut_off(error),)
        if not _is_damaged_utf8(content):
            return _gb18030(content, location)
        raise _undecodable(location, error) from error


def _gb18030(content: bytes, location: str) -> tuple[str, tuple[str, ...]]:
    said = "not UTF-8: decoded as GB18030"
    try:
        return content.decode("gb18030"), (said,)
    except UnicodeDecodeError as error:
        if _is_cut_off(error):
            return _before(error, "gb18030"), (said, _cut_off(error))
        raise _undecodable(location, error) from error


def _is_cut_off(error: UnicodeDecodeError) -> bool:
    ends_early = error.reason in ("unexpected end of data", "incomplete multibyte sequence")
    return ends_early and len(error.object) - error.start < _LONGEST_CHARACTER


def _before(error: UnicodeDecodeError, encoding: str) -> str:
    return error.object[: error.start].decode(encoding, "surrogatepass" if encoding == "utf-8" else "strict")


def _cut_off(error: UnicodeDecodeError) -> str:
    return f"the file is cut off inside a character, at byte {error.start}"


def _is_damaged_utf8(content: bytes) -> bool:
    """Tell UTF-8 with a few bad bytes, which GB18030 would turn into plausible nonsense, from GB18030."""
    seen = content.decode("utf-8", "replace")
    return len(_CHINESE.findall(seen)) > seen.count("\ufffd")


def _undecodable(location: str, error: UnicodeDecodeError) -> DocumentError:
    return DocumentError(
        f"{location}: byte {error.start} (0x{error.object[error.start]:02x}) is not {error.encoding} text",
        "fetch the file again, or save it as UTF-8",
    )
