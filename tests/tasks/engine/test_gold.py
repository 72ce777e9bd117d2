"""The labelled news that lies beside this checkout: the bulletin and the traps whole, the rest up to its floors."""

import importlib.util
import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tasks.engine import read_text

FIGURES = Path(__file__).parents[4] / "shared" / "figures"
pytestmark = pytest.mark.skipif(
    not FIGURES.exists(), reason=f"no labelled figures at ../shared/figures: the engine is not scored ({__name__})"
)
FLOORS = {"detection": 0.985, "quantity": 0.98, "full": 0.87}
FIELD_FLOORS = {
    "kind": 0.97, "value": 0.97, "unit": 0.97, "bound": 0.97, "basis": 0.97, "status": 0.97,
    "metric": 0.93, "subject": 0.93, "period": 0.93,
}  # fmt: skip


def articles(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (FIGURES / name).read_text(encoding="utf-8").splitlines()]


def read(text: str, published: str) -> list[dict[str, Any]]:
    """Give the figures of a text as the scorer wants them: plain words, Decimals and dates as strings."""
    found = read_text(text, date.fromisoformat(published)).figures
    return [{name: plain(value) for name, value in asdict(figure).items()} for figure in found]


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items()}
    return f"{value:f}" if isinstance(value, Decimal) else value.isoformat() if isinstance(value, date) else value


@pytest.fixture(scope="module")
def scorer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", FIGURES / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def scored(scorer: ModuleType, name: str) -> dict[str, Any]:
    gold = articles(name)
    predicted = {a["id"]: {"figures": read(a["text"], a["published"])} for a in gold}
    result, _ = scorer.score({a["id"]: a for a in gold}, predicted)
    assert isinstance(result, dict)
    return result


def test_the_bulletin_reads_whole(scorer: ModuleType) -> None:
    result = scored(scorer, "bulletin.jsonl")
    assert (result["gold"], result["full"]["f1"]) == (13, 1.0)


def test_the_news_reads_up_to_its_floors(scorer: ModuleType) -> None:
    result = scored(scorer, "dev.jsonl")
    assert result["gold"] > 500
    assert {name: result[name]["f1"] for name, floor in FLOORS.items() if result[name]["f1"] < floor} == {}
    fields = result["accuracy"]
    assert {name: fields[name] for name, floor in FIELD_FLOORS.items() if fields[name] < floor} == {}


def wrong_traps() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for trap in articles("traps.jsonl"):
        found = [
            {name: figure[name] for name in wanted}
            for wanted, figure in zip(trap["figures"], read(trap["text"], trap["published"]), strict=False)
        ]
        right = len(read(trap["text"], trap["published"])) == len(trap["figures"])
        if not right or any(not same(wanted, got) for wanted, got in zip(trap["figures"], found, strict=True)):
            yield trap["text"], found


def same(wanted: dict[str, Any], got: dict[str, Any]) -> bool:
    return all(number(wanted[name]) == number(got[name]) for name in wanted)


def number(value: Any) -> Any:
    try:
        return Decimal(value)
    except (ArithmeticError, TypeError, ValueError):
        return value


def test_every_trap_is_read_right() -> None:
    assert list(wrong_traps()) == []
