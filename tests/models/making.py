"""Articles, readings and batches for the tests of storage: small, and made from a sentence."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from functools import cache
from pathlib import Path

import polars as pl
from sqlalchemy import Engine

from models.audit import AuditOutcome, Failure
from models.database import reading
from models.objects import Objects, open_objects
from models.publishing import PublishReport, publish_batch
from models.raw_archive import RawArchive
from models.staging import BatchFacts, StagedBatch, Unreadable, read_staged, stage_batch
from models.types import plain_decimal
from models.values import Article, Figure, Number, Period, RawDocument, Reading
from models.vocabulary import Basis, Bound, DateOrigin, Kind, Role, RowKind, Severity, Shape, Status

NOW = datetime(2022, 4, 19, 1, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
SHANGHAI = timezone(timedelta(hours=8))
FIRST_QUARTER = Period(date(2022, 1, 1), date(2022, 3, 31))
SENTENCE = "海峡重工一季度营收655.58亿元，同比增长84.32%。"
FACTS = BatchFacts("posts", date(2022, 4, 1), date(2022, 4, 30), False, "engine 1", NOW)

Read = tuple[Article, Reading]


def an_article(words: str = SENTENCE, code: str = "202204180001", **changes: object) -> Article:
    fields: dict[str, object] = {
        "info_code": code,
        "source": "posts",
        "location": f"_posts/{code}.md",
        "raw_sha256": hashlib.sha256(words.encode()).hexdigest(),
        "shape": Shape.FLASH,
        "title": "海峡重工季报",
        "text": words,
        "digest": None,
        "medium": "证券时报",
        "published": datetime(2022, 4, 18, 9, 30, tzinfo=SHANGHAI),
        "published_written": "2022-04-18 09:30:00 +0800",
        "published_from": DateOrigin.FRONT_MATTER,
        "category": None,
        "tags": None,
        "link": None,
        "return_links": (),
        "mentions": (),
        "faults": (),
    }
    return Article(**(fields | changes))  # type: ignore[arg-type]


def a_figure(words: str, quantity: str, value: str = "", **changes: object) -> Figure:
    start = words.find(quantity)
    fields: dict[str, object] = {
        "start": start,
        "end": start + len(quantity),
        "text": quantity,
        "kind": Kind.LEVEL,
        "value": Decimal(value) if value else None,
        "low": None,
        "high": None,
        "bound": Bound.EXACT,
        "unit": "CNY",
        "basis": None,
        "metric": "营收",
        "subject": "海峡重工",
        "period": FIRST_QUARTER,
        "status": Status.ACTUAL,
        "metric_id": "revenue",
        "entity_id": None,
        "rules": ("quantity.money", "metric.before"),
    }
    return Figure(**(fields | changes))  # type: ignore[arg-type]


def a_number(words: str, digits: str, role: Role = Role.FIGURE, reason: str | None = None) -> Number:
    start = words.find(digits)
    return Number(start, start + len(digits), digits, role, reason)


def a_reading(words: str = SENTENCE) -> Reading:
    """The reading of a sentence that has 655.58亿元 and 84.32% in it."""
    rate = {"kind": Kind.CHANGE_RATE, "unit": "%", "basis": Basis.YOY}
    return Reading(
        (a_figure(words, "655.58亿元", "65558000000"), a_figure(words, "84.32%", "84.32", **rate)),
        (a_number(words, "655.58"), a_number(words, "84.32")),
    )


def read_as(words: str = SENTENCE, code: str = "202204180001", **changes: object) -> Read:
    return an_article(words, code, **changes), a_reading(words)


def stage(
    engine: Engine,
    articles: Sequence[Read],
    unreadable: Iterable[Unreadable] = (),
    facts: BatchFacts = FACTS,
) -> StagedBatch:
    """Keep the documents of the articles, stage them, and read them back."""
    archive_of(engine).keep([document_of(article) for article, _ in articles])
    return read_staged(engine, stage_batch(engine, facts, articles, unreadable))


def archive_of(engine: Engine) -> RawArchive:
    """The raw archive: in a folder beside a SQLite file, in memory for a database on a server."""
    if engine.dialect.name == "sqlite":
        return RawArchive(engine, open_objects(f"file://{Path(str(engine.url.database)).parent / 'raw'}"))
    return RawArchive(engine, _in_memory(str(engine.url.database)))


@cache
def _in_memory(_database: str) -> Objects:
    return open_objects("memory:///")


def document_of(article: Article) -> RawDocument:
    content = article.text.encode()
    return RawDocument(article.source, article.location, content, article.raw_sha256, NOW)


def rows(engine: Engine, statement: str) -> list[tuple[object, ...]]:
    """The rows of a statement as SQLite has them, whatever the database."""
    with reading(engine) as connection:
        return [tuple(_plain(value) for value in row) for row in connection.exec_driver_sql(statement)]


def _plain(value: object) -> object:
    match value:
        case bool():
            return int(value)
        case Decimal():
            return plain_decimal(value)
        case datetime():
            return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
        case date():
            return value.isoformat()
        case dict() | list():
            return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return value


def dump(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    """Every row of the tables that are results: what a second run must leave as it is."""
    tables = ("raw_document", "raw_response", "article_revision", "article", "figure", "number", "metric", "entity")
    staged = ("staged_article", "staged_figure", "staged_number")
    whole = {table: rows(engine, f"SELECT * FROM {table} ORDER BY 1, 2") for table in (*tables, *staged)}
    seen = "id, row_key, row, state, why, reason, who, first_seen_batch_id"
    unread = "id, source, location, sha256, error, state, first_seen_batch_id"
    return whole | {
        "quarantine": rows(engine, f"SELECT {seen} FROM quarantine ORDER BY id"),
        "unreadable_document": rows(engine, f"SELECT {unread} FROM unreadable_document ORDER BY id"),
    }


def failure(staged: StagedBatch, text: str, severity: Severity = Severity.ROW, rule: str = "rate") -> Failure:
    row_id = staged.figures.filter(pl.col("text") == text)["row_id"][0]
    return Failure(RowKind.FIGURE, row_id, rule, severity, text, "less", f"{text} is too much.")


def run(
    engine: Engine,
    articles: list[Read],
    bad: str | None = None,
    severity: Severity = Severity.ROW,
    now: datetime = NOW,
    facts: BatchFacts = FACTS,
) -> PublishReport:
    """Stage articles and publish them; the figure `bad` fails."""
    staged = stage(engine, articles, facts=facts)
    audit = AuditOutcome(failures=(failure(staged, bad, severity),)) if bad else AuditOutcome()
    return publish_batch(engine, staged.batch_id, audit, now=now)
