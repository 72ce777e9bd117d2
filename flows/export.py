"""Frames as JSON, CSV and Parquet, on standard output or in a file."""

import csv
import io
import json
import re
import sys
from collections.abc import Callable
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import polars as pl

from models.errors import SettingsError

# A spreadsheet takes a cell that begins so for a formula …
_FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
# … but a plain number may begin with its sign.
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?", re.ASCII)


class Format(StrEnum):
    """How rows are written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    PARQUET = "parquet"


def write(frame: pl.DataFrame, form: Format, target: Path | None) -> None:
    """Write a frame as JSON, CSV or Parquet into the file `target`, or to standard output where it is None.

    Raises `SettingsError` for a file that cannot be written, and for Parquet on a terminal.
    """
    content = _WRITERS[form](frame)
    if target is None:
        if form is Format.PARQUET and sys.stdout.isatty():
            raise SettingsError("Parquet is no text for a terminal", "name a file with --output")
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    try:
        target.write_bytes(content)
    except OSError as error:
        raise SettingsError(f"cannot write {target}: {error.strerror}", "name another with --output") from error


def as_json(frame: pl.DataFrame) -> bytes:
    """Give a JSON array with one object a line; amounts are strings, days and times ISO."""
    lines = (json.dumps(row, ensure_ascii=False, default=_iso) for row in frame.iter_rows(named=True))
    body = ",\n".join(lines)
    return f"[\n{body}\n]\n".encode() if body else b"[]\n"


def as_csv(frame: pl.DataFrame) -> bytes:
    """Give CSV in UTF-8 with a header; no cell starts a formula: "=1+1" becomes "'=1+1", "-5" stays."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(frame.columns)
    writer.writerows([harmless(value) for value in row] for row in frame.iter_rows())
    return text.getvalue().encode("utf-8", "replace")


def harmless(value: object) -> object:
    """Give a CSV cell that no spreadsheet takes for a formula.

    >>> harmless("=HYPERLINK(1)"), harmless("-0.05"), harmless(None)
    ("'=HYPERLINK(1)", '-0.05', None)
    """
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, str) and _FORMULA.match(value) and not _NUMBER.fullmatch(value):
        return "'" + value
    return value


def as_parquet(frame: pl.DataFrame) -> bytes:
    """Give Parquet with the columns of the frame as they are."""
    content = io.BytesIO()
    frame.write_parquet(content)
    return content.getvalue()


def _iso(value: Any) -> str:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    raise TypeError(f"no JSON for {type(value).__name__}")


_WRITERS: dict[Format, Callable[[pl.DataFrame], bytes]] = {
    Format.JSON: as_json,
    Format.CSV: as_csv,
    Format.PARQUET: as_parquet,
}
