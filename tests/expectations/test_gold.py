"""Gold figures of real articles pass the audit: it must not cry wolf."""

import pytest

from expectations import BatchFacts, audit
from models.frames import ARTICLE_COLUMNS, FIGURE_COLUMNS, NUMBER_COLUMNS
from tests.expectations.gold import GOLD, gold_articles, gold_pair
from tests.expectations.making import frame

pytestmark = pytest.mark.skipif(not GOLD.is_dir(), reason=f"no gold figures in {GOLD}: the audit is not tried on them")


def test_at_most_one_gold_figure_in_two_hundred_is_rejected() -> None:
    golds = [gold_pair(row_id, gold) for row_id, gold in enumerate(gold_articles(), 1)]
    rows = [row for _, figures in golds for row in figures]
    figures = frame([{"row_id": number, **row} for number, row in enumerate(rows)], FIGURE_COLUMNS)
    articles = frame([head for head, _ in golds], ARTICLE_COLUMNS)
    outcome = audit(articles, figures, frame([], NUMBER_COLUMNS), BatchFacts(len(golds)))
    assert outcome.exceptions == ()
    assert figures.height > 700
    rejected = {(f.row_id, f.expectation, f.observed) for f in outcome.failures if f.row_kind == "figure"}
    assert len({row_id for row_id, _, _ in rejected}) <= figures.height / 200, rejected
