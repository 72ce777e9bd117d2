"""The score: what always has to be right is, and the table says what was measured."""

from typing import Any

import pytest

from tests import score

at_hand = pytest.mark.skipif(not score.FIGURES.exists(), reason=f"no labels at {score.FIGURES}")


@pytest.fixture(scope="module")
def scores() -> dict[str, Any]:
    return score.scores()


@at_hand
def test_the_bulletin_is_all_right(scores: dict[str, Any]) -> None:
    assert scores["bulletin"]["gold"] == 13
    assert scores["bulletin"]["full"]["f1"] == 1.0


@at_hand
def test_no_trap_is_stepped_into() -> None:
    failed, traps = score.failed_traps()
    assert failed == []
    assert traps >= 60


@at_hand
@pytest.mark.parametrize(("total", "least"), [("detection", 0.985), ("quantity", 0.98), ("full", 0.85)])
def test_the_engine_is_no_worse_than_it_has_to_be(scores: dict[str, Any], total: str, least: float) -> None:
    assert scores["dev"][total]["f1"] >= least


@pytest.mark.parametrize(
    ("read", "wanted", "same"),
    [("5", "5.0", True), ("-5", "5", False), ("5", None, False), (None, None, True), ("yoy", "yoy", True)],
)
def test_amounts_are_compared_as_numbers(read: str | None, wanted: str | None, same: bool) -> None:
    assert score._same(read, wanted) is same


def test_the_table_has_a_row_for_each_measure() -> None:
    fields = dict.fromkeys(("kind value unit bound basis metric subject label period status").split(), 0.97)
    totals = {name: {"f1": 0.5} for name in ("detection", "quantity", "full")}
    lines = list(score.table({"dev": totals | {"accuracy": fields, "articles": 2, "gold": 9}}, 1, 65))
    assert "dev: 2 articles, 9 figures; traps: 64 of 65 right." in lines[0]
    assert "| full F1 | 0.5000 |" in lines
    assert "| period | 0.970 |" in lines
    assert len(lines) == 4 + 3 + 10
