"""One figure with all that is known about it: its article, and what stood in its place at every time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, RowMapping, select

from models.amendments import amendments_of
from models.database import reading
from models.tables import ArticleRow, FigureRow, table_of

_ARTICLES, _FIGURES = table_of(ArticleRow), table_of(FigureRow)
# What tells that a figure of another reading says the same thing, or another amount of it; the first that fits counts.
_SAME = (
    ("revision", "start", "end"),
    ("kind", "unit", "basis", "metric", "subject", "period_start", "period_end"),
    ("kind", "unit", "metric", "subject"),
)


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of the article, and the figure that stood in this one's place, None where none did.

    It was known from `known_from` to `known_to`, None where it still stands. `is_this` marks the reading of the figure
    that was asked for.
    """

    known_from: datetime
    known_to: datetime | None
    revision: int
    engine_version: str
    batch_id: int
    title: str | None
    figure: RowMapping | None
    is_this: bool


@dataclass(frozen=True, slots=True)
class Other:
    """The article that corrects this one, or that this one corrects, as it stands now; `word` says so: 更正.

    Title and time are None where the article has none.
    """

    info_code: str
    title: str | None
    published: datetime | None
    word: str


@dataclass(frozen=True, slots=True)
class FigureStory:
    """A figure, its article and all readings of that article in the order in which they became known.

    `corrects` is what the article corrects, `corrected_by` what corrects it, in the order of their info codes.
    """

    figure: RowMapping
    article: RowMapping
    readings: tuple[Reading, ...]
    corrects: tuple[Other, ...]
    corrected_by: tuple[Other, ...]


def tell_figure(engine: Engine, figure_id: int) -> FigureStory | None:
    """Give the figure of an id with its article and its history, None where there is none. Raises DatabaseError.

    A figure of another reading stands in its place where it is read from the same characters of the same text, else
    where it says the same of the same, else where it only has the same measure, subject, kind and unit.
    """
    with reading(engine) as connection:
        figure = connection.execute(select(_FIGURES).where(_FIGURES.c.id == figure_id)).mappings().one_or_none()
        if figure is None:
            return None
        articles = _articles(connection, figure["info_code"])
        figures = _figures(connection, [article["id"] for article in articles])
        corrects, corrected_by = _others(connection, figure["info_code"])
    own = next(article for article in articles if article["id"] == figure["article_id"])
    readings = tuple(_reading(article, figure, figures) for article in articles)
    return FigureStory(figure, own, readings, corrects, corrected_by)


def _others(connection: Connection, info_code: str) -> tuple[tuple[Other, ...], tuple[Other, ...]]:
    """Give what an article corrects, and what corrects it."""
    links = amendments_of(connection, info_code)
    corrects = (_other(connection, link.amends, link.word) for link in links if link.info_code == info_code)
    corrected_by = (_other(connection, link.info_code, link.word) for link in links if link.amends == info_code)
    return tuple(corrects), tuple(corrected_by)


def _other(connection: Connection, info_code: str, word: str) -> Other:
    columns = _ARTICLES.c.title, _ARTICLES.c.published
    current = _ARTICLES.c.known_to.is_(None)
    found = connection.execute(select(*columns).where(_ARTICLES.c.info_code == info_code, current)).one_or_none()
    title, published = (None, None) if found is None else found
    return Other(info_code, title, published, word)


def _articles(connection: Connection, info_code: str) -> list[RowMapping]:
    query = select(_ARTICLES).where(_ARTICLES.c.info_code == info_code)
    return list(connection.execute(query.order_by(_ARTICLES.c.known_from, _ARTICLES.c.id)).mappings())


def _figures(connection: Connection, article_ids: Sequence[int]) -> list[RowMapping]:
    query = select(_FIGURES).where(_FIGURES.c.article_id.in_(article_ids)).order_by(_FIGURES.c.start, _FIGURES.c.id)
    return list(connection.execute(query).mappings())


def _reading(article: RowMapping, figure: RowMapping, figures: list[RowMapping]) -> Reading:
    is_this = article["id"] == figure["article_id"]
    of_article = [each for each in figures if each["article_id"] == article["id"]]
    return Reading(
        article["known_from"],
        article["known_to"],
        article["revision"],
        article["engine_version"],
        article["batch_id"],
        article["title"],
        figure if is_this else _counterpart(figure, of_article),
        is_this,
    )


def _counterpart(figure: RowMapping, others: list[RowMapping]) -> RowMapping | None:
    for names in _SAME:
        for other in others:
            if all(other[name] == figure[name] for name in names):
                return other
    return None
