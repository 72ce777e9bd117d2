"""What an audit warned of: kept with its batch, and read again."""

from collections.abc import Sequence
from dataclasses import asdict

import polars as pl
from sqlalchemy import Connection, Engine, delete, insert, or_, select

from models.audit import Warned
from models.database import reading
from models.tables import AuditWarningRow, StagedArticleRow, table_of

_WARNINGS, _STAGED = table_of(AuditWarningRow), table_of(StagedArticleRow)
_WORDS, _COUNT = pl.String(), pl.Int64()

WARNING_RESULT: dict[str, pl.DataType] = {
    "id": _COUNT,
    "batch_id": _COUNT,
    "row_kind": _WORDS,
    "info_code": _WORDS,
    "start": _COUNT,
    "end": _COUNT,
    "text": _WORDS,
    "sentence": _WORDS,
    "expectation": _WORDS,
    "observed": _WORDS,
    "allowed": _WORDS,
    "why": _WORDS,
    "other_info_code": _WORDS,
}


def keep_warnings(connection: Connection, batch_id: int, warnings: Sequence[Warned]) -> None:
    """Keep the warnings of a staged batch in the place of those that its articles had before."""
    staged = select(_STAGED.c.info_code).where(_STAGED.c.batch_id == batch_id)
    connection.execute(delete(_WARNINGS).where(_WARNINGS.c.info_code.in_(staged)))
    rows = [{name: value for name, value in asdict(each).items() if name != "row_id"} for each in warnings]
    if rows:
        connection.execute(insert(_WARNINGS), [row | {"batch_id": batch_id} for row in rows])


def list_warnings(
    engine: Engine, info_code: str | None = None, expectation: str | None = None, limit: int | None = None
) -> pl.DataFrame:
    """Give what the audits warned of, the newest first; columns are `WARNING_RESULT`.

    An info code asks for the warnings that name this article, on either side. Raises DatabaseError.
    """
    query = select(*(_WARNINGS.c[name] for name in WARNING_RESULT)).order_by(_WARNINGS.c.id.desc()).limit(limit)
    if info_code is not None:
        query = query.where(or_(_WARNINGS.c.info_code == info_code, _WARNINGS.c.other_info_code == info_code))
    if expectation is not None:
        query = query.where(_WARNINGS.c.expectation == expectation)
    with reading(engine) as connection:
        rows = [tuple(row) for row in connection.execute(query)]
    return pl.DataFrame(rows, schema=WARNING_RESULT, orient="row")
