"""`tongbi extract`: the engine alone, from JSON lines to JSON lines; no Prefect, no database."""

import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO, Annotated, Any

import typer

from flows.messages import complain, read_day
from flows.records import reading_record
from models.errors import ExtractionInputError, SettingsError, TongbiError

_NEEDED = ("id", "published", "text")
# What labelled and listed articles have beside these; nothing is read from it.
_ALLOWED = frozenset((*_NEEDED, "title", "figures"))


@dataclass(frozen=True, slots=True)
class Item:
    """One article of the input."""

    identity: str
    published: date
    text: str


def read_item(line: bytes) -> Item:
    """Read one line of the input.

    >>> read_item('{"id": "a", "published": "2022-04-18", "text": "营收3亿元"}'.encode())
    Item(identity='a', published=datetime.date(2022, 4, 18), text='营收3亿元')

    Raises `ExtractionInputError` where it is no JSON object, lacks a field, or has one that cannot be used.
    """
    fields = _read_object(line)
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


def _read_object(line: bytes) -> dict[str, Any]:
    try:
        fields = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ExtractionInputError(f"not UTF-8 at byte {error.start + 1}") from None
    except (ValueError, RecursionError) as error:
        raise ExtractionInputError(f"not JSON: {error}") from None
    if not isinstance(fields, dict):
        raise ExtractionInputError(f"not a JSON object but {type(fields).__name__}")
    return fields


def _check_words(name: str, words: object) -> None:
    if not isinstance(words, str):
        raise ExtractionInputError(f"the field {name!r} is no string but {json.dumps(words)[:40]}")
    try:
        words.encode("utf-8")
    except UnicodeEncodeError as error:
        message = f"the field {name!r} has half a surrogate pair at character {error.start + 1}"
        raise ExtractionInputError(message) from None


def read_line(line: bytes, *, numbers: bool) -> str:
    """Read one line of the input and give the line of the output, without its line feed."""
    from tasks.engine import read_text

    item = read_item(line)
    try:
        reading = read_text(item.text, item.published)
    except TongbiError:
        raise
    except Exception as error:  # a fault of the engine may cost this one article, not the other thousands
        fact = f"the engine failed on {item.identity!r}: {type(error).__name__}: {error}"
        raise ExtractionInputError(fact) from error
    record = reading_record(item.identity, item.published.isoformat(), reading, numbers=numbers)
    return json.dumps(record, ensure_ascii=False)


@contextmanager
def _open_input(name: str) -> Iterator[IO[bytes]]:
    if name == "-":
        yield sys.stdin.buffer
        return
    with ExitStack() as stack:
        try:
            stream = stack.enter_context(Path(name).open("rb"))
        except OSError as error:
            raise ExtractionInputError(f"cannot read {name}: {error.strerror}", "check the path") from error
        yield stream


@contextmanager
def _open_output(path: Path | None, source: str) -> Iterator[IO[bytes]]:
    """Open the output; a file gets its name only when it is whole, so that nobody reads half of it."""
    if path is None or str(path) == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    if source != "-" and path.exists() and path.samefile(source):
        raise SettingsError(f"{path} is the input", "name another file with --output")
    whole = path.is_file() or not path.exists()
    part = path.with_name(f".{path.name}.part") if whole else path
    try:
        with part.open("wb") as stream:
            yield stream
        if whole:
            part.replace(path)
    except OSError as error:
        raise SettingsError(f"cannot write {path}: {error.strerror}", "name another with --output") from error
    finally:
        if whole:
            part.unlink(missing_ok=True)


def _copy(source: IO[bytes], target: IO[bytes], name: str, *, numbers: bool) -> tuple[int, int]:
    """Read every line of `source` into `target`; give how many were read and how many were not."""
    done = bad = 0
    for place, line in enumerate(source, start=1):
        content = line.removeprefix(b"\xef\xbb\xbf") if place == 1 else line
        if not content.strip():
            continue
        try:
            written = read_line(content, numbers=numbers)
        except TongbiError as error:
            complain(f"{name}, line {place}: {error.what}")
            bad += 1
        else:
            target.write(written.encode("utf-8") + b"\n")
            done += 1
    return done, bad


def extract(
    source: Annotated[str, typer.Argument(metavar="INPUT.jsonl", help="articles as JSON lines; - for standard input")],
    output: Annotated[Path | None, typer.Option(help="the file to write instead of standard output")] = None,
    numbers: Annotated[bool, typer.Option("--numbers", help="write the ledger of all numbers too")] = False,
) -> None:
    """Read figures from JSON lines, without any database.

    Each line of the input is {"id", "published": "YYYY-MM-DD", "text"}; each line of the output is
    {"id", "published", "figures": [...]}. A line that cannot be read is named on standard error, the others
    are done, and the exit status is 2.
    """
    name = "standard input" if source == "-" else source
    with _open_input(source) as lines, _open_output(output, source) as target:
        done, bad = _copy(lines, target, name, numbers=numbers)
    if bad:
        complain(f"{bad} of {done + bad} lines were not read; mend them and run again")
        raise typer.Exit(2)
