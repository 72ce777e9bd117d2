"""The sense of a figure: its text read again, its sign, its metric's unit and bounds, its period."""

import math
from decimal import Decimal

import polars as pl

from expectations.direction import FALLS, SIGNS, wrong_sign
from expectations.figure_form import amounts
from expectations.reread import disagreement
from expectations.rules import Row, Rule
from expectations.suspects import BELOW_ZERO, GAP, IS_LEVEL, beyond, near
from models.catalogue import Metric, find_metric, find_unit, metrics
from models.vocabulary import Basis, Kind, Status

_WHOLE = Decimal(100)
_IS_PERCENTAGE = IS_LEVEL & (pl.col("unit") == "%")
# 84.32% is stored as 84.32, or as -84.32.
_IS_VERBATIM = (pl.col("unit") == "%") & (
    pl.col("text") == pl.concat_str(pl.col("value").str.strip_prefix("-"), pl.lit("%"))
)
_IS_HALF = pl.col("period_start").is_null() != pl.col("period_end").is_null()
_IS_SIGNED = pl.col("text").str.contains(f"^{GAP}{SIGNS}")
_MAY_CONTRADICT = BELOW_ZERO | _IS_SIGNED | (~IS_LEVEL & near(120, 8).str.contains(FALLS))
_SENTENCE = "上海联交所实现交易规模655.58亿元，同比增长84.32%。"


def _metric_of(row: Row) -> Metric | None:
    known = metrics().get(row["metric_id"]) if row["metric_id"] else None
    return known or find_metric(row["metric"])


def _around(row: Row) -> tuple[str, str]:
    """Give the sentence before and after the figure."""
    sentence, shift = row["sentence"] or "", row["sentence_start"] or 0
    return sentence[: max(row["start"] - shift, 0)], sentence[max(row["end"] - shift, 0) :]


def _shown(stored: tuple[Decimal, ...]) -> str:
    return " … ".join(f"{amount:f}" for amount in stored)


def _reads_otherwise(row: Row) -> str | None:
    stored, text = amounts(row), row["text"]
    if stored is None or text is None or row["unit"] is None or row["correction"] is not None:
        return None
    before, after = _around(row)
    nearby = f"{row['lead'] or ''}{row['sentence'] or ''}"
    found = disagreement(text, row["kind"], stored, row["unit"], (before, after, nearby))
    return f"{text} reads as {found}, stored is {_shown(stored)} {row['unit']}" if found else None


def _wrong_sign(row: Row) -> str | None:
    stored = amounts(row)
    if stored is None or row["text"] is None or row["correction"] is not None:
        return None
    before, after = _around(row)
    found = wrong_sign(row["text"], row["kind"], stored, before, after)
    return f"{found}: {_shown(stored)}" if found else None


def _unit_of_other_metric(row: Row) -> str | None:
    metric, unit = _metric_of(row), find_unit(row["unit"])
    if metric is None or unit is None or row["kind"] not in set(Kind) or metric.allows(unit, Kind(row["kind"])):
        return None
    return f"{metric.name} ({metric.dimension}) in {unit.code}"


def _levels_in_percent(row: Row) -> tuple[Decimal, ...]:
    return (amounts(row) or ()) if row["kind"] == Kind.LEVEL and row["unit"] == "%" else ()


def _beyond_whole(row: Row) -> str | None:
    metric, stored = _metric_of(row), _levels_in_percent(row)
    if metric is None or not metric.is_share or all(0 <= amount <= _WHOLE for amount in stored):
        return None
    return f"{metric.name} of {_shown(stored)} %"


def _implausible(row: Row) -> str | None:
    metric, stored = _metric_of(row), _levels_in_percent(row)
    if metric is None or metric.plausible is None:
        return None
    low, high = metric.plausible
    is_beyond = any(not low <= amount <= high for amount in stored)
    return f"{metric.name} of {_shown(stored)} %, not {low} … {high}" if is_beyond else None


def _falls_below_nothing(row: Row) -> str | None:
    """A price or a count without a name (metric null) against a close cannot fall below nothing either."""
    stored, metric = amounts(row), _metric_of(row)
    if row["kind"] != Kind.CHANGE_RATE or stored is None or min(stored) >= -_WHOLE:
        return None
    is_amount = metric.non_negative if metric else not row["metric"] and row["basis"] == Basis.PREVIOUS_CLOSE
    return f"a fall of {_shown(stored)} %" if is_amount else None


def _below_zero(row: Row) -> str | None:
    stored, metric = amounts(row), _metric_of(row)
    if metric is None or not metric.non_negative or row["kind"] != Kind.LEVEL or stored is None:
        return None
    return f"{metric.name} of {_shown(stored)}" if min(stored) < 0 else None


def _backward_period(row: Row) -> str | None:
    start, end = row["period_start"], row["period_end"]
    is_bad = (start is None) != (end is None) or (start is not None and start > end)
    return f"{start} … {end}" if is_bad else None


def _fact_of_the_future(row: Row) -> str | None:
    start, published = row["period_start"], row["published_on"]
    if row["status"] != Status.ACTUAL or start is None or published is None or start <= published:
        return None
    return f"actual for {start}, published {published}"


_NAMED = {"metric": "交易规模", "metric_id": None}
_PLAIN = {"kind": "level", "value": "65558000000", "low": None, "high": None}
_SHARE = {"kind": "level", "unit": "%", "value": "65", "low": None, "high": None}
_PLACED = {"sentence": _SENTENCE, "sentence_start": 0, "correction": None}

RULES = (
    Rule(
        "figure_reads_as_stored",
        _reads_otherwise,
        suspect=pl.col("correction").is_null() & ~_IS_VERBATIM,
        allowed="the amount and unit that the text says",
        why="Read again by other code, the characters of a figure must give the stored amount and unit.",
        accepts={
            **_PLAIN,
            **_PLACED,
            "text": "655.58亿元",
            "unit": "CNY",
            "start": 11,
            "end": 19,
            "lead": "",
        },
        rejects={"value": "655580000000000"},
    ),
    Rule(
        "sign_agrees_with_words",
        _wrong_sign,
        suspect=_MAY_CONTRADICT,
        allowed="a rise beside 增长, a fall beside 下降",
        why="A change whose sign contradicts the word beside it is wrong in the text or was misread.",
        accepts={
            **_PLACED,
            "kind": "change_rate",
            "text": "84.32%",
            "value": "84.32",
            "low": None,
            "high": None,
            "start": 24,
            "end": 30,
        },
        rejects={"value": "-84.32"},
    ),
    Rule(
        "unit_fits_metric",
        _unit_of_other_metric,
        allowed="a unit of the metric's dimension",
        why="A profit is money and a share is a percentage: another unit means that two things got mixed.",
        accepts={"metric": "净利润", "metric_id": None, "kind": "level", "unit": "CNY"},
        rejects={"unit": "吨"},
    ),
    Rule(
        "share_is_within_whole",
        _beyond_whole,
        suspect=_IS_PERCENTAGE & beyond(0, 100),
        allowed="0 … 100 %",
        why="A part cannot be more than its whole.",
        accepts={**_SHARE, "metric": "占比", "metric_id": None},
        rejects={"value": "135"},
    ),
    Rule(
        "percentage_is_plausible",
        _implausible,
        suspect=_IS_PERCENTAGE,
        allowed="what the catalogue says for the metric",
        why="Some rates never leave a narrow band, so that one far outside was misread.",
        accepts={**_SHARE, "value": "5.5", "metric": "失业率", "metric_id": None},
        rejects={"value": "550"},
    ),
    Rule(
        "fall_is_within_whole",
        _falls_below_nothing,
        suspect=(pl.col("kind") == "change_rate") & beyond(-100, math.inf),
        allowed="a fall of at most 100 %",
        why="What cannot be negative cannot fall by more than all of it.",
        accepts={**_NAMED, **_PLAIN, "kind": "change_rate", "value": "-100", "basis": "yoy"},
        rejects={"value": "-130"},
    ),
    Rule(
        "amount_is_not_negative",
        _below_zero,
        suspect=IS_LEVEL & BELOW_ZERO,
        allowed="zero or more",
        why="A turnover, a price or a headcount below zero is a misreading.",
        accepts={**_NAMED, **_PLAIN},
        rejects={"value": "-5"},
    ),
    Rule(
        "period_is_ordered",
        _backward_period,
        suspect=_IS_HALF | (pl.col("period_start") > pl.col("period_end")),
        allowed="both days, the first not after the last, or neither",
        why="A period that ends before it begins was put together wrongly.",
        accepts={"period_start": "2022-01-01", "period_end": "2022-03-31"},
        rejects={"period_end": "2021-03-31"},
    ),
    Rule(
        # Only the first day counts: 本周 and 今年 are whole periods that run on past the article.
        "fact_is_not_of_the_future",
        _fact_of_the_future,
        suspect=(pl.col("status") == "actual") & (pl.col("period_start") > pl.col("published_on")),
        allowed="a period that begins by the day of publication",
        why="An article cannot state as a fact what had not begun when it was published.",
        accepts={"status": "actual", "period_start": "2022-04-18", "published_on": "2022-04-18"},
        rejects={"period_start": "2022-04-19"},
    ),
)
