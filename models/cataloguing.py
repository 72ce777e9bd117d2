"""The catalogue's metrics and entities as rows, so that published figures can point at them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Table, insert, select, update

from models.catalogue import entities, metrics
from models.tables import EntityRow, MetricRow, table_of

_METRICS, _ENTITIES = table_of(MetricRow), table_of(EntityRow)


def store_catalogue(connection: Connection) -> None:
    """Write what is new or different in the catalogue; what left it stays, figures may point at it."""
    _store(
        connection,
        _METRICS,
        [
            {
                "id": metric.id,
                "name": metric.name,
                "aliases": list(metric.aliases),
                "dimension": metric.dimension,
                "definition": metric.definition,
            }
            for metric in metrics().values()
        ],
    )
    _store(
        connection,
        _ENTITIES,
        [
            {
                "id": entity.id,
                "kind": entity.kind,
                "name": entity.name,
                "aliases": list(entity.aliases),
                "parent": entity.parent,
            }
            for entity in entities().values()
        ],
    )


def _store(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    known = {row["id"]: dict(row) for row in connection.execute(select(table)).mappings()}
    new = [row for row in rows if row["id"] not in known]
    if new:
        connection.execute(insert(table), new)
    for row in rows:
        if known.get(row["id"], row) != row:
            connection.execute(update(table).where(table.c.id == row["id"]).values(row))
