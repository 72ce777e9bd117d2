"""JSON lines of articles → JSON lines of figures: what a line has to be, and what becomes of each."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import IO, Any

from flows.messages import read_day
from flows.records import reading_record
from models.errors import ExtractionInputError, SettingsError, TongbiError

_NEEDED = ("id", "published", "text")
# What labelled and listed articles have beside these; nothing is read from it.
_ALLOWED = frozenset((*_NEEDED, "title", "figures"))
# No article is so long; what is longer is a whole archive in one line, or no text at all.
LONGEST_TEXT = 2_000_000
LONGEST_LINE = 64 * 1024 * 1024
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Item:
    """One article of the input."""

    identity: str
    published: date
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the input, with the number that it has in its file."""

    place: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one line: the line `written` for it, or the `fault` for which there is none."""

    place: int
    written: bytes | None
    fault: str | None = None


def lines_of(source: IO[bytes]) -> Iterator[Line]:
    """Give the lines that are not blank; of one that is too long, only as much as shows it."""
    place = 0
    while content := source.readline(LONGEST_LINE + 1):
        place += 1
        rest = content
        while len(rest) > LONGEST_LINE and not rest.endswith(b"\n"):
            rest = source.readline(LONGEST_LINE + 1)
        if place == 1:
            content = content.removeprefix(_BOM)
        if content.strip():
            yield Line(place, content)


def read_line(line: Line, *, numbers: bool) -> Outcome:
    """Read one line into the line of the output, or into what is wrong with it; it raises nothing."""
    try:
        return Outcome(line.place, _record_line(line.content, numbers=numbers))
    except TongbiError as error:
        return Outcome(line.place, None, error.what)


def _record_line(content: bytes, *, numbers: bool) -> bytes:
    from tasks.engine import read_text

    item = read_item(content)
    try:
        reading = read_text(item.text, item.published)
    except TongbiError:
        raise
    except Exception as error:  # a fault of the engine may cost this one article, not the other thousands
        fact = f"the engine failed on {item.identity!r}: {type(error).__name__}: {error}"
        raise ExtractionInputError(fact) from error
    record = reading_record(item.identity, item.published.isoformat(), reading, numbers=numbers)
    return json.dumps(record, ensure_ascii=False).encode("utf-8") + b"\n"


def read_item(content: bytes) -> Item:
    """Read one line of the input.

    >>> read_item('{"id": "a", "published": "2022-04-18", "text": "营收3亿元"}'.encode())
    Item(identity='a', published=datetime.date(2022, 4, 18), text='营收3亿元')

    Raises `ExtractionInputError` where it is no JSON object, lacks a field, or has one that cannot be used.
    """
    if len(content) > LONGEST_LINE:
        raise ExtractionInputError(f"the line is longer than {LONGEST_LINE:,} bytes")
    fields = _read_object(content)
    for name in _NEEDED:
        if name not in fields:
            raise ExtractionInputError(f"the field {name!r} is missing")
        _check_words(name, fields[name])
    unknown = sorted(fields.keys() - _ALLOWED)
    if unknown:
        raise ExtractionInputError(f"unknown field {unknown[0]!r}; an article has {', '.join(_NEEDED)}")
    try:
        published = read_day(fields["published"], "published")
    except SettingsError as error:
        raise ExtractionInputError(f"{error.what}; {error.next_step}") from None
    return Item(fields["id"], published, fields["text"])


def _read_object(content: bytes) -> dict[str, Any]:
    try:
        fields = json.loads(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ExtractionInputError(f"not UTF-8 at byte {error.start + 1}") from None
    except (ValueError, RecursionError) as error:
        raise ExtractionInputError(f"not JSON: {error}") from None
    if not isinstance(fields, dict):
        raise ExtractionInputError(f"not a JSON object but {type(fields).__name__}")
    return fields


def _check_words(name: str, words: object) -> None:
    """Refuse what is no text; emoji and marks of direction are part of one, NULs and half characters are not."""
    if not isinstance(words, str):
        raise ExtractionInputError(f"the field {name!r} is no string but {json.dumps(words)[:40]}")
    if len(words) > LONGEST_TEXT:
        raise ExtractionInputError(f"the field {name!r} has {len(words):,} characters; {LONGEST_TEXT:,} are the most")
    if "\x00" in words:
        raise ExtractionInputError(f"the field {name!r} has a NUL at character {words.index(chr(0)) + 1}")
    try:
        words.encode("utf-8")
    except UnicodeEncodeError as error:
        message = f"the field {name!r} has half a surrogate pair at character {error.start + 1}"
        raise ExtractionInputError(message) from None
