"""Which rows of the quarantine a batch has met, by what was rejected and why."""

from collections.abc import Mapping

from sqlalchemy import Engine, select

from models.database import reading
from models.tables import QuarantineRow, table_of
from models.vocabulary import RowKind

_QUARANTINE = table_of(QuarantineRow)

# The kind of row, the article, the place in its text and the expectation, and the id that `tongbi quarantine` takes.
QuarantineIds = Mapping[tuple[RowKind, str, int | None, int | None, str], int]


def quarantine_ids(engine: Engine, batch_id: int) -> QuarantineIds:
    """Give the ids of the rows that this batch put into the quarantine or found there. Raises DatabaseError."""
    columns = (_QUARANTINE.c[name] for name in ("row_kind", "info_code", "start", "end", "expectation", "id"))
    with reading(engine) as connection:
        rows = connection.execute(select(*columns).where(_QUARANTINE.c.last_seen_batch_id == batch_id))
        return {(RowKind(row.row_kind), row.info_code, row.start, row.end, row.expectation): row.id for row in rows}
