"""Our own Great Expectations class: every row holds to a rule. It is made on first use, with the library."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from expectations import article_rules, batch_rules, corrected, figure_form, figure_sense, number_rules
from expectations.rules import Rule

if TYPE_CHECKING:
    import pandas as pd

SUITES: dict[str, tuple[Rule, ...]] = {
    "articles": article_rules.RULES,
    "figures": figure_form.RULES + figure_sense.RULES + corrected.RULES,
    "numbers": number_rules.RULES,
    "batch": batch_rules.RULES,
}


def find_rule(name: str) -> Rule:
    """Give the rule of this name. Raises KeyError where no suite has it."""
    return _rules_by_name()[name]


def faults(rule: Rule, rows: "pd.DataFrame") -> list[str | None]:
    """Give the fault of each row, None where the rule accepts it; empty cells reach the rule as None."""
    columns = rule.columns
    cells = [_cells(rows[column]) for column in columns]
    return [rule.fault(dict(zip(columns, row, strict=True))) for row in zip(*cells, strict=True)]


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
def _rules_by_name() -> dict[str, Rule]:
    return {rule.name: rule for rules in SUITES.values() for rule in rules}


def _cells(column: "pd.Series[Any]") -> list[Any]:
    cells: list[Any] = column.astype(object).where(column.notna(), None).tolist()
    if column.dtype.kind != "f":
        return cells
    # A null makes pandas turn whole numbers into floats.
    return [int(cell) if cell is not None and cell.is_integer() else cell for cell in cells]
