"""How entities and metrics are called: the words of all figures, and the securities that articles name.

Some ten thousand words stand for a million figures, so what is asked for is looked up here first.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select, text

from models.answers import unindexed
from models.catalogue import find_entity, find_metric
from models.tables import FigureNameRow, FigureRow, SecurityRow, table_of

SUBJECT, METRIC = "subject", "metric"
_ID = {SUBJECT: "entity_id", METRIC: "metric_id"}
_NAMES, _SECURITIES, _FIGURES = table_of(FigureNameRow), table_of(SecurityRow), table_of(FigureRow)
# More keys than these are no help: what is called so is everywhere.
_MOST_KEYS = 2_000
# SH600519, SH.600519 and 600519.SH name the exchange too.
_CODES = (r"(?P<exchange>[A-Za-z]{2,6})[.:]?(?P<code>\d{4,6})", r"(?P<code>\w+)[.:](?P<exchange>[A-Za-z]{2,6})")

_STORE_NAMES = """
INSERT INTO figure_name (role, words, key)
SELECT DISTINCT '{role}', figure.{role}, coalesce(figure.{id}, figure.{role})
FROM staged_article AS article JOIN staged_figure AS figure ON figure.article_row_id = article.row_id
WHERE article.batch_id = :batch AND article.changed AND figure.{role} IS NOT NULL AND NOT figure.condemned
ON CONFLICT DO NOTHING
"""
_MENTIONS = {
    "sqlite": ("json_each(article.mentions) AS mention", "json_extract(mention.value, '$.{field}')"),
    "postgresql": ("jsonb_array_elements(article.mentions) AS mention(value)", "mention.value ->> '{field}'"),
}
_STORE_SECURITIES = """
INSERT INTO security (code, exchange, name)
SELECT DISTINCT {code}, {exchange}, {name} FROM staged_article AS article, {mentions}
WHERE article.batch_id = :batch AND article.changed
ON CONFLICT DO NOTHING
"""


def store_names(connection: Connection, batch_id: int) -> None:
    """Write down the words that the figures to be published use, and the securities that their articles name."""
    for role, id_ in _ID.items():
        connection.execute(text(_STORE_NAMES.format(role=role, id=id_)), {"batch": batch_id})
    mentions, field = _MENTIONS[connection.dialect.name]
    fields = {
        name: field.format(field=of) for name, of in (("code", "code"), ("exchange", "exchange"), ("name", "text"))
    }
    statement = text(_STORE_SECURITIES.format(mentions=mentions, **fields))
    connection.execute(statement, {"batch": batch_id})


@dataclass(frozen=True, slots=True)
class Names:
    """What an entity or a metric that is asked for is called.

    `ids` are those of the catalogue, `securities` the names of the code that was asked for, and `keys` what stands in
    the indexes for all that is meant, or for more; None where they are too many to be of use.
    """

    role: str
    asked: str
    ids: tuple[str, ...]
    securities: tuple[str, ...]
    keys: tuple[str, ...] | None

    @property
    def key(self) -> ColumnElement[str]:
        """Give what stands in the indexes of figures for the entity or the metric."""
        return func.coalesce(_FIGURES.c[_ID[self.role]], _FIGURES.c[self.role])

    def condition(self) -> ColumnElement[bool]:
        """Give the condition that says of a figure whether it is meant."""
        words, id_ = unindexed(_FIGURES.c[self.role]), unindexed(_FIGURES.c[_ID[self.role]])
        return or_(_contains(words, self.asked), id_.in_(self.ids), words.in_(self.securities))


def names_of(connection: Connection, role: str, asked: str | None) -> Names | None:
    """Look up what is called so, wholly or in part; None where nothing is asked for."""
    if asked is None:
        return None
    ids, securities = _meant(connection, role, asked)
    keys = _list(connection, _found(role, asked, ids, securities))
    return Names(role, asked, ids, securities, keys)


def keys_of(connection: Connection, role: str, asked: str) -> Any:
    """Give the keys of what is called so, wholly or in part, for a condition `.in_(…)`: a few, or a query of many."""
    query = _found(role, asked, *_meant(connection, role, asked))
    keys = _list(connection, query)
    return query if keys is None else keys


def _meant(connection: Connection, role: str, asked: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the ids of the catalogue and the names of a security that are meant."""
    found = find_entity(asked) if role == SUBJECT else find_metric(asked)
    ids = dict.fromkeys((asked, found.id) if found else (asked,))
    return tuple(ids), _securities(connection, asked) if role == SUBJECT else ()


def _found(role: str, asked: str, ids: Sequence[str], securities: Sequence[str]) -> Select[Any]:
    meant = or_(_contains(_NAMES.c.words, asked), _NAMES.c.key.in_(ids), _NAMES.c.words.in_(securities))
    return select(_NAMES.c.key).where(_NAMES.c.role == role, meant).distinct()


def _list(connection: Connection, query: Select[Any]) -> tuple[str, ...] | None:
    """Give what a query finds, None where that is too much."""
    found = tuple(connection.scalars(query.limit(_MOST_KEYS + 1)))
    return found if len(found) <= _MOST_KEYS else None


def _contains(column: ColumnElement[Any], asked: str) -> ColumnElement[bool]:
    # The case of letters is nothing to go by: BYD, byd.
    return column.icontains(asked, autoescape=True)


def _securities(connection: Connection, asked: str) -> tuple[str, ...]:
    """Give the names that articles give the security of this code."""
    meant = [and_(*(_SECURITIES.c[name] == said for name, said in code.items())) for code in _codes(asked)]
    return tuple(connection.scalars(select(_SECURITIES.c.name).where(or_(*meant)).distinct()))


def _codes(asked: str) -> Iterator[dict[str, str]]:
    yield {"code": asked.upper()}
    for pattern in _CODES:
        if found := re.fullmatch(pattern, asked, re.ASCII):
            yield {name: said.upper() for name, said in found.groupdict().items()}
