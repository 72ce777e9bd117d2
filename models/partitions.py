"""The ledger of partitions: entered, begun, ended, and taken over where who began one is gone.

A partition is worked on by whoever holds the lock of its days (`models.locks`), which ends with its holder. One that
is `running` while nobody holds that was interrupted: who comes next gives up what the dead attempt had staged, and
begins anew.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, insert, select, update

from models.database import reading, writing
from models.locks import Window
from models.staging import give_up
from models.tables import BackfillPartitionRow, table_of
from models.vocabulary import PartitionState, Purpose

_PARTITIONS = table_of(BackfillPartitionRow)
_ENDED = (PartitionState.DONE, PartitionState.FAILED)

# The first and the last day; None and None are the documents that nobody dated.
Days = tuple[date | None, date | None]


@dataclass(frozen=True, slots=True)
class Partition:
    """One partition as the ledger has it; the fields are those of `BackfillPartitionRow`."""

    id: int
    purpose: Purpose
    source: str
    first_day: date | None
    last_day: date | None
    state: PartitionState
    attempts: int
    documents: int
    articles: int
    figures: int
    figures_published: int
    rows_failed: int
    unreadable: int
    batch_id: int | None
    engine_version: str | None
    error: str | None
    holder: str | None
    started_at: datetime | None
    finished_at: datetime | None

    @property
    def days(self) -> Days:
        """Give the first and the last day."""
        return self.first_day, self.last_day

    @property
    def has_ended(self) -> bool:
        """Give True where its last attempt came to an end, good or bad."""
        return self.state in _ENDED


@dataclass(frozen=True, slots=True)
class Ending:
    """What came of an attempt; `error` says why it failed and is None where it did not."""

    documents: int = 0
    articles: int = 0
    figures: int = 0
    figures_published: int = 0
    rows_failed: int = 0
    unreadable: int = 0
    error: str | None = None


def list_partitions(engine: Engine, purpose: Purpose, source: str) -> list[Partition]:
    """Give the partitions of a source by their days, the undated one first. Raises DatabaseError."""
    columns = _PARTITIONS.c
    ours = select(_PARTITIONS).where(columns.purpose == purpose.value, columns.source == source)
    with reading(engine) as connection:
        found = [_partition(row) for row in connection.execute(ours)]
    return sorted(found, key=lambda each: (each.first_day or date.min, each.last_day or date.min))


def enter(engine: Engine, purpose: Purpose, source: str, wanted: Sequence[Days]) -> dict[Days, Partition]:
    """Give the partitions of these days; those that the ledger has not yet are entered as `waiting`.

    Raises DatabaseError.
    """
    with writing(engine) as connection:
        columns = _PARTITIONS.c
        ours = select(_PARTITIONS).where(columns.purpose == purpose.value, columns.source == source)
        known = {(row.first_day, row.last_day) for row in connection.execute(ours)}
        common = {"purpose": purpose.value, "source": source, "state": PartitionState.WAITING.value}
        new = [common | {"first_day": first, "last_day": last} for first, last in wanted if (first, last) not in known]
        if new:
            connection.execute(insert(_PARTITIONS), new)
        return {each.days: each for each in map(_partition, connection.execute(ours)) if each.days in wanted}


def window_of(source: str, days: Days) -> Window:
    """Give the days that a partition locks; what nobody dated lies behind all days, so that it locks none of them."""
    first, last = days
    return Window(source, first or date.max, last or date.max)


def begin(engine: Engine, partition_id: int, attempts: int, holder: str, now: datetime) -> Partition | None:
    """Begin an attempt on a partition whose days are locked, and give the partition as it stands now.

    None where another process has ended it after it had been tried `attempts` times, which is when it was
    planned. What an interrupted attempt left staged is given up. Raises DatabaseError.
    """
    with writing(engine) as connection:
        row = _row(connection, partition_id)
        if row.state in _ENDED and row.attempts != attempts:
            return None
        if row.state == PartitionState.RUNNING and row.batch_id is not None:
            give_up(connection, row.batch_id, f"its worker {row.holder} is gone")
        values = {
            "state": PartitionState.RUNNING.value,
            "attempts": row.attempts + 1,
            "holder": holder,
            "batch_id": None,
            "error": None,
            "started_at": now,
            "finished_at": None,
        }
        connection.execute(_this(partition_id).values(values))
        return _partition(_row(connection, partition_id))


def note_batch(engine: Engine, partition_id: int, batch_id: int, engine_version: str) -> None:
    """Write which batch an attempt stages, before it stages anything. Raises DatabaseError."""
    with writing(engine) as connection:
        connection.execute(_this(partition_id).values(batch_id=batch_id, engine_version=engine_version))


def end(engine: Engine, partition_id: int, ending: Ending, now: datetime) -> Partition:
    """End an attempt, and give the partition as it stands now; what a failed one has left staged is given up.

    Raises DatabaseError.
    """
    state = PartitionState.DONE if ending.error is None else PartitionState.FAILED
    with writing(engine) as connection:
        batch_id = _row(connection, partition_id).batch_id
        if ending.error is not None and batch_id is not None:
            give_up(connection, batch_id, ending.error)
        connection.execute(_this(partition_id).values(asdict(ending) | {"state": state.value, "finished_at": now}))
        return _partition(_row(connection, partition_id))


def find_partition(engine: Engine, partition_id: int) -> Partition:
    """Give one partition. Raises DatabaseError."""
    with reading(engine) as connection:
        return _partition(_row(connection, partition_id))


def _this(partition_id: int) -> Any:
    return update(_PARTITIONS).where(_PARTITIONS.c.id == partition_id)


def _row(connection: Connection, partition_id: int) -> Row[Any]:
    return connection.execute(select(_PARTITIONS).where(_PARTITIONS.c.id == partition_id)).one()


def _partition(row: Row[Any]) -> Partition:
    fields = dict(row._mapping)
    return Partition(**fields | {"purpose": Purpose(row.purpose), "state": PartitionState(row.state)})
