"""What the last runs came to, day by day: for the picture that each run leaves."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import polars as pl
from sqlalchemy import Engine, select

from models.database import reading
from models.tables import BatchRow, table_of
from models.vocabulary import BatchState

_BATCHES = table_of(BatchRow)
_SHANGHAI = ZoneInfo("Asia/Shanghai")
_LAST_BATCHES = 1_000
DAILY_COLUMNS = {"day": pl.Date(), "what": pl.String(), "count": pl.Int64()}
# What is drawn, in the order of the legend, and the column of `batch` that counts it.
_DRAWN = {"published": "figures_published", "unchanged": "figures_unchanged", "quarantined": "rows_quarantined"}


def counts_by_day(engine: Engine, source: str, *, days: int = 30) -> pl.DataFrame:
    """Give what the published batches of a source counted, on each of its last days with a run (in Shanghai).

    A row is a day, what is counted (published, unchanged, quarantined) and how many figures, or rows for the
    quarantine. Raises DatabaseError.
    """
    columns = [_BATCHES.c.started_at, *(_BATCHES.c[name] for name in _DRAWN.values())]
    query = select(*columns).where(_BATCHES.c.source == source, _BATCHES.c.state == BatchState.PUBLISHED.value)
    with reading(engine) as connection:
        batches = connection.execute(query.order_by(_BATCHES.c.id.desc()).limit(_LAST_BATCHES)).all()
    rows = [
        (_day(started), what, count) for started, *counts in batches for what, count in zip(_DRAWN, counts, strict=True)
    ]
    found = pl.DataFrame(rows, schema=DAILY_COLUMNS, orient="row")
    last = found["day"].unique().sort().tail(days)
    return found.filter(pl.col("day").is_in(last.implode())).group_by("day", "what").sum().sort("day", "what")


def _day(moment: datetime) -> date:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(_SHANGHAI).date()
