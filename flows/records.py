"""Figures and numbers as the JSON records that `tongbi extract` writes and `README.md` describes."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from models.errors import ExtractionInputError
from models.values import Figure, Number, Reading


def plain(amount: Decimal | None) -> str | None:
    """Write a decimal without an exponent.

    >>> plain(Decimal("2.2E+11"))
    '220000000000'
    """
    return None if amount is None else format(amount, "f")


def figure_record(figure: Figure) -> dict[str, Any]:
    """Give the fields of a figure in the order of the contract, decimals and days as strings."""
    period = figure.period
    return {
        "start": figure.start,
        "end": figure.end,
        "text": figure.text,
        "kind": figure.kind.value,
        "value": plain(figure.value),
        "low": plain(figure.low),
        "high": plain(figure.high),
        "bound": figure.bound.value,
        "unit": figure.unit,
        "basis": figure.basis.value if figure.basis else None,
        "metric": figure.metric,
        "subject": figure.subject,
        "period": {"start": period.start.isoformat(), "end": period.end.isoformat()} if period else None,
        "status": figure.status.value,
        "metric_id": figure.metric_id,
        "entity_id": figure.entity_id,
    }


def number_record(number: Number) -> dict[str, Any]:
    """Give one entry of the ledger: where the number stands, its role, and why it is unread or malformed."""
    return {
        "start": number.start,
        "end": number.end,
        "text": number.text,
        "role": number.role.value,
        "reason": number.reason,
    }


def reading_record(identity: str, published: str, reading: Reading, *, numbers: bool) -> dict[str, Any]:
    """Give the record of one article: its figures, and the ledger too where `numbers` is true."""
    record: dict[str, Any] = {"id": identity, "published": published}
    record["figures"] = [figure_record(figure) for figure in reading.figures]
    if numbers:
        record["numbers"] = [number_record(number) for number in reading.numbers]
    return record


def read_records(path: Path, *needed: str) -> Iterator[dict[str, Any]]:
    """Give the records of a file of JSON lines, each with the fields `needed`; blank lines are passed over.

    Raises `ExtractionInputError` where the file cannot be read or a line is no such record.
    """
    try:
        with path.open("rb") as lines:
            for place, line in enumerate(lines, start=1):
                if line.strip():
                    yield _read_record(line, f"{path}, line {place}", needed)
    except OSError as error:
        raise ExtractionInputError(f"cannot read {path}: {error.strerror}", "check the path") from error


def _read_record(line: bytes, where: str, needed: tuple[str, ...]) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ExtractionInputError(f"{where}: not JSON: {error}") from None
    missing = [name for name in needed if not isinstance(record, dict) or name not in record]
    if missing:
        raise ExtractionInputError(f"{where}: the field {missing[0]!r} is missing", "make it with `tongbi extract`")
    found: dict[str, Any] = record
    return found
