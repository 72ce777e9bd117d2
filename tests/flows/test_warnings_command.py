"""`tongbi warnings`: what is published, and does not agree with what else is."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from flows.cli import app
from tests.flows.posts import CLEAN, code_of, write_post
from tests.flows.reviewed import ingest

OTHERWISE = "青禾物流今年一季度营业收入5.47亿元，同比增长12.5%，增速居行业前列。"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("warned")
    for number, text in enumerate((CLEAN, OTHERWISE), start=1):
        write_post(folder / "posts", number, text)
    ingest(folder / "home", folder / "posts")
    return folder / "home"


def warnings(home: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["warnings", "--home", str(home), *arguments])


def test_a_contradiction_is_shown_with_both_articles_and_both_numbers(home: Path) -> None:
    result = warnings(home)
    assert result.exit_code == 0
    words = " ".join(result.output.split())
    assert f"{code_of(2)} against {code_of(1)}" in words or f"{code_of(1)} against {code_of(2)}" in words
    assert "articles_agree" in words
    assert "5.32亿元, but 5.47亿元" in words
    assert "5.47亿元, but 5.32亿元" in words


@pytest.mark.parametrize("number", [1, 2])
def test_the_warnings_of_an_article_are_those_that_name_it(home: Path, number: int) -> None:
    found = json.loads(warnings(home, "--article", code_of(number), "--format", "json").stdout)
    # One row for each of the two figures.
    assert [row["expectation"] for row in found] == ["articles_agree"] * 2
    assert {row["info_code"] for row in found} == {code_of(1), code_of(2)}


def test_where_nothing_was_warned_of_that_is_said(home: Path) -> None:
    result = warnings(home, "--expectation", "level_does_not_jump")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "no audit has warned" in result.stderr
