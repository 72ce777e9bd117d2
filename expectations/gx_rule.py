"""Our own Great Expectations class: every row holds to a rule. It is made on first use, with the library."""

from collections.abc import Mapping, Sequence
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
    together_wholes,
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
            + together_wholes.RULES
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


def with_suspects(rules: Sequence[AnyRule], rows: pl.DataFrame) -> pl.DataFrame:
    """Add a column by the name of each rule: may it reject the row, or another of its group?

    Where a rule looks at a column that is not there, nothing is added: each rule is then asked by itself, and says so.
    """
    try:
        return _with_suspects(rules, rows)
    except pl.exceptions.PolarsError:
        return rows


def _with_suspects(rules: Sequence[AnyRule], rows: pl.DataFrame) -> pl.DataFrame:
    """Look at rows first and at their groups after it: one window inside another takes ten times as long."""
    own = [rule.suspect.fill_null(value=True).alias(rule.name) for rule in rules]
    of_group = [pl.col(rule.name).any().over(rule.group) for rule in rules if isinstance(rule, GroupRule)]
    return rows.lazy().with_columns(own).with_columns(of_group).collect()


def faults(rule: AnyRule, rows: pl.DataFrame) -> list[tuple[int, Finding]]:
    """Give (row id, what is wrong) of each row that the rule rejects; empty cells reach the rule as None."""
    if rule.name not in rows.columns:
        rows = _with_suspects([rule], rows)
    if not rows[rule.name].any():
        return []
    suspects = rows.lazy().filter(rule.name)
    return _faults_of_groups(rule, suspects) if isinstance(rule, GroupRule) else _faults_of_rows(rule, suspects)


def _faults_of_rows(rule: Rule, rows: pl.LazyFrame) -> list[tuple[int, Finding]]:
    """Ask the rule once for rows that are equal in what it looks at: most rows are, for most rules."""
    cells = rows.select(rule.columns)
    faulty = {
        tuple(row.values()): Finding(fault)
        for row in cells.unique(maintain_order=True).collect().iter_rows(named=True)
        if (fault := rule.fault(row)) is not None
    }
    if not faulty:
        return []
    keys = rows.select(KEY).collect()[KEY]
    return [(key, faulty[row]) for key, row in zip(keys, cells.collect().iter_rows(), strict=True) if row in faulty]


def _faults_of_groups(rule: GroupRule, rows: pl.LazyFrame) -> list[tuple[int, Finding]]:
    """Ask the rule once a group; the rows of a group stand together, in their order."""
    found: dict[int, Finding] = {}
    first = 0
    cells = rows.select(rule.columns).collect().iter_rows(named=True)
    for _, group in groupby(cells, key=lambda row: row[rule.group]):
        members = list(group)
        for place, fault in rule.faults(members):
            found[first + place] = fault if isinstance(fault, Finding) else Finding(fault)
        first += len(members)
    keys: Sequence[int] = rows.select(KEY).collect()[KEY].to_list() if found else []
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

        @metric_value(engine=PandasExecutionEngine)
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
