"""200 numbers drawn at random from real articles, each read by a person: are their roles what that person says?

The sample holds no text, only where a number stands and what it is; the articles are in ../shared.
"""

import gzip
import json
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from models.vocabulary import Role
from tasks.engine import read_text

REPOSITORY = Path(__file__).resolve().parents[3]
SAMPLE = REPOSITORY / "tests" / "golden" / "roles.jsonl"
CORPUS = REPOSITORY.parent / "shared" / "figures" / "corpus.jsonl.gz"
SHARE_RIGHT = 0.98

needs_corpus = pytest.mark.skipif(not CORPUS.is_file(), reason=f"no articles at {CORPUS}: roles are not compared")


@cache
def sample() -> list[dict[str, Any]]:
    return [json.loads(line) for line in SAMPLE.read_text("utf-8").splitlines()]


def right_role(row: dict[str, Any]) -> Role:
    """Give the role that the reader says is right."""
    return Role(row.get("should_be", row["role"]))


def articles() -> dict[str, dict[str, Any]]:
    wanted = {row["article"] for row in sample()}
    with gzip.open(CORPUS, "rt", encoding="utf-8") as lines:
        found = (json.loads(line) for line in lines)
        return {article["id"]: article for article in found if article["id"] in wanted}


def test_the_sample_is_of_two_hundred_numbers_that_are_neither_figure_nor_date() -> None:
    assert len(sample()) == 200
    assert not {row["role"] for row in sample()} & {Role.FIGURE, Role.DATE}
    assert len({(row["article"], row["start"]) for row in sample()}) == 200


def test_ninety_eight_of_a_hundred_were_right_when_they_were_read() -> None:
    verdicts = Counter(row["verdict"] for row in sample())
    assert set(verdicts) <= {"right", "wrong"}
    assert verdicts["right"] >= SHARE_RIGHT * len(sample())
    assert all("should_be" in row for row in sample() if row["verdict"] == "wrong")


@needs_corpus
def test_the_engine_agrees_with_the_reader() -> None:
    known, differing = articles(), []
    assert len(known) == len({row["article"] for row in sample()})
    for row in sample():
        article = known[row["article"]]
        numbers = read_text(article["text"], date.fromisoformat(article["published"])).numbers
        found = [n.role for n in numbers if n.start < row["end"] and row["start"] < n.end]
        if found != [right_role(row)]:
            differing.append((row["article"], row["number"], str(right_role(row)), [str(role) for role in found]))
    assert len(differing) <= (1 - SHARE_RIGHT) * len(sample()), differing
