"""The texts that are measured on: those of the corpus where it is at hand, else those of the sample archive."""

import gzip
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from models.values import RawDocument
from tasks.articles import read_article

PROJECT = Path(__file__).resolve().parents[2]
CORPUS = PROJECT.parent / "shared" / "figures" / "corpus.jsonl.gz"
_POSTS = PROJECT / "archive" / "sample" / "_posts"


@dataclass(frozen=True, slots=True)
class Item:
    """One text and the day on which it was published."""

    identity: str
    published: date
    text: str


def items(most: int) -> tuple[str, list[Item]]:
    """Give where the texts are from, and at most so many of them, taken evenly from all."""
    if CORPUS.exists():
        with gzip.open(CORPUS, "rt", encoding="utf-8") as lines:
            rows = [json.loads(line) for line in lines]
        rows = rows[:: -(-len(rows) // most)]
        return "the corpus", [Item(row["id"], date.fromisoformat(row["published"]), row["text"]) for row in rows]
    posts = [_read_post(path) for path in sorted(_POSTS.glob("*.md"))]
    return "the sample archive, again and again", (posts * (most // len(posts) + 1))[:most]


def _read_post(path: Path) -> Item:
    document = RawDocument("sample", path.name, path.read_bytes(), "", datetime(2022, 4, 18, tzinfo=UTC))
    article = read_article(document)
    return Item(article.info_code, article.published.date() if article.published else date(2022, 4, 18), article.text)
