"""The rules as Great Expectations suites: an expectation a rule, one validation a suite."""

import os
from dataclasses import dataclass
from functools import cache, lru_cache
from threading import RLock
from typing import Any

import polars as pl

from expectations.gx_rule import SUITES, expectation_class, with_suspects
from expectations.rules import AnyRule, Finding, Row

_SILENT = {"GX_ANALYTICS_ENABLED": "false", "DO_NOT_TRACK": "1"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one rule went: `failed` holds (row id, what is wrong) of each row that it rejects.

    `exception` is the message where the rule could not be evaluated; then `failed` says nothing.
    """

    rule: AnyRule
    evaluated: int
    failed: tuple[tuple[int, Finding], ...] = ()
    exception: str | None = None


def evaluate(suite: str, frame: pl.DataFrame, without: frozenset[str] = frozenset()) -> tuple[Verdict, ...]:
    """Evaluate the rules of a suite over a frame with a `row_id`, in their order, in one validation.

    Example: `evaluate("numbers", frame)` over 3 numbers gives a verdict with `evaluated` 3 for each rule.
    `without` names rules that are left out. An empty frame passes. A rule that raises gives a verdict with
    `exception`, and the others still count.
    """
    rules = [rule for rule in SUITES[suite] if rule.name not in without]
    if frame.is_empty() or not rules:
        return tuple(Verdict(rule, 0) for rule in rules)
    results = {
        result.expectation_config.kwargs["rule"]: result
        for result in _validate(suite, without, with_suspects(rules, frame))
    }
    return tuple(_verdict(rule, results[rule.name], frame.height) for rule in rules)


def _validate(suite: str, without: frozenset[str], frame: pl.DataFrame) -> list[Any]:
    """Run the expectations of a suite over the frame as it is, by an engine and a validator of their own.

    A data source would hash the frame and copy it into pandas, which takes longer than all the rules.
    """
    from great_expectations.core.batch import Batch
    from great_expectations.execution_engine import PandasExecutionEngine
    from great_expectations.execution_engine.pandas_batch_data import PandasBatchData
    from great_expectations.validator.validator import Validator

    engine = PandasExecutionEngine()
    batch = Batch(data=PandasBatchData(engine, frame))  # type: ignore[arg-type]
    validator = Validator(engine, data_context=_context(), batches=[batch])
    results: list[Any] = validator.graph_validate(configurations=_configurations(suite, without))
    return results


@cache
def _configurations(suite: str, without: frozenset[str]) -> list[Any]:
    """Give the expectations of a suite; a validation makes copies of them."""
    expect = expectation_class()
    expectations = [expect(rule=rule.name) for rule in SUITES[suite] if rule.name not in without]
    built = _great_expectations().ExpectationSuite(name=suite, expectations=expectations)
    configurations: list[Any] = built.expectation_configurations
    return configurations


@lru_cache(maxsize=1)
def _context() -> Any:
    """Give a context that says just that no progress is shown: threads must not share one that holds data."""
    context = _great_expectations().get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    return context


def _verdict(rule: AnyRule, result: Any, evaluated: int) -> Verdict:
    if exception := _exception(result.exception_info):
        return Verdict(rule, 0, exception=exception)
    found = result.result["unexpected_index_list"]
    return Verdict(rule, evaluated, tuple((int(key), Finding(*fault)) for key, fault in found))


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
    from tqdm import tqdm

    # Its own is shared between processes, of which Python complains where one is ended while it works.
    tqdm.set_lock(RLock())
    return great_expectations
