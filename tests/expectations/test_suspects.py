"""Rows that are beyond suspicion hold to the rule: no question is left out that would have found a fault."""

import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from expectations.direction import DOWN, FALLS
from expectations.gx_rule import SUITES, faults
from expectations.prepared import prepared_figures
from expectations.rules import ALL, Finding, Rule
from expectations.settings import read_audit_settings
from expectations.suspects import GAP, blank
from models.frames import ARTICLE_COLUMNS, FIGURE_COLUMNS
from tests.expectations.making import as_prepared, frame
from tests.expectations.mutants import mutants, own_articles

FIGURE_RULES = [pytest.param(rule, id=rule.name) for rule in SUITES["figures"]]
ROW_RULES = [rule for rules in SUITES.values() for rule in rules if isinstance(rule, Rule)]


def of_all(rule: Any, rows: pl.DataFrame) -> list[tuple[int, Finding]]:
    return faults(replace(rule, suspect=ALL), rows)


@pytest.fixture(scope="module")
def damaged() -> pl.DataFrame:
    """Give our own figures, each with each damage that can be done to it, ready for the rules."""
    copies, rows, _ = mutants(own_articles())
    articles = frame([head for head, _ in copies], ARTICLE_COLUMNS)
    marked = frame(rows, FIGURE_COLUMNS).with_columns(pl.lit(None, pl.String).alias("correction"))
    return prepared_figures(marked, articles, read_audit_settings().thresholds)


@pytest.mark.parametrize("rule", FIGURE_RULES)
def test_of_damaged_figures_no_fault_is_missed(rule: Any, damaged: pl.DataFrame) -> None:
    assert damaged.height > 1000
    assert faults(rule, damaged) == of_all(rule, damaged)


def variants() -> Iterator[tuple[Rule, pl.DataFrame]]:
    """Give each rule with the row that it accepts, in each cell of it what another rule has in such a cell."""
    seen: defaultdict[str, list[Any]] = defaultdict(list)
    for rule in ROW_RULES:
        for cells in (rule.accepts, rule.rejects):
            for column, value in cells.items():
                if value is not None and value not in seen[column]:
                    seen[column].append(value)
    for rule in ROW_RULES:
        changed = [{column: value} for column in rule.columns for value in seen[column]]
        rows = [{**rule.accepts, **one, **other} for one in changed for other in changed]
        yield rule, as_prepared([rule.accepts, *rows])


def test_of_cells_from_all_examples_no_fault_is_missed() -> None:
    missed = {rule.name: set(of_all(rule, rows)) - set(faults(rule, rows)) for rule, rows in variants()}
    assert {name: found for name, found in missed.items() if found} == {}


def test_white_space_is_what_it_is_in_python() -> None:
    characters = [chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code <= 0xDFFF]
    frame = pl.DataFrame({"words": characters})
    assert frame.filter(blank("words"))["words"].to_list() == [each for each in characters if each.isspace()]
    gaps = frame.filter(pl.col("words").str.contains(f"^{GAP}$"))["words"].to_list()
    assert gaps == [each for each in characters if each.isspace()]


def test_each_word_for_a_fall_is_seen_by_one_of_its_characters() -> None:
    assert [word for word in DOWN.split("|") if not set(word) & set(FALLS)] == []
