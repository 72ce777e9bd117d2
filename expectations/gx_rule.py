"""Our own Great Expectations class: every row holds to a rule. It is made on first use, with the library."""

from collections.abc import Mapping
from functools import lru_cache
from itertools import groupby
from types import MappingProxyType
from typing import Any

import polars as pl

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

KEY = "row_id"
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


def faults(rule: AnyRule, rows: pl.DataFrame) -> list[tuple[int, Finding]]:
    """Give (row id, what is wrong) of each row that the rule rejects; empty cells reach the rule as None."""
    if isinstance(rule, GroupRule):
        return _faults_of_groups(rule, rows)
    return _faults_of_rows(rule, rows)


def _faults_of_rows(rule: Rule, rows: pl.DataFrame) -> list[tuple[int, Finding]]:
    """Ask the rule once for rows that are equal in what it looks at: most rows are, for most rules."""
    suspects = rows if rule.suspect is None else rows.filter(rule.suspect.fill_null(value=True))
    cells = suspects.select(rule.columns)
    faulty = {
        tuple(row.values()): Finding(fault)
        for row in cells.unique(maintain_order=True).iter_rows(named=True)
        if (fault := rule.fault(row)) is not None
    }
    if not faulty:
        return []
    keys = zip(suspects[KEY], cells.iter_rows(), strict=True)
    return [(key, faulty[row]) for key, row in keys if row in faulty]


def _faults_of_groups(rule: GroupRule, rows: pl.DataFrame) -> list[tuple[int, Finding]]:
    """Ask the rule once a group; the rows of a group stand together, in their order."""
    if rule.suspect is not None:
        rows = rows.filter(rule.suspect.fill_null(value=True).any().over(rule.group))
    keys = rows[KEY].to_list()
    found: dict[int, Finding] = {}
    first = 0
    for _, group in groupby(rows.select(rule.columns).iter_rows(named=True), key=lambda row: row[rule.group]):
        members = list(group)
        for place, fault in rule.faults(members):
            found[first + place] = fault if isinstance(fault, Finding) else Finding(fault)
        first += len(members)
    return [(keys[place], found[place]) for place in sorted(found)]


@lru_cache(maxsize=1)
def expectation_class() -> Any:
    """Give the class `ExpectRowsToHoldToRule(rule=…)`, registered with Great Expectations.

    Its one metric is the faults of the rule in the batch, which is a frame of polars in `batch_data`. The result lists
    them under `unexpected_index_list`.
    """
    from great_expectations.execution_engine import PandasExecutionEngine
    from great_expectations.expectations.expectation import BatchExpectation
    from great_expectations.expectations.metrics.metric_provider import metric_value
    from great_expectations.expectations.metrics.table_metric_provider import TableMetricProvider
    from great_expectations.validator.metric_configuration import MetricConfiguration
    from great_expectations.validator.validator import ValidationDependencies

    class FaultsOfRule(TableMetricProvider):
        """The faults of a rule, or what it raised: Great Expectations would ask a metric that raises three times."""

        metric_name = "table.faults_of_rule"
        domain_keys = ("batch_id",)
        value_keys = ("rule",)

        @metric_value(engine=PandasExecutionEngine)  # type: ignore[untyped-decorator]
        def _faults(
            cls,  # noqa: N805
            execution_engine: PandasExecutionEngine,
            metric_value_kwargs: Mapping[str, str],
            **_: Any,
        ) -> list[tuple[int, Finding]] | Exception:
            rows = execution_engine.dataframe
            try:
                return faults(find_rule(metric_value_kwargs["rule"]), rows)
            except Exception as error:
                return error

    class ExpectRowsToHoldToRule(BatchExpectation):
        """Expect every row to hold to the rule of this name."""

        rule: str
        success_keys = ("rule",)

        def get_validation_dependencies(self, *_: Any, **__: Any) -> ValidationDependencies:
            metric = MetricConfiguration(FaultsOfRule.metric_name, {"batch_id": self.batch_id}, {"rule": self.rule})
            return ValidationDependencies({"faults": metric}, {"result_format": "COMPLETE"})

        def _validate(self, metrics: Mapping[str, Any], *_: Any, **__: Any) -> dict[str, Any]:
            found = metrics["faults"]
            if isinstance(found, Exception):
                raise found
            return {"success": not found, "result": {"unexpected_count": len(found), "unexpected_index_list": found}}

    return ExpectRowsToHoldToRule


@lru_cache(maxsize=1)
def _rules_by_name() -> dict[str, AnyRule]:
    return {rule.name: rule for rules in SUITES.values() for rule in rules}
