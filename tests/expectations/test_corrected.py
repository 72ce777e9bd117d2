"""A corrected figure passes the rules that read its text again, while its correction is in force and no longer."""

import json
from pathlib import Path

import polars as pl
import pytest

from expectations import BatchFacts, audit
from models.corrections import NO_CORRECTIONS, Corrections, read_corrections
from tests.expectations.making import figure, staged

MARK = "corrected by 李明 on 2022-04-20: 季报为65.558亿元"
CORRECTION = """[[correction]]
article = "202204180000000001"
span = [4, 12]
expect = "655.58亿元"
action = "override"
set = { value = "6555800000" }
reason = "季报为65.558亿元"
who = "李明"
date = 2022-04-20
"""


@pytest.fixture
def corrections(tmp_path: Path) -> Corrections:
    path = tmp_path / "corrections.toml"
    path.write_text(CORRECTION, encoding="utf-8")
    return read_corrections(path)


def failed(value: str, rules: list[str], corrections: Corrections) -> list[str]:
    """Give the expectations that a figure 655.58亿元 of this value fails."""
    cells = figure(value=value, unit="CNY", metric="交易规模", info_code="202204180000000001", rules=json.dumps(rules))
    batch = staged(("交易规模[[655.58亿元]]。", [cells]))
    articles = batch.articles.with_columns(pl.lit("202204180000000001").alias("info_code"))
    outcome = audit(articles, batch.figures, batch.numbers, BatchFacts(1), corrections=corrections)
    assert outcome.exceptions == ()
    return [failure.expectation for failure in outcome.failures]


def test_a_corrected_value_that_the_text_does_not_say_passes(corrections: Corrections) -> None:
    assert failed("6555800000", ["metric", MARK], corrections) == []


def test_the_value_of_the_text_itself_needs_no_correction(corrections: Corrections) -> None:
    assert failed("65558000000", ["metric"], corrections) == []


def test_a_claim_without_its_correction_fails_and_so_does_the_value(corrections: Corrections) -> None:
    fails = ["correction_is_in_force", "figure_reads_as_stored"]
    assert sorted(failed("6555800000", [MARK], NO_CORRECTIONS)) == fails
    assert sorted(failed("6555800001", [MARK], corrections)) == fails
    assert failed("65558000000", [MARK], NO_CORRECTIONS) == fails[:1]


def test_a_correction_excuses_nothing_but_the_reading_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "corrections.toml"
    path.write_text(CORRECTION.replace('{ value = "6555800000" }', '{ value = "-5" }'), encoding="utf-8")
    assert failed("-5", [MARK], read_corrections(path)) == ["amount_is_not_negative"]
