"""Articles that correct another one: linked to it where it is certain which one, and not linked where it is not.

A later text of the same info code is a revision and needs no link. A correction with a code of its own says in its
title, or before its text, that it is one: 更正：…, …（修订版）. The article that it means has the same title without
these words, was published in the thirty days before, names a subject or a security that the correction names too,
and is the only one of which all this is true.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, and_, exists, func, insert, or_, select, update

from models.database import reading
from models.tables import AmendmentRow, ArticleRow, FigureRow, StagedArticleRow, table_of

WORDS = ("更正", "更新", "修订")
_BEFORE, _AFTER = "(?:补充)?", "(?:版|后|稿|公告)?"
_WORD = f"{_BEFORE}(?P<word>{'|'.join(WORDS)}){_AFTER}"
# 更新 alone is a word of any title; between brackets or before a colon it speaks of the article itself.
_MARKS = (
    re.compile(rf"^\s*[（(【\[]{_WORD}[）)】\]]\s*[：:]?\s*"),
    re.compile(rf"^\s*{_WORD}\s*[：:]\s*"),
    re.compile(rf"\s*[（(【\[]{_WORD}[）)】\]]\s*$"),
)
_DAYS = timedelta(days=30)

_AMENDMENTS, _ARTICLES, _FIGURES, _STAGED = (
    table_of(model) for model in (AmendmentRow, ArticleRow, FigureRow, StagedArticleRow)
)


@dataclass(frozen=True, slots=True)
class Amendment:
    """The article `info_code` corrects the article `amends`, and says so by `word`."""

    info_code: str
    amends: str
    word: str


def marked(title: str) -> tuple[str, str] | None:
    """Give the word by which a title says that it corrects, and the title without it; None where it does not.

    >>> marked("更正：海峡重工一季度营收增长84.32%"), marked("海峡重工更新设备")
    (('更正', '海峡重工一季度营收增长84.32%'), None)
    """
    for mark in _MARKS:
        found = mark.search(title)
        if found and (rest := title[: found.start()] + title[found.end() :]).strip():
            return found["word"], rest.strip()
    return None


def find_amendments(engine: Engine, info_code: str, as_of: datetime | None = None) -> list[Amendment]:
    """Give what an article corrects and what corrects it, as known now or at a moment. Raises DatabaseError."""
    with reading(engine) as connection:
        return amendments_of(connection, info_code, as_of)


def amendments_of(connection: Connection, info_code: str, as_of: datetime | None = None) -> list[Amendment]:
    """Give the same on a connection."""
    columns = _AMENDMENTS.c
    query = select(columns.info_code, columns.amends, columns.word).where(
        or_(columns.info_code == info_code, columns.amends == info_code), _known(as_of)
    )
    return [Amendment(*row) for row in connection.execute(query.order_by(columns.info_code))]


def link_amendments(connection: Connection, batch_id: int, now: datetime) -> None:
    """Link the corrections that a batch has published, or whose article it has; end links that no longer hold."""
    found = {row.info_code: _target(connection, row) for row in _marked_articles(connection, batch_id)}
    linked = {row.info_code: row for row in _linked(connection, batch_id, found)}
    for code in sorted(found.keys() | linked.keys()):
        now_linked, link = linked.get(code), found.get(code)
        if now_linked is not None and link == Amendment(code, now_linked.amends, now_linked.word):
            continue
        if now_linked is not None:
            connection.execute(update(_AMENDMENTS).where(_AMENDMENTS.c.id == now_linked.id).values(known_to=now))
        if link is not None:
            row = {"info_code": code, "amends": link.amends, "word": link.word}
            connection.execute(insert(_AMENDMENTS), row | {"batch_id": batch_id, "known_from": now})


def _linked(connection: Connection, batch_id: int, found: Iterable[str]) -> Sequence[Any]:
    """Give the current links of those that were looked at, and from or to articles that the batch has."""
    codes = select(_STAGED.c.info_code).where(_STAGED.c.batch_id == batch_id)
    ours = or_(
        _AMENDMENTS.c.info_code.in_(list(found)),
        _AMENDMENTS.c.info_code.in_(codes) & ~_stands(_AMENDMENTS.c.info_code),
        _AMENDMENTS.c.amends.in_(codes) & ~_stands(_AMENDMENTS.c.amends),
    )
    return connection.execute(select(_AMENDMENTS).where(_AMENDMENTS.c.known_to.is_(None), ours)).all()


def _stands(info_code: ColumnElement[str]) -> ColumnElement[bool]:
    return exists().where(_ARTICLES.c.info_code == info_code, _ARTICLES.c.known_to.is_(None))


def _marked_articles(connection: Connection, batch_id: int) -> list[Any]:
    """Give the current corrections among and after the articles that the batch has changed."""
    span = select(func.min(_STAGED.c.published), func.max(_STAGED.c.published))
    touched = _STAGED.c.changed | _STAGED.c.condemned
    first, last = connection.execute(span.where(_STAGED.c.batch_id == batch_id, touched)).one()
    if first is None:
        return []
    title, text = _ARTICLES.c.title, _ARTICLES.c.text
    words = or_(*(or_(title.contains(word), text.startswith(word)) for word in WORDS))
    bracketed = or_(*(text.startswith(bracket + word) for word in WORDS for bracket in "（(【["))
    columns = (_ARTICLES.c[name] for name in ("id", "info_code", "title", "text", "published", "mentions"))
    query = select(*columns).where(
        _ARTICLES.c.published.between(first, last + _DAYS), _ARTICLES.c.known_to.is_(None), or_(words, bracketed)
    )
    return [row for row in connection.execute(query) if _mark_of(row) is not None]


def _mark_of(row: Any) -> tuple[str, str] | None:
    """Give the word and the title that is meant, from the title or from what stands before the text."""
    if not row.title:
        return None
    before = marked(row.text)
    return marked(row.title) or ((before[0], row.title.strip()) if before else None)


def _target(connection: Connection, row: Any) -> Amendment | None:
    """Give the link to the one article that the correction can mean, None where there is none or more than one."""
    mark = _mark_of(row)
    if mark is None or row.published is None:
        return None
    columns = (_ARTICLES.c[name] for name in ("id", "info_code", "mentions"))
    query = select(*columns).where(
        func.trim(_ARTICLES.c.title) == mark[1],
        _ARTICLES.c.published.between(row.published - _DAYS, row.published),
        _ARTICLES.c.known_to.is_(None),
        _ARTICLES.c.info_code != row.info_code,
    )
    named = _named(connection, row)
    meant = [other for other in connection.execute(query).all() if named & _named(connection, other)]
    return Amendment(row.info_code, meant[0].info_code, mark[0]) if len(meant) == 1 else None


def _named(connection: Connection, article: Any) -> set[tuple[str, str]]:
    """Give whom an article names: the subjects of its figures and the securities of its mark-up."""
    query = select(_FIGURES.c.subject).where(_FIGURES.c.article_id == article.id, _FIGURES.c.subject.is_not(None))
    subjects = {("subject", subject) for subject in connection.scalars(query)}
    return subjects | {(mention["exchange"], mention["code"]) for mention in article.mentions}


def _known(as_of: datetime | None) -> ColumnElement[bool]:
    if as_of is None:
        return _AMENDMENTS.c.known_to.is_(None)
    still = or_(_AMENDMENTS.c.known_to.is_(None), _AMENDMENTS.c.known_to > as_of)
    return and_(_AMENDMENTS.c.known_from <= as_of, still)
