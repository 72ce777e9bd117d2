"""Our own Great Expectations class: every row holds to a rule. It is made on first use, with the library."""

from collections.abc import Mapping
from functools import lru_cache
from itertools import groupby
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from expectations import (
    article_rules,
    batch_rules,
    corrected,
    day_rules,
    figure_form,
    figure_sense,
    figure_words,
    number_rules,
    series_rules,
    together_changes,
    together_values,
)
from expectations.rules import AnyRule, Finding, GroupRule, Rule

if TYPE_CHECKING:
    import pandas as pd

SUITES: Mapping[str, tuple[AnyRule, ...]] = MappingProxyType(
    {
        "articles": article_rules.RULES,
        "figures": (
            figure_form.RULES
            + figure_sense.RULES
            + figure_words.RULES
            + corrected.RULES
            + together_values.RULES
            + together_changes.RULES
        ),
        "numbers": number_rules.RULES,
        "series": series_rules.RULES,
        "days": day_rules.RULES,
        "batch": batch_rules.RULES,
    }
)


def find_rule(name: str) -> AnyRule:
    """Give the rule of this name. Raises KeyError where no suite has it."""
    return _rules_by_name()[name]


def reasons() -> dict[str, str]:
    """Give the sentence of each expectation by its name."""
    return {name: rule.why for name, rule in _rules_by_name().items()}


def faults(rule: AnyRule, rows: "pd.DataFrame") -> list[Finding | None]:
    """Give the fault of each row, None where the rule accepts it; empty cells reach the rule as None."""
    columns = rule.columns
    cells = list(zip(*(_cells(rows[column]) for column in columns), strict=True))
    if isinstance(rule, GroupRule):
        return _faults_of_groups(rule, [dict(zip(columns, row, strict=True)) for row in cells])
    return _faults_of_rows(rule, cells)


def _faults_of_rows(rule: Rule, cells: list[tuple[Any, ...]]) -> list[Finding | None]:
    """Ask the rule once for rows that are equal in what it looks at: most rows are, for most rules."""
    columns = rule.columns
    known: dict[tuple[Any, ...], Finding | None] = {}
    for row in cells:
        if row not in known:
            fault = rule.fault(dict(zip(columns, row, strict=True)))
            known[row] = None if fault is None else Finding(fault)
    return [known[row] for row in cells]


def _faults_of_groups(rule: GroupRule, rows: list[dict[str, Any]]) -> list[Finding | None]:
    """Ask the rule once a group; the rows of a group stand together, in their order."""
    found: list[Finding | None] = [None] * len(rows)
    first = 0
    for _, group in groupby(rows, key=lambda row: row[rule.group]):
        members = list(group)
        for place, fault in rule.faults(members):
            found[first + place] = fault if isinstance(fault, Finding) else Finding(fault)
        first += len(members)
    return found


@lru_cache(maxsize=1)
def expectation_class() -> Any:
    """Give the class `ExpectRowsToHoldToRule(rule=…, column_list=…)`, registered with Great Expectations."""
    from great_expectations.execution_engine import PandasExecutionEngine
    from great_expectations.expectations.expectation import MulticolumnMapExpectation
    from great_expectations.expectations.metrics.map_metric_provider import MulticolumnMapMetricProvider
    from great_expectations.expectations.metrics.map_metric_provider.multicolumn_condition_partial import (
        multicolumn_condition_partial,
    )

    class RowsHoldToRule(MulticolumnMapMetricProvider):
        """The condition behind the expectation: True for each row without a fault."""

        condition_metric_name = "multicolumn_values.hold_to_rule"
        condition_domain_keys = ("batch_id", "table", "column_list", "ignore_row_if")
        condition_value_keys = ("rule",)

        @multicolumn_condition_partial(engine=PandasExecutionEngine)  # type: ignore[untyped-decorator]
        def _pandas(cls, rows: "pd.DataFrame", *, rule: str, **_: Any) -> "pd.Series[bool]":  # noqa: N805
            import pandas as pd

            return pd.Series([fault is None for fault in faults(find_rule(rule), rows)], index=rows.index)

    class ExpectRowsToHoldToRule(MulticolumnMapExpectation):
        """Expect every row to hold to the rule of this name."""

        rule: str
        map_metric = RowsHoldToRule.condition_metric_name
        success_keys = ("mostly", "rule")
        args_keys = ("column_list", "rule")

    return ExpectRowsToHoldToRule


@lru_cache(maxsize=1)
def _rules_by_name() -> dict[str, AnyRule]:
    return {rule.name: rule for rules in SUITES.values() for rule in rules}


def _cells(column: "pd.Series[Any]") -> list[Any]:
    """Give the cells as they came from polars: the frames are of objects, in which None stays None."""
    cells: list[Any] = column.tolist()
    return cells
