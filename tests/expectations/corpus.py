"""How many of the engine's own figures of the whole corpus the audit keeps back: `python -m tests.expectations.corpus`.

The corpus has to be at hand. With --list each row that is kept back stands below the table, for reading. What a reader
found is in `tests/golden/kept_back.jsonl`: the engine read the figure wrongly ("engine"), the article contradicts
itself or its date ("source"), or the figure is right ("false alarm").
"""

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from datetime import time as clock
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from expectations import BatchFacts, audit
from models.audit import AuditOutcome, Failure
from models.frames import ARTICLE_COLUMNS, FIGURE_COLUMNS, NUMBER_COLUMNS
from models.records import SHANGHAI, Row, figure_rows, number_row
from models.vocabulary import RowKind
from tasks.engine import read_text
from tests.expectations.gold import GOLD
from tests.expectations.making import Staged, append_rows, article, frame, plain_frame

CORPUS = GOLD / "corpus.jsonl.gz"
VERDICTS = Path(__file__).resolve().parents[1] / "golden" / "kept_back.jsonl"
FALSE_ALARM = "false alarm"
NOT_READ = "not read yet"

# An article's id, where the row begins, and the expectation.
_Key = tuple[str, int | None, str]


@dataclass(frozen=True)
class KeptBack:
    """What the audit did with a part of the corpus."""

    staged: Staged
    outcome: AuditOutcome

    @property
    def figures(self) -> int:
        """Give how many figures go to quarantine, by themselves or with their article."""
        return len(self._rows(RowKind.FIGURE) | self._of_articles())

    @property
    def share(self) -> float:
        """Give the share of the figures that go to quarantine."""
        return self.figures / self.staged.figures.height

    @cached_property
    def rows(self) -> list[tuple[Failure, Row]]:
        """Give each failure with the row that failed."""
        staged = self.staged
        frames = {RowKind.ARTICLE: staged.articles, RowKind.FIGURE: staged.figures, RowKind.NUMBER: staged.numbers}
        found = [(failure, pl.col("row_id") == failure.row_id) for failure in self.outcome.failures]
        return [(each, frames[each.row_kind].row(by_predicate=here, named=True)) for each, here in found]

    def verdicts(self) -> Counter[str]:
        """Count what a reader found of the failures."""
        known = _verdicts()
        return Counter(
            known.get((row["info_code"], row.get("start"), failure.expectation), NOT_READ) for failure, row in self.rows
        )

    def _rows(self, kind: RowKind) -> set[int]:
        return {failure.row_id for failure in self.outcome.failures if failure.row_kind is kind}

    def _of_articles(self) -> set[int]:
        gone = self._rows(RowKind.ARTICLE)
        pairs = self.staged.figures.select("row_id", "article_row_id").iter_rows()
        return {row_id for row_id, article_row_id in pairs if article_row_id in gone}


def keep_back(every: int = 1) -> KeptBack:
    """Read and audit each `every`th article of the corpus as one batch."""
    with gzip.open(CORPUS, "rt", encoding="utf-8") as lines:
        staged = _staged([json.loads(line) for number, line in enumerate(lines) if number % every == 0])
    outcome = audit(staged.articles, staged.figures, staged.numbers, BatchFacts(staged.articles.height))
    return KeptBack(staged, outcome)


def _staged(items: Iterable[dict[str, Any]]) -> Staged:
    articles: list[Row] = []
    figures: list[Row] = []
    numbers: list[Row] = []
    for row_id, item in enumerate(items, 1):
        published = date.fromisoformat(item["published"])
        reading = read_text(item["text"], published)
        told = {"info_code": item["id"], "title": item["title"], "published": _noon(published)}
        articles.append(article(row_id, item["text"], **told))
        keys = {"article_row_id": row_id, "info_code": item["id"]}
        append_rows(figures, figure_rows(reading.figures, item["text"]), keys)
        append_rows(numbers, [number_row(number) for number in reading.numbers], keys)
    return Staged(
        frame(articles, ARTICLE_COLUMNS), plain_frame(figures, FIGURE_COLUMNS), plain_frame(numbers, NUMBER_COLUMNS)
    )


def _noon(day: date) -> datetime:
    return datetime.combine(day, clock(12), SHANGHAI)


def _verdicts() -> dict[_Key, str]:
    lines = VERDICTS.read_text(encoding="utf-8").splitlines()
    found = [json.loads(line) for line in lines]
    return {(each["id"], each["start"], each["expectation"]): each["verdict"] for each in found}


def _told(failure: Failure, row: Row) -> str:
    shown = ("subject", "metric", "period_start", "period_end", "status", "bound", "basis", "unit", "text")
    cells = " | ".join(str(row[name]) for name in shown if row.get(name) is not None)
    head = f"{row['info_code']} {row.get('start')} {failure.expectation}: {failure.observed}"
    return f"{head} (allowed: {failure.allowed})\n  {cells}\n  {row.get('sentence')}"


def main() -> None:
    """Print the share, the rules that keep back, and the rows on request."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=1, help="read each Nth article alone")
    parser.add_argument("--list", action="store_true", help="print each row that is kept back")
    chosen = parser.parse_args()
    kept = keep_back(chosen.every)
    print(f"{kept.staged.articles.height:,} articles, {kept.staged.figures.height:,} figures:", end=" ")
    print(f"{kept.figures:,} figures kept back, {kept.share:.2%}; {len(kept.outcome.warnings):,} warnings")
    print("; ".join(f"{count} {verdict}" for verdict, count in kept.verdicts().most_common()))
    counts = Counter((failure.row_kind.value, failure.expectation) for failure in kept.outcome.failures)
    for (kind, rule), count in counts.most_common():
        print(f"{count:6,}  {kind:8} {rule}")
    if chosen.list:
        print("\n".join(_told(*each) for each in kept.rows))


if __name__ == "__main__":
    main()
