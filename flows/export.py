"""Rows as JSON, CSV and Parquet, on standard output or in a file, piece by piece so that memory stays flat.

A file is whole or not there: it is written beside its place and moved there at its end.
"""

import io
import os
import shutil
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import IO, Any

import polars as pl

from models.errors import SettingsError
from models.exact import with_decimals

# A spreadsheet takes a cell that begins so for a formula, but a plain number may begin with its sign. What begins
# with the apostrophe itself gets one more, so that the first can always be taken away again.
_FORMULA = r"^[=+\-@\t\r\n＝＋－＠']"
_NUMBER = r"^[+-]?[0-9]+(?:\.[0-9]+)?$"
# The column by which a folder is parted; other programs read its name as a column too.
_MONTH = "published_month"
_UNDATED = "__HIVE_DEFAULT_PARTITION__"


class Format(StrEnum):
    """How rows are written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    PARQUET = "parquet"


class Writer(ABC):
    """Takes frames one after the other, and ends what it wrote."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    @abstractmethod
    def add(self, frame: pl.DataFrame) -> None:
        """Write the rows of one more frame."""

    def close(self) -> None:  # noqa: B027 - most have no end
        """Write what ends the whole."""

    def give_up(self) -> None:  # noqa: B027
        """Let go of what will never be whole."""


def write(rows: pl.DataFrame | Iterable[pl.DataFrame], form: Format, target: Path | None) -> None:
    """Write frames as JSON, CSV or Parquet into the file `target`, or to standard output where it is None.

    Raises `SettingsError` for a file that cannot be written, and for Parquet on a terminal; `ExportError` for an amount
    that Parquet has no room for.
    """
    frames = [rows] if isinstance(rows, pl.DataFrame) else rows
    if target is None:
        if form is Format.PARQUET and sys.stdout.isatty():
            raise SettingsError("Parquet is no text for a terminal", "name a file with --output")
        _write_all(frames, _WRITERS[form], sys.stdout.buffer)
        sys.stdout.buffer.flush()
        return
    with _plain_errors(target), _moved(target) as place, place.open("wb") as stream:
        _write_all(frames, _WRITERS[form], stream)


def write_by_month(rows: Iterable[pl.DataFrame], target: Path) -> None:
    """Write frames, sorted by `published`, as Parquet into the new folder `target`: a file for each month in Shanghai.

    `target/published_month=2022-04/figures.parquet`; the undated ones are where Hive has them. Raises `SettingsError`
    where something is at that place already or it cannot be written.
    """
    if target.exists():
        raise SettingsError(f"there is something at {target} already", "name another folder, or remove it")
    with _plain_errors(target), _moved(target) as place:
        place.mkdir()
        for month, frames in _months(rows):
            folder = place / f"{_MONTH}={month}"
            folder.mkdir()
            with (folder / "figures.parquet").open("wb") as stream:
                _write_all(frames, ParquetWriter, stream)


def _write_all(frames: Iterable[pl.DataFrame], kind: "type[Writer]", stream: IO[bytes]) -> None:
    writer = kind(stream)
    try:
        for frame in frames:
            writer.add(frame)
        writer.close()
    except BaseException:
        writer.give_up()
        raise


class JsonWriter(Writer):
    """A JSON array with one object a line; amounts are strings, days and times ISO."""

    def __init__(self, stream: IO[bytes]) -> None:
        super().__init__(stream)
        self._lead = b"[\n"

    def add(self, frame: pl.DataFrame) -> None:
        """Write one object a line."""
        if frame.is_empty():
            return
        lines = io.BytesIO()
        _with_iso_times(frame).write_ndjson(lines)
        # A line feed in a value is written \n, so each one that stands there ends a row.
        self._stream.write(self._lead + lines.getvalue().rstrip(b"\n").replace(b"\n", b",\n"))
        self._lead = b",\n"

    def close(self) -> None:
        """End the array."""
        self._stream.write(b"\n]\n" if self._lead == b",\n" else b"[]\n")


class CsvWriter(Writer):
    """CSV in UTF-8 with a header; no cell starts a formula: "=1+1" becomes "'=1+1", "-5" stays."""

    def __init__(self, stream: IO[bytes]) -> None:
        super().__init__(stream)
        self._needs_header = True

    def add(self, frame: pl.DataFrame) -> None:
        """Write the header before the first frame, and one record a row."""
        plain = _with_iso_times(frame).with_columns(harmless(pl.col(pl.String)))
        self._stream.write(plain.write_csv(include_header=self._needs_header).encode())
        self._needs_header = False


class ParquetWriter(Writer):
    """Parquet with amounts as `Decimal(38, 12)`, days as days and times with their zone; a frame is a row group."""

    def __init__(self, stream: IO[bytes]) -> None:
        super().__init__(stream)
        self._writer: Any = None

    def add(self, frame: pl.DataFrame) -> None:
        """Write one more row group."""
        import pyarrow.parquet as pq

        table = with_decimals(frame).to_arrow(compat_level=pl.CompatLevel.oldest())
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._stream, table.schema, compression="zstd")
        self._writer.write_table(table)

    def close(self) -> None:
        """Write the footer, without which nobody can read the file."""
        if self._writer is not None:
            self._writer.close()

    def give_up(self) -> None:
        """Close it while its stream is open, for it writes the footer when it is collected too."""
        self.close()


def harmless(column: pl.Expr) -> pl.Expr:
    """Give cells that no spreadsheet takes for a formula: an apostrophe goes before what begins like one.

    "=HYPERLINK(1)" becomes "'=HYPERLINK(1)", "-0.05" and null stay.
    """
    is_formula = column.str.contains(_FORMULA) & ~column.str.contains(_NUMBER)
    return pl.when(is_formula).then(column.str.replace("^", "'")).otherwise(column)


def _with_iso_times(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(pl.col(pl.Datetime("us", "*")).dt.to_string("%Y-%m-%dT%H:%M:%S%.f%:z"))


def _months(rows: Iterable[pl.DataFrame]) -> Iterator[tuple[str, Iterable[pl.DataFrame]]]:
    """Give each month with its frames, which have to be taken before the next month is asked for."""
    from itertools import groupby
    from operator import itemgetter

    parts = (
        (str(month) if month else _UNDATED, part)
        for frame in rows
        for (month,), part in frame.group_by(pl.col("published").dt.strftime("%Y-%m"), maintain_order=True)
    )
    for month, same in groupby(parts, key=itemgetter(0)):
        yield month, (part for _, part in same)


@contextmanager
def _moved(target: Path) -> Iterator[Path]:
    """Give a place beside the target that becomes it at the end, and goes where the end is not reached."""
    whole = target.resolve()
    if whole.exists() and not whole.is_file():
        yield target  # a pipe or a device, or a folder, which cannot be written
        return
    place = whole.with_name(f".{whole.name}.{os.getpid()}.part")
    try:
        yield place
        place.replace(whole)
    finally:
        shutil.rmtree(place, ignore_errors=True)
        if place.is_file():
            place.unlink()


@contextmanager
def _plain_errors(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise SettingsError(f"cannot write {target}: {reason}", "name another with --output") from error


_WRITERS: "dict[Format, type[Writer]]" = {
    Format.JSON: JsonWriter,
    Format.CSV: CsvWriter,
    Format.PARQUET: ParquetWriter,
}
