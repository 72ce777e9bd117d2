"""Every clean figure passes, and every kind of damage done to one is caught."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from expectations import BatchFacts, audit
from models.audit import AuditOutcome
from tests.expectations.clean import CLEAN
from tests.expectations.making import Staged, day, staged

Cells = dict[str, Any]
Damage = Callable[[Cells], Cells]


@pytest.fixture(scope="module")
def batch() -> Staged:
    return staged(*CLEAN)


def audited(batch: Staged, figures: pl.DataFrame) -> AuditOutcome:
    outcome = audit(batch.articles, figures, batch.numbers, BatchFacts(batch.articles.height))
    assert outcome.exceptions == ()
    return outcome


def times(factor: str, *columns: str) -> Damage:
    """Multiply the amounts that a figure has."""

    def damage(row: Cells) -> Cells:
        here = [column for column in columns or ("value", "low", "high") if row[column] is not None]
        amounts = {column: f"{Decimal(row[column]) * Decimal(factor):f}" for column in here}
        if factor.startswith("-") and "low" in amounts:
            amounts = {"low": amounts["high"], "high": amounts["low"]}
        return amounts

    return damage


def swapped_digits(row: Cells) -> Cells:
    first, *rest = row["value"]
    return {"value": f"{rest[0]}{first}{''.join(rest[1:])}"}


def shifted(row: Cells) -> Cells:
    return {"start": row["start"] + 1, "end": row["end"] + 1}


# What is done, to which figure (by its text), and the rule that must catch it.
DAMAGES: tuple[tuple[str, str, Damage | Cells, str], ...] = (
    ("scale × 10^4", "655.58亿元", times("10000"), "figure_reads_as_stored"),
    ("scale ÷ 10^8", "一万五千亿元", times("1e-8"), "figure_reads_as_stored"),
    ("scale of a list member", "23.6", times("1e-4"), "figure_reads_as_stored"),
    ("scale of one end", "5至6亿元", times("1e-8", "low"), "figure_reads_as_stored"),
    ("coins as notes", "37.8美分", times("100"), "figure_reads_as_stored"),
    ("digits transposed", "293.03%", swapped_digits, "figure_reads_as_stored"),
    ("times as per cent", "0.9倍", {"value": "0.9"}, "figure_reads_as_stored"),
    ("growth to as growth by", "三成五", {"value": "3.5"}, "figure_reads_as_stored"),
    ("currency swapped", "2亿元-2.3亿元", {"unit": "USD"}, "figure_reads_as_stored"),
    ("% as pp", "242.86个百分点", {"unit": "%"}, "figure_reads_as_stored"),
    ("pp as %", "84.32%", {"unit": "pp"}, "unit_fits_kind"),
    ("unit of another measure", "2亿元-2.3亿元", {"unit": "吨"}, "unit_fits_metric"),
    ("spoken unit", "17.4元/股", {"unit": "元/股"}, "unit_is_canonical"),
    ("no unit", "4825吨", {"unit": None}, "unit_is_canonical"),
    ("a rise flipped", "84.32%", times("-1"), "sign_agrees_with_words"),
    ("a fall flipped", "71.5%-76.43%", times("-1"), "sign_agrees_with_words"),
    ("a fall in a list flipped", "5.2%", times("-1"), "sign_agrees_with_words"),
    ("a minus sign lost", "-0.045%", times("-1"), "sign_agrees_with_words"),
    ("a level below zero", "1800.5美元/盎司", times("-1"), "sign_agrees_with_words"),
    ("range reversed", "5至6亿元", {"low": "600000000", "high": "500000000"}, "range_is_ordered"),
    ("range without its bound", "5至6亿元", {"bound": "exact"}, "bound_is_range_for_ranges_alone"),
    ("value beside a range", "5至6亿元", {"value": "500000000"}, "figure_is_amount_or_range"),
    ("no amount", "4825吨", {"value": None}, "figure_is_amount_or_range"),
    ("NaN", "4825吨", {"value": "NaN"}, "figure_is_amount_or_range"),
    ("exponent", "4825吨", {"value": "4.825E+3"}, "figure_is_amount_or_range"),
    ("a share above the whole", "3.5%", {"value": "135"}, "share_is_within_whole"),
    ("a fall by more than all", "8%", {"value": "-152"}, "fall_is_within_whole"),
    ("an amount below zero", "655.58亿元", {"value": "-65558000000"}, "amount_is_not_negative"),
    ("offset shifted", "9.81倍", shifted, "figure_text_is_in_article"),
    ("offset beyond the end", "9.81倍", {"start": 900, "end": 905}, "figure_text_is_in_article"),
    ("article unknown", "9.81倍", {"article_row_id": 900}, "figure_text_is_in_article"),
    ("sentence of elsewhere", "9.81倍", {"sentence": "别处的话。"}, "figure_sentence_is_in_article"),
    ("period reversed", "655.58亿元", {"period_end": day("2021-03-31")}, "period_is_ordered"),
    ("half a period", "655.58亿元", {"period_end": None}, "period_is_ordered"),
    (
        "a fact of the future",
        "655.58亿元",
        {"period_start": day("2022-07-01"), "period_end": day("2022-09-30")},
        "fact_is_not_of_the_future",
    ),
    ("kind unknown", "655.58亿元", {"kind": "rate"}, "figure_kind_is_known"),
    ("status null", "655.58亿元", {"status": None}, "figure_status_is_known"),
    ("bound unknown", "655.58亿元", {"bound": "circa"}, "figure_bound_is_known"),
    ("basis unknown", "84.32%", {"basis": "mom"}, "figure_basis_is_known"),
    ("basis of a level", "655.58亿元", {"basis": "yoy"}, "level_has_no_basis"),
    ("blank metric", "655.58亿元", {"metric": "　"}, "labels_are_words"),
    ("unknown metric id", "655.58亿元", {"metric_id": "net_proft"}, "catalogue_ids_are_known"),
)


def test_forty_clean_figures_pass(batch: Staged) -> None:
    outcome = audited(batch, batch.figures)
    assert batch.figures.height == 40
    assert [(failure.expectation, failure.observed) for failure in outcome.failures] == []
    assert outcome.is_clean


def test_every_damage_is_caught_on_its_own_row_by_the_rule_for_it(batch: Staged) -> None:
    """All damages go through one audit: each is a copy of a figure under a row id of its own."""
    rows = {row["text"]: row for row in batch.figures.iter_rows(named=True)}
    damaged = [
        rows[text] | (damage(rows[text]) if callable(damage) else damage) | {"row_id": 1000 + number}
        for number, (_, text, damage, _) in enumerate(DAMAGES)
    ]
    figures = pl.DataFrame([*batch.figures.iter_rows(named=True), *damaged], schema=batch.figures.schema)
    failures = {(failure.row_id, failure.expectation) for failure in audited(batch, figures).failures}
    # A copy lies on its original: that is caught too, and says nothing of the damage.
    caught = {(row_id, rule) for row_id, rule in failures if rule != "figures_do_not_overlap"}
    assert failures > caught
    expected = {(1000 + number, rule) for number, (_, _, _, rule) in enumerate(DAMAGES)}
    missed = [DAMAGES[row_id - 1000][0] for row_id, _ in expected - caught]
    assert missed == []
    assert min(row_id for row_id, _ in caught) == 1000, "a clean row failed"
