"""Corrections of faults in the source itself: data with a reason, read from `corrections.toml`.

A correction names an article, a span of its text and what stands there today (`expect`), and drops, overrides
or flags the figure of that span. `models.correcting` applies them.
"""

import tomllib
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from models.errors import CorrectionError
from models.vocabulary import Basis, Bound, Kind, Status

_SEE = 'compare it with the example in models/corrections.toml and the README, "When the source is wrong"'
_SHOWN = 3

Words = Annotated[str, Field(min_length=1, pattern=r"\S")]


class CorrectionAction(StrEnum):
    """What is done with the figure: taken out, given other fields, or left with a remark."""

    DROP = "drop"
    OVERRIDE = "override"
    FLAG = "flag"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FigureChanges(_Frozen):
    """The fields that an override sets; a field that is not named stays. An empty text empties a label or the basis."""

    kind: Kind | None = None
    value: Decimal | None = Field(default=None, allow_inf_nan=False)
    low: Decimal | None = Field(default=None, allow_inf_nan=False)
    high: Decimal | None = Field(default=None, allow_inf_nan=False)
    bound: Bound | None = None
    unit: Words | None = None
    basis: Basis | Annotated[str, Field(max_length=0)] | None = None
    metric: str | None = None
    subject: str | None = None
    period: tuple[date, date] | None = None
    status: Status | None = None

    @model_validator(mode="after")
    def _amounts(self) -> Self:
        if (self.low is None) != (self.high is None):
            raise ValueError("low and high go together")
        if self.value is not None and self.low is not None:
            raise ValueError("there is one value, or low and high")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError("low is above high")
        if self.period and self.period[0] > self.period[1]:
            raise ValueError("the period ends before it begins")
        return self


class Correction(_Frozen):
    """One correction; `span` counts the characters of the article's text, end exclusive."""

    article: Words
    span: tuple[int, int]
    expect: Words
    action: CorrectionAction
    set: FigureChanges | None = None
    reason: Words
    who: Words
    date: date

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if not 0 <= self.span[0] < self.span[1]:
            raise ValueError("span is [first character, the one after the last]")
        if len(self.expect) != self.span[1] - self.span[0]:
            raise ValueError(f"expect has {len(self.expect)} characters, the span {self.span[1] - self.span[0]}")
        has_changes = self.set is not None and bool(self.set.model_fields_set)
        if has_changes != (self.action is CorrectionAction.OVERRIDE):
            raise ValueError("an override, and nothing else, has set = { … }")
        return self

    @property
    def name(self) -> str:
        """What the messages call it: "202204182200000002 at 14…24"."""
        return f"{self.article} at {self.span[0]}…{self.span[1]}"

    @property
    def mark(self) -> str:
        """What stands among the rules of the figure that it has touched."""
        done = {
            CorrectionAction.DROP: "dropped",
            CorrectionAction.OVERRIDE: "corrected",
            CorrectionAction.FLAG: "flagged",
        }
        return f"{done[self.action]} by {self.who} on {self.date}: {self.reason}"


_DONE = {
    CorrectionAction.DROP: "dropped",
    CorrectionAction.OVERRIDE: "corrected",
    CorrectionAction.FLAG: "flagged",
}

# The corrections of each article.
Corrections = Mapping[str, tuple[Correction, ...]]

NO_CORRECTIONS: Corrections = MappingProxyType({})


def read_corrections(path: Path) -> Corrections:
    """Give the corrections of a file by article.

    Raises CorrectionError, which names the file, the correction and the field, for a file that is not there or
    is no TOML, a field that is missing, unknown or wrong, and two corrections of overlapping spans.
    """
    found: defaultdict[str, list[Correction]] = defaultdict(list)
    for number, table in enumerate(_tables(path), start=1):
        correction = _correction(table, f"{path}: [[correction]] number {number}")
        for other in found[correction.article]:
            if other.span[0] < correction.span[1] and correction.span[0] < other.span[1]:
                raise CorrectionError(f"{path}: {correction.name} overlaps {other.name}", "keep one of the two")
        found[correction.article].append(correction)
    return {article: tuple(corrections) for article, corrections in found.items()}


def _tables(path: Path) -> list[Any]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CorrectionError(
            f"cannot read {path}: {error.strerror}", "set TONGBI_CORRECTIONS to another file"
        ) from error
    except ValueError as error:
        raise CorrectionError(f"{path} is not valid TOML: {error}", "correct the file") from error
    tables = content.pop("correction", [])
    if content or not isinstance(tables, list):
        raise CorrectionError(f"{path}: only [[correction]] tables are known", _SEE)
    return tables


def _correction(table: Any, where: str) -> Correction:
    try:
        return Correction.model_validate(table)
    except ValidationError as error:
        found = error.errors()
        said = [f"{'.'.join(map(str, each['loc'])) or 'the whole'}: {each['msg'].lower()}" for each in found[:_SHOWN]]
        more = f"; and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        raise CorrectionError(f"{where}: {'; '.join(said)}{more}", _SEE) from None
