"""`tongbi unknown`: the names that the catalogue does not know, and the share that it does."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.cli import app
from flows.coverage import Example, cover

RUNNER = CliRunner()
# (subject, metric) of five figures; 客户粘性度 and 甲乙丙丁 are no names of the catalogue.
FIGURES = [("沪指", "营收"), ("甲乙丙丁", "客户粘性度"), (None, "客户粘性度"), ("沪指", None), ("沪指", "净利润")]


@pytest.fixture
def figures(tmp_path: Path) -> str:
    path = tmp_path / "figures.jsonl"
    records = [
        {"id": f"a{n}", "figures": [{"subject": subject, "metric": metric, "text": f"{n}%"}]}
        for n, (subject, metric) in enumerate(FIGURES)
    ]
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return str(path)


def test_unknown_metrics_come_by_frequency_with_an_example(figures: str) -> None:
    done = RUNNER.invoke(app, ["unknown", figures, "--format", "json"])
    found = json.loads(done.stdout)
    assert (found["named"], found["known"], found["share"]) == (4, 2, 0.5)
    example = {"article": "a1", "subject": "甲乙丙丁", "metric": "客户粘性度", "text": "1%"}
    assert found["unknown"] == [{"words": "客户粘性度", "count": 2, "example": example}]


def test_subjects_when_asked_for(figures: str) -> None:
    done = RUNNER.invoke(app, ["unknown", figures, "--entities"])
    assert done.exit_code == 0
    assert "甲乙丙丁" in done.stdout
    assert "knows the subject of 3, 75.0% of the 4 figures that name a subject" in done.stdout


def test_the_more_frequent_come_first_and_the_limit_holds() -> None:
    example = Example("a", None, "x", "1%")
    found = cover([("b", 1, example), ("a", 1, example), ("c", 2, example)], lambda words: None)
    assert [(name.words, name.count) for name in found.most_frequent(2)] == [("c", 2), ("a", 1)]


@pytest.mark.parametrize("arguments", [["unknown"], ["unknown", "x.jsonl", "--database"]])
def test_figures_come_from_one_place(arguments: list[str]) -> None:
    done = RUNNER.invoke(app, arguments)
    assert done.exit_code == 2
    assert "name FIGURES.jsonl or --database" in done.stderr


def test_without_a_database_there_is_a_next_step(home: Path) -> None:
    done = RUNNER.invoke(app, ["unknown", "--database"])
    assert (done.exit_code, "there is no database" in done.stderr) == (2, True)
