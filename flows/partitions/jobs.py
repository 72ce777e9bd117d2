"""What goes to a worker and what comes back: addresses and counts, never documents or rows."""

from collections.abc import Callable
from dataclasses import dataclass, field

from flows.messages import counted
from flows.settings import Settings
from models.corrections import Corrections
from models.partitions import Days, Partition
from models.staging import Unreadable
from models.vocabulary import PartitionState


@dataclass(frozen=True, slots=True)
class Job:
    """One attempt on one partition: where its documents are kept, and where its rows go.

    `attempts` is how often it had been tried when it was planned. `lost` are documents that were asked for and not
    had, of which `missing` may be had another time. `corrections` are those in force. `patience` is how many seconds a
    partition that another process works on is waited for.
    """

    partition_id: int
    attempts: int
    source: str
    days: Days
    locations: tuple[str, ...]
    lost: tuple[Unreadable, ...]
    missing: int
    strict: bool
    settings: Settings
    engine_version: str
    corrections: Corrections = field(default_factory=dict)
    allow_shrink: bool = False
    patience: float = 0.0

    @property
    def label(self) -> str:
        """Give the days as a reader calls them."""
        return label_of(self.days)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt ended: the partition as the ledger has it, and the processor seconds that each part took.

    `is_ours` is False where another process has worked on it, or still does; then `obstacle` says who.
    """

    partition: Partition
    is_ours: bool
    seconds: tuple[tuple[str, float], ...] = ()
    obstacle: str | None = None

    @property
    def is_good(self) -> bool:
        """Give True where the partition is done."""
        return self.partition.state is PartitionState.DONE and self.obstacle is None

    @property
    def message(self) -> str:
        """Give in one line what came of it."""
        found = self.partition
        if reason := self.obstacle or found.error:
            return reason
        counts = f"{counted(found.documents, 'document')}, {counted(found.figures_published, 'figure')} published"
        return f"{counts}, {found.rows_failed} malformed, {found.unreadable} unreadable"


Work = Callable[[Job], Outcome]


def label_of(days: Days) -> str:
    """Write the days of a partition.

    >>> label_of((date(2022, 4, 18), date(2022, 4, 18)))
    '2022-04-18'
    """
    first, last = days
    if first is None or last is None:
        return "undated"
    return first.isoformat() if first == last else f"{first} … {last}"
