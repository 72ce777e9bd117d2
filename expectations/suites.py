"""The rules as Great Expectations suites on pandas: an expectation a rule, one validation a suite."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from expectations.gx_rule import SUITES, expectation_class, faults
from expectations.rules import AnyRule, Finding, GroupRule, Row

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

_SILENT = {"GX_ANALYTICS_ENABLED": "false", "DO_NOT_TRACK": "1"}
_KEY = "row_id"


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one rule went: `failed` holds (row id, what is wrong) of each row that it rejects.

    `exception` is the message where the rule could not be evaluated; then `failed` says nothing.
    """

    rule: AnyRule
    evaluated: int
    failed: tuple[tuple[int, Finding], ...] = ()
    exception: str | None = None


def evaluate(suite: str, frame: "pl.DataFrame", without: frozenset[str] = frozenset()) -> tuple[Verdict, ...]:
    """Evaluate the rules of a suite over a frame with a `row_id`, in their order, in one validation.

    Example: `evaluate("numbers", frame)` over 3 numbers gives a verdict with `evaluated` 3 for each rule.
    `without` names rules that are left out. An empty frame passes. A rule that raises gives a verdict with
    `exception`, and the others still count.
    """
    rules = [rule for rule in SUITES[suite] if rule.name not in without]
    if frame.is_empty() or not rules:
        return tuple(Verdict(rule, 0) for rule in rules)
    rows = _of_objects(frame, sorted({_KEY, *(column for rule in rules for column in rule.columns)}))
    results = _validate(suite, rules, rows)
    return tuple(_verdict(rule, result, rows) for rule, result in zip(rules, results, strict=True))


def _of_objects(frame: "pl.DataFrame", columns: Iterable[str]) -> "pd.DataFrame":
    """Give a frame of Python's own values: None stays None, 11 stays 11, and no rule has to convert them again."""
    import pandas as pd

    here = [column for column in columns if column in frame.columns]
    return pd.DataFrame({column: pd.Series(frame[column].to_list(), dtype=object) for column in here})


def _validate(suite: str, rules: Iterable[AnyRule], rows: "pd.DataFrame") -> list[Any]:
    """Run the rules in a context of their own (one shared by threads fails); keep their order."""
    gx = _great_expectations()
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    asset = context.data_sources.add_pandas("staged").add_dataframe_asset(suite)
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": rows})
    expect = expectation_class()
    expectations = [expect(rule=rule.name, column_list=[_KEY, *rule.columns], ignore_row_if="never") for rule in rules]
    outcome = batch.validate(
        gx.ExpectationSuite(name=suite, expectations=expectations),
        result_format={"result_format": "COMPLETE", "unexpected_index_column_names": [_KEY]},
    )
    return _in_order([rule.name for rule in rules], outcome.results)


def _in_order(names: Sequence[str], results: Iterable[Any]) -> list[Any]:
    by_name = {result.expectation_config.kwargs["rule"]: result for result in results}
    return [by_name[name] for name in names]


def _verdict(rule: AnyRule, result: Any, rows: "pd.DataFrame") -> Verdict:
    if exception := _exception(result.exception_info):
        return Verdict(rule, 0, exception=exception)
    keys = {entry[_KEY] for entry in result.result.get("unexpected_index_list") or ()}
    if not keys:
        return Verdict(rule, len(rows))
    failed = rows[rows[_KEY].isin(keys)]
    if isinstance(rule, GroupRule):
        # The whole groups of the rows that failed: by themselves they contradict nobody.
        failed = rows[rows[rule.group].isin(set(failed[rule.group]))]
    found = zip(failed[_KEY].tolist(), faults(rule, failed), strict=True)
    return Verdict(rule, len(rows), tuple((int(key), fault) for key, fault in found if fault is not None))


def _exception(info: Row | None) -> str | None:
    """Give the message of an evaluation that raised: GX nests an entry a metric, and raises nothing."""
    if not info:
        return None
    entries = [info] if "raised_exception" in info else list(info.values())
    messages = [entry["exception_message"] for entry in entries if entry.get("raised_exception")]
    return "; ".join(str(message) for message in messages) or None


def load() -> None:
    """Import what an audit needs, before it is needed: it takes seconds, once a process."""
    _great_expectations()
    expectation_class()


def _great_expectations() -> Any:
    """Import Great Expectations when it is needed (6 s, 300 MB) and keep it from phoning home."""
    for name, value in _SILENT.items():
        os.environ.setdefault(name, value)
    import great_expectations

    return great_expectations
