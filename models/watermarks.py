"""How far the daily runs have read each source, kept beside what they published."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Engine, insert, select, update

from models.database import reading, writing
from models.tables import WatermarkRow, table_of

_MARKS = table_of(WatermarkRow)


@dataclass(frozen=True, slots=True)
class Watermark:
    """How far a source was read: the last day of publication, and when the run began that read it."""

    source: str
    through: date | None
    checked_at: datetime
    batch_id: int

    def since(self, overlap_days: int) -> date | None:
        """Give the first day to read now: some days before the last one, for late and edited posts.

        >>> Watermark("feed", date(2022, 4, 18), datetime(2022, 4, 18, tzinfo=UTC), 7).since(3)  # doctest: +SKIP
        datetime.date(2022, 4, 15)
        """
        return self.through and self.through - timedelta(days=overlap_days)


def read_watermark(engine: Engine, source: str) -> Watermark | None:
    """Give the watermark of a source, None where no daily run has read it. Raises DatabaseError."""
    columns = (_MARKS.c.source, _MARKS.c.through, _MARKS.c.checked_at, _MARKS.c.batch_id)
    with reading(engine) as connection:
        row = connection.execute(select(*columns).where(_MARKS.c.source == source)).one_or_none()
    return Watermark(*row) if row else None


def move_watermark(engine: Engine, mark: Watermark) -> Watermark:
    """Keep the watermark of a source and give it as it stands then; its days only go forward.

    Raises DatabaseError.
    """
    with writing(engine) as connection:
        here = _MARKS.c.source == mark.source
        before = connection.execute(select(_MARKS.c.through, _MARKS.c.checked_at).where(here)).one_or_none()
        through, checked_at = mark.through, mark.checked_at
        if before is not None:
            through = max((day for day in (before.through, through) if day), default=None)
            checked_at = max(before.checked_at, checked_at)
        values = {"through": through, "checked_at": checked_at, "batch_id": mark.batch_id}
        if before is None:
            connection.execute(insert(_MARKS), values | {"source": mark.source})
        else:
            connection.execute(update(_MARKS).where(here).values(values))
    return Watermark(mark.source, through, checked_at, mark.batch_id)
