"""`tongbi extract`: the engine alone, from JSON lines to JSON lines; no Prefect, no database."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from pathlib import Path
from typing import IO, Annotated

import typer

from flows.extraction import Outcome, lines_of, read_line
from flows.messages import complain
from models.errors import ExtractionInputError, SettingsError


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


def _copy(outcomes: Iterable[Outcome], target: IO[bytes], name: str) -> tuple[int, int]:
    """Write what was read, and complain of what was not; give how many lines of either kind there were."""
    done = bad = 0
    for outcome in outcomes:
        if outcome.written is None:
            complain(f"{name}, line {outcome.place}: {outcome.fault}")
            bad += 1
        else:
            target.write(outcome.written)
            done += 1
    return done, bad


def extract(
    source: Annotated[str, typer.Argument(metavar="INPUT.jsonl", help="articles as JSON lines; - for standard input")],
    output: Annotated[Path | None, typer.Option(help="the file to write instead of standard output")] = None,
    numbers: Annotated[bool, typer.Option("--numbers", help="write the ledger of all numbers too")] = False,
    jobs: Annotated[int, typer.Option(min=1, max=256, metavar="N", help="how many processes read")] = 1,
) -> None:
    """Read figures from JSON lines, without any database.

    Each line of the input is {"id", "published": "YYYY-MM-DD", "text"}; title and figures may stand there too and
    are not read. Each line of the output is {"id", "published", "figures": [...]}, in the order of the input.

    A line that is no such article (no JSON, a missing or unknown field, a bad date, a text with NULs or half
    characters or of more than two million characters) is named with its number on standard error, the others are
    done, and the exit status is 2.
    """
    from flows.workers import read_in_order

    name = "standard input" if source == "-" else source
    work = partial(read_line, numbers=numbers)
    with ExitStack() as stack:
        lines = stack.enter_context(_open_input(source))
        target = stack.enter_context(_open_output(output, source))
        outcomes = stack.enter_context(closing(read_in_order(lines_of(lines), work, jobs)))
        done, bad = _copy(outcomes, target, name)
    if bad:
        complain(f"{bad} of {done + bad} lines were not read; mend them and run again")
        raise typer.Exit(2)
