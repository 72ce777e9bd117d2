"""Corrections applied to what was read of an article, and recognised again in a row that was stored."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from models.catalogue import find_entity, find_metric
from models.corrections import Correction, CorrectionAction, Corrections, FigureChanges
from models.errors import CorrectionError
from models.values import Article, Figure, Number, Period, Reading
from models.vocabulary import Bound, Role, Status


def correct(article: Article, reading: Reading, corrections: Corrections) -> Reading:
    """Give the reading of an article with its corrections applied; applied twice they change nothing more.

    A figure that was overridden or flagged has the correction's mark among its `rules`; a number whose figure
    was dropped is unread, with the mark as its reason. Raises CorrectionError where the article no longer says
    what a correction expects, or has no figure there.
    """
    for correction in corrections.get(article.info_code, ()):
        _check(article, correction)
        reading = _HOW[correction.action](reading, correction)
    return reading


def in_force(row: Mapping[str, Any], corrections: Corrections) -> str | None:
    """Give the mark of the override that a stored figure stands under, None where there is none.

    `row` has the columns of `models.frames.FIGURE_COLUMNS`. It has to say what the override sets: anything else
    is no corrected figure, whatever its rules claim.
    """
    for correction in corrections.get(row["info_code"], ()):
        here = (row["start"], row["end"], row["text"]) == (*correction.span, correction.expect)
        if here and correction.set is not None and _says(row, correction.set):
            return correction.mark
    return None


def _check(article: Article, correction: Correction) -> None:
    stands = article.text[slice(*correction.span)]
    if stands != correction.expect:
        raise CorrectionError(
            f"the correction {correction.name} no longer holds: it expects {correction.expect!r}, "
            f"the article has {stands!r}",
            "mend or remove it in corrections.toml, then run again",
        )


def _override(reading: Reading, correction: Correction) -> Reading:
    changes = correction.set or FigureChanges()
    figure = _figure_at(reading, correction)
    if figure is None:
        _number_at(reading, correction)
        figure = _made(correction, changes)
    changed = _changed(figure, changes)
    if correction.mark not in changed.rules:
        changed = replace(changed, rules=(*changed.rules, correction.mark))
    return _with(reading, correction, changed, Role.FIGURE, None)


def _flag(reading: Reading, correction: Correction) -> Reading:
    figure = _figure_at(reading, correction)
    if figure is None:
        raise _nothing_there(correction, "figure")
    if correction.mark in figure.rules:
        return reading
    flagged = replace(figure, rules=(*figure.rules, correction.mark))
    return replace(reading, figures=tuple(flagged if each is figure else each for each in reading.figures))


def _drop(reading: Reading, correction: Correction) -> Reading:
    _number_at(reading, correction)
    return _with(reading, correction, None, Role.UNREAD, correction.mark)


_HOW: Mapping[CorrectionAction, Callable[[Reading, Correction], Reading]] = {
    CorrectionAction.OVERRIDE: _override,
    CorrectionAction.FLAG: _flag,
    CorrectionAction.DROP: _drop,
}


def _figure_at(reading: Reading, correction: Correction) -> Figure | None:
    return next((each for each in reading.figures if (each.start, each.end) == correction.span), None)


def _number_at(reading: Reading, correction: Correction) -> Number:
    for number in reading.numbers:
        if number.start < correction.span[1] and correction.span[0] < number.end:
            return number
    raise _nothing_there(correction, "number")


def _nothing_there(correction: Correction, what: str) -> CorrectionError:
    return CorrectionError(
        f"the correction {correction.name} finds no {what} at its span",
        "give the span of the whole quantity, as `tongbi explain` shows it",
    )


def _with(reading: Reading, correction: Correction, figure: Figure | None, role: Role, reason: str | None) -> Reading:
    """Put a figure, or none, at the span, and give the number there its role."""
    first, last = correction.span
    others = [each for each in reading.figures if each.end <= first or each.start >= last]
    figures = sorted([*others, *([figure] if figure else [])], key=lambda each: each.start)
    numbers = [
        replace(each, role=role, reason=reason) if each.start < last and first < each.end else each
        for each in reading.numbers
    ]
    return Reading(tuple(figures), tuple(numbers))


def _made(correction: Correction, changes: FigureChanges) -> Figure:
    """Give the figure of a number that could not be read, which the override has to tell whole."""
    has_amount = changes.value is not None or changes.low is not None
    if changes.kind is None or changes.unit is None or not has_amount:
        raise CorrectionError(
            f"the correction {correction.name} finds no figure at its span",
            "to make one, set kind, unit and value (or low and high)",
        )
    first, last = correction.span
    return Figure(
        start=first,
        end=last,
        text=correction.expect,
        kind=changes.kind,
        value=None,
        low=None,
        high=None,
        bound=Bound.EXACT,
        unit=changes.unit,
        basis=None,
        metric=None,
        subject=None,
        period=None,
        status=Status.ACTUAL,
    )


def _changed(figure: Figure, changes: FigureChanges) -> Figure:
    plain = ("kind", "bound", "unit", "status")
    given: dict[str, Any] = {name: getattr(changes, name) for name in plain if getattr(changes, name) is not None}
    for name in ("basis", "metric", "subject"):
        if getattr(changes, name) is not None:
            given[name] = getattr(changes, name) or None
    if changes.period is not None:
        given["period"] = Period(*changes.period)
    changed = replace(figure, **given, **_amounts(figure, changes))
    metric, entity = find_metric(changed.metric), find_entity(changed.subject)
    return replace(changed, metric_id=metric.id if metric else None, entity_id=entity.id if entity else None)


def _amounts(figure: Figure, changes: FigureChanges) -> dict[str, Any]:
    if changes.low is not None:
        return {"value": None, "low": changes.low, "high": changes.high, "bound": Bound.RANGE}
    if changes.value is None:
        return {}
    bound = changes.bound or (Bound.EXACT if figure.bound is Bound.RANGE else figure.bound)
    return {"value": changes.value, "low": None, "high": None, "bound": bound}


def _says(row: Mapping[str, Any], changes: FigureChanges) -> bool:
    for name in changes.model_fields_set - {"period"}:
        given, stored = getattr(changes, name), row[name]
        if isinstance(given, Decimal):
            stored = None if stored is None else Decimal(stored)
        if stored != (None if given == "" else given):
            return False
    return changes.period is None or changes.period == (_day(row["period_start"]), _day(row["period_end"]))


def _day(stored: date | str | None) -> date | None:
    return date.fromisoformat(stored) if isinstance(stored, str) else stored
