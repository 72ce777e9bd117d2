"""Each expectation has a row that it accepts and one that it rejects."""

from collections import Counter
from collections.abc import Iterable

import polars as pl
import pytest

from expectations.gx_rule import SUITES, faults
from expectations.rules import AnyRule, Finding, GroupRule, Row
from expectations.suites import evaluate
from tests.expectations.making import as_prepared

RULES = [pytest.param(rule, id=rule.name) for rules in SUITES.values() for rule in rules]


def faults_of(rule: AnyRule, rows: Iterable[Row]) -> list[str]:
    return [finding.words for _, finding in faults(rule, as_prepared(rows))]


@pytest.mark.parametrize("rule", RULES)
def test_the_accepted_rows_pass_and_of_the_rejected_ones_some_fail(rule: AnyRule) -> None:
    if isinstance(rule, GroupRule):
        assert faults_of(rule, rule.accepts) == []
        assert faults_of(rule, rule.rejects) != []
    else:
        assert faults_of(rule, [rule.accepts]) == []
        assert faults_of(rule, [{**rule.accepts, **rule.rejects}]) != []


@pytest.mark.parametrize("rule", RULES)
def test_what_is_rejected_differs_only_in_columns_that_the_rule_looks_at(rule: AnyRule) -> None:
    assert rule.rejects
    changed = rule.rejects if isinstance(rule, GroupRule) else (rule.rejects,)
    assert all(set(row) <= set(rule.columns) for row in changed)


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_says_why_in_a_sentence(rule: AnyRule) -> None:
    assert rule.why.endswith(".")
    assert rule.allowed


def test_no_two_rules_bear_one_name() -> None:
    counts = Counter(rule.name for rules in SUITES.values() for rule in rules)
    assert [name for name, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("name", ["numeral_is_well_formed", "numbers_do_not_overlap"])
def test_great_expectations_gives_the_row_and_the_fault(name: str) -> None:
    rule = next(rule for rule in SUITES["numbers"] if rule.name == name)
    rows = [{"row_id": 7, **rule.accepts}, {"row_id": 9, **rule.accepts, **rule.rejects}]
    verdicts = {verdict.rule.name: verdict for verdict in evaluate("numbers", pl.DataFrame(rows))}
    assert verdicts[name].evaluated == 2
    assert verdicts[name].failed == ((9, Finding(rule.fault(rows[1]))),)
    assert verdicts[name].exception is None


def test_a_rule_that_cannot_be_evaluated_says_so_and_the_others_still_count() -> None:
    """Great Expectations raises nothing here: a column that is missing must not look like clean data."""
    row = {"row_id": 1, "role": "malformed", "text": "84.32%%", "reason": "two signs", "start": 3}
    rows = pl.DataFrame([row])
    verdicts = {verdict.rule.name: verdict for verdict in evaluate("numbers", rows)}
    assert verdicts["numeral_is_well_formed"].failed == ((1, Finding("84.32%% (two signs)")),)
    assert "previous_end" in (verdicts["numbers_do_not_overlap"].exception or "")
    assert verdicts["numbers_do_not_overlap"].failed == ()


def test_an_empty_cell_reaches_a_rule_as_none() -> None:
    """In a column of whole numbers with a gap, pandas would give NaN and 11.0."""
    numbers = pl.DataFrame(
        {"row_id": [1, 2], "start": [0, 5], "previous_end": [None, 11], "role": ["date", None]},
        schema_overrides={"previous_end": pl.Int64},
    )
    verdicts = {verdict.rule.name: verdict for verdict in evaluate("numbers", numbers)}
    assert verdicts["numbers_do_not_overlap"].failed == ((2, Finding("begins at 5, before 11 where another ends")),)
    assert verdicts["number_role_is_known"].failed == ((2, Finding("nothing")),)
