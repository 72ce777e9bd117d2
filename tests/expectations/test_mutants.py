"""One damage at a time is done to clean figures, thousands of times: what the rules can see, they catch."""

import re

import pytest

from tests.expectations.gold import GOLD
from tests.expectations.mutants import KINDS, README, Kind, caught

Caught = list[tuple[Kind, int, int]]


@pytest.fixture(scope="module")
def found() -> Caught:
    return caught()


def test_there_are_thousands_of_mutants_of_dozens_of_kinds(found: Caught) -> None:
    seen = [count for kind, count, _ in found if not kind.unseen]
    assert len(seen) >= 25
    assert all(seen)
    assert sum(seen) >= 2000


def test_of_every_kind_that_the_rules_can_see_99_in_100_are_caught(found: Caught) -> None:
    missed = [(kind.name, hits, count) for kind, count, hits in found if not kind.unseen and hits < 0.99 * count]
    assert missed == []


def test_what_is_said_to_be_unseen_is_not_caught_as_a_rule(found: Caught) -> None:
    """A kind that is caught after all belongs among those that the rules can see."""
    assert [kind.name for kind, count, hits in found if kind.unseen and hits >= 0.99 * count] == []


def test_the_readme_has_the_table(found: Caught) -> None:
    table = README.read_text(encoding="utf-8").partition("<!-- mutants -->")[2].partition("<!-- /mutants -->")[0]
    rows = re.findall(r"^\| (.+?) \| (\d+) \| ([\d.]+) % \| (.*?) ?\|$", table, flags=re.MULTILINE)
    assert [name for name, _, _, _ in rows] == [kind.name for kind in KINDS]
    if GOLD.is_dir():
        assert [int(count) for _, count, _, _ in rows] == [count for _, count, _ in found]
