"""What there is to do: a window in partitions, the documents of each, and which of them are wanted."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

from flows.messages import counted
from flows.partitions.jobs import label_of
from models.partitions import Days, Partition
from models.vocabulary import PartitionState
from tasks.sources import DocumentRef

UNDATED: Days = (None, None)
_DAY = timedelta(days=1)
# The info code as file names and addresses have it.
_CODE = re.compile(r"\d{14,}")


class By(StrEnum):
    """How long a partition is; a week begins on Monday."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Only(StrEnum):
    """Which partitions are worked on: those never brought to an end, those that failed, or all."""

    MISSING = "missing"
    FAILED = "failed"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Window:
    """The days that are asked for, both included; None is the beginning, or the end."""

    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """One partition with its documents: `kept` lie in the raw archive, `asked` has to be asked of the source.

    `dates` are the days that have documents. `known` is what the ledger has of it; `is_chosen` says whether it is to
    be worked on.
    """

    days: Days
    dates: frozenset[date]
    kept: tuple[str, ...]
    asked: tuple[DocumentRef, ...]
    known: Partition | None = None
    is_chosen: bool = True

    @property
    def label(self) -> str:
        """Give the days as a reader calls them."""
        return label_of(self.days)

    @property
    def documents(self) -> int:
        """Give how many documents there are."""
        return len(self.kept) + len(self.asked)

    @property
    def state(self) -> str:
        """Give what the ledger says of it."""
        return "new" if self.known is None else str(self.known.state)


@dataclass(frozen=True, slots=True)
class Plan:
    """All partitions of a window that have documents, by their days, the undated one first."""

    source: str
    partitions: tuple[Planned, ...]

    @property
    def chosen(self) -> tuple[Planned, ...]:
        """Give those that are to be worked on."""
        return tuple(each for each in self.partitions if each.is_chosen)

    @property
    def words(self) -> str:
        """Give in one line what would be done."""
        kept = sum(len(each.kept) for each in self.chosen)
        asked = sum(len(each.asked) for each in self.chosen)
        chosen = f"{len(self.chosen)} of {counted(len(self.partitions), 'partition')} would be worked on"
        return f"{chosen}: {counted(kept, 'document')} from the raw archive, {asked:,} from the source"

    @property
    def failed(self) -> tuple[Planned, ...]:
        """Give those that failed before and are not to be worked on now."""
        return tuple(each for each in self.partitions if not each.is_chosen and each.state == PartitionState.FAILED)


@dataclass(frozen=True, slots=True)
class _Draft:
    kept: list[DocumentRef] = field(default_factory=list)
    asked: list[DocumentRef] = field(default_factory=list)

    def planned(self, days: Days, first_days: Mapping[str, date | None]) -> Planned:
        dates = (first_days[_identity(ref)] for ref in (*self.kept, *self.asked))
        kept = tuple(ref.location for ref in self.kept)
        return Planned(days, frozenset(day for day in dates if day), kept, tuple(self.asked))


def split(kept: Iterable[DocumentRef], listed: Iterable[DocumentRef], window: Window, by: By) -> tuple[Planned, ...]:
    """Give the documents in partitions: what is kept, and of what is listed the rest.

    Partitions are days, calendar weeks or months as far as they lie in the window, and one of what has no date.
    Documents of one info code stay together, on the first of their days: which text of an article is whose
    revision must not depend on who is faster.
    """
    ours = list(kept)
    places = {ref.location for ref in ours}
    others = [ref for ref in listed if ref.location not in places]
    first_days = _first_days([*ours, *others])
    drafts: defaultdict[Days, _Draft] = defaultdict(_Draft)
    for ref in ours:
        drafts[_days_of(first_days[_identity(ref)], window, by)].kept.append(ref)
    for ref in others:
        drafts[_days_of(first_days[_identity(ref)], window, by)].asked.append(ref)
    ordered = sorted(drafts, key=lambda days: days[0] or date.min)
    return tuple(drafts[days].planned(days, first_days) for days in ordered)


def choose(partitions: Sequence[Planned], known: Sequence[Partition], only: Only) -> tuple[Planned, ...]:
    """Say of each partition what the ledger knows of it, and whether it is to be worked on.

    A partition is missing where one of its days is in no partition that has ended, and where it has more documents
    than when it was done: a week whose days are done one by one is done.
    """
    by_days = {each.days: each for each in known}
    done = _days_in(known, PartitionState.DONE)
    failed = _days_in(known, PartitionState.FAILED) - done
    chosen: list[Planned] = []
    for each in partitions:
        own = by_days.get(each.days)
        wanted = {
            Only.ALL: True,
            Only.FAILED: _has_failed(each, own, failed),
            Only.MISSING: _is_missing(each, own, done | failed),
        }
        chosen.append(replace(each, known=own, is_chosen=wanted[only]))
    return tuple(chosen)


def _first_days(refs: Iterable[DocumentRef]) -> Mapping[str, date | None]:
    first: dict[str, date | None] = {}
    for ref in refs:
        code, day = _identity(ref), ref.published_on
        before = first.get(code)
        first[code] = day if before is None or (day is not None and day < before) else before
    return first


def _identity(ref: DocumentRef) -> str:
    if ref.info_code:
        return ref.info_code
    codes = _CODE.findall(ref.location)
    return codes[-1] if codes else ref.location


def _days_of(day: date | None, window: Window, by: By) -> Days:
    """Give the partition of a day."""
    if day is None:
        return UNDATED
    first = last = day
    if by is By.WEEK:
        first = day - timedelta(days=day.weekday())
        last = first + 6 * _DAY
    elif by is By.MONTH:
        first = day.replace(day=1)
        last = (first + 31 * _DAY).replace(day=1) - _DAY
    return max(first, window.since or first), min(last, window.until or last)


def _days_in(known: Iterable[Partition], state: PartitionState) -> set[date]:
    return {day for partition in known if partition.state is state for day in _each_day(partition.days)}


def _each_day(days: Days) -> Iterator[date]:
    day, last = days
    while day is not None and last is not None and day <= last:
        yield day
        day += _DAY


def _has_failed(planned: Planned, own: Partition | None, failed: set[date]) -> bool:
    if own is not None:
        return own.state is PartitionState.FAILED
    return not failed.isdisjoint(planned.dates)


def _is_missing(planned: Planned, own: Partition | None, ended: set[date]) -> bool:
    if own is None:
        return planned.days == UNDATED or not ended.issuperset(planned.dates)
    if own.has_ended:
        return own.state is PartitionState.DONE and own.documents < planned.documents
    return True
