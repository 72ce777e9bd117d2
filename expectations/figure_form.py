"""The form of a figure: closed words, one spelling of amounts and units, offsets that lead to its text."""

import re
from decimal import Decimal
from functools import lru_cache

import polars as pl

from expectations.rules import Row, Rule, known_word, misplaced, overlapping
from expectations.suspects import IS_LEVEL, IS_RANGE, MISPLACED, OVERLAPPING, blank, is_decimal, unknown
from models.catalogue import entities, find_unit, metrics, units
from models.vocabulary import Basis, Bound, Kind, Status

_DECIMAL = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?")
# Other units stand as the article writes them: 平米 and 平方米 are both good.
_CODED = frozenset({"money", "ratio", "points", "multiple"})
_SCALED = re.compile(r"[十百千万亿]")
_IS_AMOUNT = (
    pl.when(pl.col("value").is_null())
    .then(is_decimal("low") & is_decimal("high"))
    .otherwise(is_decimal("value") & ~IS_RANGE)
)
_IS_FOREIGN = ~(
    (pl.col("sentence") != "")
    & (pl.col("sentence") == pl.col("sentence_written"))
    & (pl.col("sentence_start") <= pl.col("start"))
    & (pl.col("end") <= pl.col("sentence_start") + pl.col("sentence").str.len_chars())
)


def amounts(row: Row) -> tuple[Decimal, ...] | None:
    """Give the value of a figure, or the low and high of a range; None where it has no such thing.

    >>> amounts({"value": None, "low": "5", "high": "6.5"})
    (Decimal('5'), Decimal('6.5'))
    """
    value, low, high = row["value"], row["low"], row["high"]
    texts = (low, high) if value is None else (value,)
    is_both = value is not None and (low is not None or high is not None)
    if is_both or not all(isinstance(text, str) and _DECIMAL.fullmatch(text) for text in texts):
        return None
    return tuple(Decimal(text) for text in texts)


def _bad_amounts(row: Row) -> str | None:
    return None if amounts(row) else f"value {row['value']}, low {row['low']}, high {row['high']}"


def _disordered(row: Row) -> str | None:
    ends = amounts({"value": None, **row})
    return f"{row['low']} … {row['high']}" if ends and ends[0] > ends[1] else None


def _bound_without_range(row: Row) -> str | None:
    is_range = row["low"] is not None or row["high"] is not None
    agrees = (row["bound"] == Bound.RANGE) == is_range
    return None if agrees else f"bound {row['bound']} with low {row['low']}, high {row['high']}"


def _level_with_basis(row: Row) -> str | None:
    is_bad = row["kind"] == Kind.LEVEL and row["basis"] is not None
    return f"a level against {row['basis']}" if is_bad else None


def _bad_unit(row: Row) -> str | None:
    return None if row["unit"] is not None and _is_canonical(row["unit"]) else repr(row["unit"])


@lru_cache(maxsize=4096)
def _is_canonical(code: str) -> bool:
    """Give True for a known code, and for a measure word as the article has it, without a scale."""
    first = code.partition("/")[0]
    unit = find_unit(first)
    if unit is None or find_unit(code) is None:
        return False
    if unit.code != first:
        return unit.dimension not in _CODED
    return first in units() or _SCALED.match(first) is None


def _unit_of_other_kind(row: Row) -> str | None:
    is_rate, is_percent = row["kind"] == Kind.CHANGE_RATE, row["unit"] == "%"
    is_bad = row["kind"] != Kind.LEVEL and is_rate != is_percent
    return f"a {row['kind']} in {row['unit']}" if is_bad else None


def _blank_label(row: Row) -> str | None:
    blank = [f"{name} {words!r}" for name, words in row.items() if words is not None and not words.strip()]
    return ", ".join(blank) or None


def _unknown_id(row: Row) -> str | None:
    metric_id, entity_id = row["metric_id"], row["entity_id"]
    if metric_id is not None and metric_id not in metrics():
        return f"metric {metric_id}"
    return f"entity {entity_id}" if entity_id is not None and entity_id not in entities() else None


def _foreign_sentence(row: Row) -> str | None:
    sentence, written, shift = row["sentence"], row["sentence_written"], row["sentence_start"]
    if not sentence or sentence != written:
        return f"the article has {written!r} there"
    is_around = shift <= row["start"] and row["end"] <= shift + len(sentence)
    return None if is_around else f"characters {shift} to {shift + len(sentence)}, the figure is at {row['start']}"


RULES = (
    Rule(
        "figure_text_is_in_article",
        misplaced,
        suspect=MISPLACED,
        allowed="the characters of the article from start to end",
        why="A figure must point at the very characters that it was read from, or nobody can check it.",
        accepts={"text": "655.58亿元", "written": "655.58亿元", "start": 4, "end": 12},
        rejects={"written": "模655.58亿"},
    ),
    Rule(
        "figure_sentence_is_in_article",
        _foreign_sentence,
        suspect=_IS_FOREIGN,
        allowed="the sentence of the article around the figure",
        why="The sentence kept with a figure is what a reviewer reads, so it must be the article's own.",
        accepts={
            "sentence": "成交5亿元。",
            "sentence_written": "成交5亿元。",
            "sentence_start": 20,
            "start": 22,
            "end": 25,
        },
        rejects={"sentence_written": "成交6亿元。"},
    ),
    Rule(
        "figure_kind_is_known",
        known_word("kind", Kind),
        suspect=unknown("kind", Kind),
        allowed="level, change_rate or change_amount",
        why="A reader must know whether the number is an amount or a change.",
        accepts={"kind": "level"},
        rejects={"kind": "rate"},
    ),
    Rule(
        "figure_bound_is_known",
        known_word("bound", Bound),
        suspect=unknown("bound", Bound),
        allowed="exact, about, over, under or range",
        why="The bound says on which side of the number the true one lies.",
        accepts={"bound": "about"},
        rejects={"bound": "circa"},
    ),
    Rule(
        "figure_status_is_known",
        known_word("status", Status),
        suspect=unknown("status", Status),
        allowed="actual, target or forecast",
        why="A fact must not be mixed up with an aim or an expectation.",
        accepts={"status": "forecast"},
        rejects={"status": "maybe"},
    ),
    Rule(
        "figure_basis_is_known",
        known_word("basis", Basis, nullable=True),
        suspect=unknown("basis", Basis, nullable=True),
        allowed="yoy, previous_period, year_start, previous_close, other or nothing",
        why="A change means little unless one knows what it is measured against.",
        accepts={"basis": "yoy"},
        rejects={"basis": "mom"},
    ),
    Rule(
        "level_has_no_basis",
        _level_with_basis,
        suspect=IS_LEVEL & pl.col("basis").is_not_null(),
        allowed="no basis for a level",
        why="Only a change is measured against something: a level with a basis is a change misread.",
        accepts={"kind": "level", "basis": None},
        rejects={"basis": "yoy"},
    ),
    Rule(
        "figure_is_amount_or_range",
        _bad_amounts,
        suspect=~_IS_AMOUNT,
        allowed="one plain decimal, or the two ends of a range",
        why="A figure has one value or a low and a high: never both, never neither, never NaN or 1e9.",
        accepts={"value": "65558000000", "low": None, "high": None},
        rejects={"value": "NaN"},
    ),
    Rule(
        "range_is_ordered",
        _disordered,
        suspect=IS_RANGE,
        allowed="low not above high",
        why="A range with its ends the wrong way round is found by no query for what lies between.",
        accepts={"low": "-76.43", "high": "-71.5"},
        rejects={"low": "-71.5", "high": "-76.43"},
    ),
    Rule(
        "bound_is_range_for_ranges_alone",
        _bound_without_range,
        suspect=(pl.col("bound") == "range") != IS_RANGE,
        allowed="bound range where there are low and high, and nowhere else",
        why="The bound and the amounts must tell the same story.",
        accepts={"bound": "range", "low": "5", "high": "6"},
        rejects={"bound": "exact"},
    ),
    Rule(
        "unit_is_canonical",
        _bad_unit,
        allowed="a code of the catalogue, X/Y, or a bare measure word",
        why="Amounts can be compared only where a unit has one spelling and the scale is folded in.",
        accepts={"unit": "CNY/吨"},
        rejects={"unit": "亿元"},
    ),
    Rule(
        "unit_fits_kind",
        _unit_of_other_kind,
        suspect=~IS_LEVEL & ((pl.col("kind") == "change_rate") != (pl.col("unit") == "%")),
        allowed="% for a change rate, any other unit for a change amount",
        why="A relative change is in per cent and an absolute one never is: % and pp must not be mixed up.",
        accepts={"kind": "change_amount", "unit": "pp"},
        rejects={"kind": "change_rate"},
    ),
    Rule(
        "figures_do_not_overlap",
        overlapping,
        suspect=OVERLAPPING,
        allowed="a start not before the end of the figure before it",
        why="Where two figures overlap, one number was read twice, and one of the two readings is wrong.",
        accepts={"start": 11, "previous_end": 11},
        rejects={"start": 10},
    ),
    Rule(
        "labels_are_words",
        _blank_label,
        suspect=pl.any_horizontal(blank(name).fill_null(value=False) for name in ("metric", "subject")),
        allowed="words, or nothing at all",
        why="A blank label looks like one and finds nothing.",
        accepts={"metric": None, "subject": "上海联交所"},
        rejects={"subject": " "},
    ),
    Rule(
        "catalogue_ids_are_known",
        _unknown_id,
        allowed="ids of the catalogue, or nothing",
        why="An id that the catalogue does not have joins with nothing.",
        accepts={"metric_id": "net_profit", "entity_id": None},
        rejects={"metric_id": "net_proft"},
    ),
)
