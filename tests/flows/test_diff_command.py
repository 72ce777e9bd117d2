"""`tongbi diff`: what is gained, lost and changed, counted by field and shown in its sentence."""

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from flows.cli import app
from flows.comparing import compare

RUNNER = CliRunner()
TEXT = "今年营收5亿元，增长3%。净利润2亿元。"
REVENUE = {"start": 4, "end": 7, "text": "5亿元", "kind": "level", "value": "500000000", "unit": "CNY"}
REVENUE |= {"low": None, "high": None, "bound": "exact", "basis": None, "metric": "营收", "subject": None}
REVENUE |= {"period": None, "status": "actual", "metric_id": "revenue", "entity_id": None}
GROWTH = REVENUE | {"start": 10, "end": 12, "text": "3%", "kind": "change_rate", "value": "3", "unit": "%"}
PROFIT = REVENUE | {"start": 16, "end": 19, "text": "2亿元", "value": "200000000", "metric": "净利润"}


def article(*figures: dict[str, Any], identity: str = "a") -> dict[str, Any]:
    return {"id": identity, "published": "2022-04-18", "figures": list(figures)}


def written(path: Path, *records: dict[str, Any]) -> str:
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), encoding="utf-8")
    return str(path)


def test_figures_are_paired_by_their_characters() -> None:
    wider = GROWTH | {"start": 8, "text": "增长3%", "basis": "yoy"}
    found = compare([article(REVENUE, GROWTH)], [article(wider, PROFIT)], 5)
    assert (found.old, found.new, found.same, found.changed) == (2, 2, 0, 1)
    assert dict(found.kinds) == {"lost": 1, "gained": 1, "place": 1, "basis": 1}
    assert found.first["lost"][0].old == REVENUE
    assert found.first["gained"][0].new == PROFIT


def test_both_ends_of_a_range_are_one_change_of_value() -> None:
    range_ = REVENUE | {"value": None, "low": "1", "high": "2", "bound": "range"}
    found = compare([article(range_)], [article(range_ | {"low": "0", "high": "3"})], 5)
    assert dict(found.kinds) == {"value": 1}


def test_of_two_that_overlap_the_exact_one_is_paired() -> None:
    inner = REVENUE | {"start": 5, "end": 7}
    found = compare([article(inner, REVENUE)], [article(REVENUE, inner)], 5)
    assert (found.same, dict(found.kinds)) == (2, {})


def test_articles_are_paired_by_id_in_any_order() -> None:
    old = [article(REVENUE, identity=name) for name in "abc"]
    new = [article(REVENUE, identity=name) for name in "dca"]
    found = compare(old, new, 5)
    assert (found.articles, found.only_old, found.only_new, found.same) == (2, 1, 1, 2)
    assert [change.identity for change in found.first["lost"]] == ["b"]
    assert [change.identity for change in found.first["gained"]] == ["d"]


def test_all_are_counted_and_the_first_are_kept() -> None:
    found = compare([article(REVENUE, identity=str(n)) for n in range(9)], [], 2)
    assert found.kinds["lost"] == 9
    assert [change.identity for change in found.first["lost"]] == ["0", "1"]


def test_a_change_is_shown_in_its_sentence(tmp_path: Path) -> None:
    old = written(tmp_path / "old", article(REVENUE, GROWTH))
    new = written(tmp_path / "new", article(REVENUE, GROWTH | {"subject": "甲"}, PROFIT))
    texts = written(tmp_path / "texts", {"id": "z", "text": ""}, {"id": "a", "text": TEXT})
    done = RUNNER.invoke(app, ["diff", old, new, "--texts", texts])
    assert done.exit_code == 0
    lines = [line.strip() for line in done.stdout.splitlines()]
    assert "figures    2 before, 3 now" in lines
    assert "a  3%  none → 甲" in lines
    assert "今年营收5亿元，增长⟦3%⟧。" in lines
    assert "净利润⟦2亿元⟧。" in lines


def test_the_same_counts_come_as_json(tmp_path: Path) -> None:
    old, new = written(tmp_path / "old", article(REVENUE)), written(tmp_path / "new", article())
    done = RUNNER.invoke(app, ["diff", old, new, "--format", "json"])
    found = json.loads(done.stdout)
    assert (found["old"], found["new"], found["kinds"]["lost"], found["kinds"]["gained"]) == (1, 0, 1, 0)
    assert found["first"]["lost"][0]["old"] == REVENUE


def test_two_equal_extractions_have_no_changes(tmp_path: Path) -> None:
    same = written(tmp_path / "same", article(REVENUE))
    done = RUNNER.invoke(app, ["diff", same, same])
    assert done.exit_code == 0
    assert "1 figure, all the same" in done.stdout


def test_what_is_no_extraction_is_named_with_its_line(tmp_path: Path) -> None:
    good, bad = written(tmp_path / "good", article(REVENUE)), written(tmp_path / "bad", article(), {"id": "b"})
    done = RUNNER.invoke(app, ["diff", good, bad])
    assert done.exit_code == 2
    assert f"{bad}, line 2: the field 'figures' is missing" in done.stderr
    missing = RUNNER.invoke(app, ["diff", good, str(tmp_path / "none")])
    assert (missing.exit_code, "No such file" in missing.stderr) == (2, True)
