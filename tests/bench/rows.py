"""A million figures for the measurements of storage and of queries: made, not read, and all alike every time.

Articles of ten figures: five measures of one company, each with its amount and its change against the year before.
Companies, measures and days are spread so that a query by one of them finds what it finds in a real archive.
"""

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Engine, func, insert, select

from models.audit import AuditOutcome
from models.bulk import insert_rows
from models.catalogue import Metric, entities, metrics
from models.database import writing
from models.implying import add_intervals
from models.publishing import publish_batch
from models.tables import (
    ArticleRevisionRow,
    BatchRow,
    RawDocumentRow,
    StagedArticleRow,
    StagedFigureRow,
    StagedNumberRow,
    table_of,
)

Row = dict[str, Any]
FIGURES_AN_ARTICLE = 10
COMPANIES = 5_000
NOW = datetime(2022, 4, 19, 1, 0, tzinfo=UTC)
ENGINE = "bench 1"
_FIRST_DAY = datetime(2019, 1, 1, 1, 30, tzinfo=UTC)
_DAYS = 1_200
_METRICS = tuple(metrics()[name] for name in ("revenue", "net_profit", "total_profit", "operating_profit", "income"))
# One article of a thousand has a rare measure, and one of fifty is of one large company.
RARE, LARGE = metrics()["buyback_value"], "测试银行"
_RARE_EVERY, _LARGE_EVERY = 1_000, 50
_ENTITIES = tuple(entities())
_CHUNK = 1_000


def company(number: int) -> str:
    """Give the name of the company of an article."""
    return LARGE if number % _LARGE_EVERY == 7 else f"测试{number * 7919 % COMPANIES:04}股份"


def _metrics_of(number: int) -> tuple[Metric, ...]:
    return (*_METRICS[:-1], RARE) if number % _RARE_EVERY == 0 else _METRICS


def published_at(number: int) -> datetime:
    """Give the time of publication of an article: many a day, some minutes apart."""
    return _FIRST_DAY + timedelta(days=number * 31 % _DAYS, minutes=number % 480)


def code_of(number: int) -> str:
    """Give the info code of an article, which begins with its day, as those of the news do."""
    return f"{published_at(number):%Y%m%d}{number:010}"


def stage_rows(engine: Engine, figures: int, *, first: int = 0, version: str = ENGINE) -> int:
    """Stage a batch of so many figures, whose articles are numbered from `first` on; give the id of the batch.

    Another `version` reads the same articles again, so that all of their rows are superseded.
    """
    numbers = range(first, first + figures // FIGURES_AN_ARTICLE)
    with writing(engine) as connection:
        row = {"source": "bench", "strict": False, "state": "staged", "engine_version": version}
        row |= {"started_at": NOW, "is_staged": True, "articles": len(numbers), "figures": figures}
        batch_id = int(
            connection.execute(insert(table_of(BatchRow)).returning(table_of(BatchRow).c.id), row).scalar_one()
        )
        for begin in range(0, len(numbers), _CHUNK):
            _stage(connection, batch_id, numbers[begin : begin + _CHUNK], version)
    return batch_id


def published_rows(engine: Engine, figures: int) -> None:
    """Publish so many figures in a database: what the queries are measured on."""
    publish_batch(engine, stage_rows(engine, figures), AuditOutcome(), now=NOW)


def _stage(connection: Connection, batch_id: int, numbers: range, version: str) -> None:
    articles = [_article(number) | {"batch_id": batch_id, "engine_version": version} for number in numbers]
    known = table_of(RawDocumentRow).c.sha256
    if connection.scalar(select(known).where(known == articles[0]["raw_sha256"])) is None:
        insert_rows(connection, table_of(RawDocumentRow), (_document(article) for article in articles))
        insert_rows(connection, table_of(ArticleRevisionRow), (_revision(article) for article in articles))
    staged = table_of(StagedArticleRow)
    row_id = (connection.scalar(select(func.max(staged.c.row_id))) or 0) + 1
    rows = [article | {"row_id": row_id + place} for place, article in enumerate(articles)]
    insert_rows(connection, staged, rows)
    pairs = list(zip(numbers, rows, strict=True))
    figures = (row for pair in pairs for row in add_intervals(list(_figures(*pair))))
    insert_rows(connection, table_of(StagedFigureRow), figures)
    insert_rows(connection, table_of(StagedNumberRow), (row for pair in pairs for row in _numbers(*pair)))


def _article(number: int) -> Row:
    text = "".join(_sentences(number))
    return {
        "info_code": code_of(number),
        "source": "bench",
        "location": f"_posts/{number}.md",
        "raw_sha256": _hash(f"raw {number}"),
        "shape": "flash",
        "title": f"{company(number)}季报",
        "text": text,
        "text_sha256": _hash(text),
        "published": published_at(number),
        "published_written": published_at(number).isoformat(),
        "published_from": "stated",
        "link": f"http://news.example/{number}.html",
        "return_links": [],
        "mentions": [],
        "faults": [],
        "fingerprint": _hash(f"article {number}"),
        "revision": 1,
    }


def _document(article: Row) -> Row:
    key = article["raw_sha256"]
    return {"sha256": key, "size": 900, "object_key": f"{key}.gz", "fetched_at": NOW}


def _revision(article: Row) -> Row:
    return {name: article[name] for name in ("info_code", "revision", "text_sha256")}


def _amounts(number: int) -> Iterator[tuple[str, str]]:
    for place in range(len(_METRICS)):
        yield f"{number % 900 + 1}.{place}{number % 10}亿元", f"{number % 89 + 10}.{place}%"


def _sentences(number: int) -> Iterator[str]:
    for metric, (amount, change) in zip(_metrics_of(number), _amounts(number), strict=True):
        yield f"{company(number)}一季度{metric.name}{amount}，同比增长{change}。"


def _figures(number: int, article: Row) -> Iterator[Row]:
    year = published_at(number).year
    common = {
        "low": None,
        "high": None,
        "bound": "exact",
        "subject": company(number),
        "period_start": date(year, 1, 1),
        "period_end": date(year, 3, 31),
        "status": "actual",
        "entity_id": _ENTITIES[number % len(_ENTITIES)] if number % 10 == 0 else None,
        "rules": ["quantity.money", "metric.before", "period.quarter"],
        "article_row_id": article["row_id"],
    }
    begin = 0
    for metric, sentence, pair in zip(_metrics_of(number), _sentences(number), _amounts(number), strict=True):
        for text, kind, basis, unit, scale in zip(
            pair, ("level", "change_rate"), (None, "yoy"), ("CNY", "%"), (10**8, 1), strict=True
        ):
            start = begin + sentence.index(text)
            yield common | {
                "start": start,
                "end": start + len(text),
                "text": text,
                "kind": kind,
                "value": Decimal(text.rstrip("亿元%")) * scale,
                "basis": basis,
                "unit": unit,
                "metric": metric.name,
                "metric_id": metric.id,
                "sentence": sentence,
                "sentence_start": begin,
                "fingerprint": _hash(f"{number} {start}"),
            }
        begin += len(sentence)


def _numbers(number: int, article: Row) -> Iterator[Row]:
    for figure in _figures(number, article):
        text = figure["text"].rstrip("亿元%")
        yield {
            "start": figure["start"],
            "end": figure["start"] + len(text),
            "text": text,
            "role": "figure",
            "reason": None,
            "fingerprint": figure["fingerprint"],
            "article_row_id": article["row_id"],
        }


def _hash(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()
