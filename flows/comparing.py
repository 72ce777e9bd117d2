"""What became other between two extractions of the same articles: figures gained, lost and changed, by field."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

Record = dict[str, Any]
FigureRecord = dict[str, Any]

GAINED, LOST = "gained", "lost"
# A change of value may also be one of the two ends of a range, and one of place of either offset.
_FIELDS = {
    "place": ("start", "end"),
    "kind": ("kind",),
    "value": ("value", "low", "high"),
    "unit": ("unit",),
    "bound": ("bound",),
    "basis": ("basis",),
    "metric": ("metric",),
    "subject": ("subject",),
    "period": ("period",),
    "status": ("status",),
    "metric_id": ("metric_id",),
    "entity_id": ("entity_id",),
}
KINDS_OF_CHANGE = (GAINED, LOST, *_FIELDS)


@dataclass(frozen=True, slots=True)
class Change:
    """One figure that is not the same in both: `kinds` says in what; `old` or `new` is None where there is none."""

    identity: str
    kinds: tuple[str, ...]
    old: FigureRecord | None
    new: FigureRecord | None

    def span(self) -> tuple[int, int]:
        """Give where in the text it stands, in the newer extraction where it does there."""
        figure = self.new or self.old or {}
        return figure["start"], figure["end"]


@dataclass(slots=True)
class Comparison:
    """The counts of a comparison, and for each kind of change the first ones of it."""

    only_old: int = 0
    only_new: int = 0
    articles: int = 0
    changed_articles: int = 0
    old: int = 0
    new: int = 0
    same: int = 0
    changed: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    first: dict[str, list[Change]] = field(default_factory=dict)

    def take(self, changes: list[Change], shown: int) -> None:
        """Count the changes of one article, and keep those that are among the first `shown` of their kind."""
        self.changed_articles += bool(changes)
        for change in changes:
            self.changed += change.old is not None and change.new is not None
            self.kinds.update(change.kinds)
            for kind in change.kinds:
                kept = self.first.setdefault(kind, [])
                if len(kept) < shown:
                    kept.append(change)


def compare(old: Iterable[Record], new: Iterable[Record], shown: int) -> Comparison:
    """Compare two extractions article by article; of each kind of change the first `shown` are kept.

    Articles are paired by id, and only those are held that the other side has not come to yet.
    """
    result = Comparison()
    for before, after in _paired(old, new):
        result.only_old += after is None
        result.only_new += before is None
        result.articles += before is not None and after is not None
        was, now = (before or {}).get("figures", []), (after or {}).get("figures", [])
        changes = list(_changes((before or after or {})["id"], was, now))
        result.old += len(was)
        result.new += len(now)
        result.same += len(was) - sum(change.old is not None for change in changes)
        result.take(changes, shown)
    return result


def _paired(old: Iterable[Record], new: Iterable[Record]) -> Iterator[tuple[Record | None, Record | None]]:
    waiting_old: dict[str, Record] = {}
    waiting_new: dict[str, Record] = {}
    for before, after in zip_longest(old, new):
        if before is not None:
            waiting_old[before["id"]] = before
        if after is not None:
            waiting_new[after["id"]] = after
        for identity in {record["id"]: None for record in (before, after) if record is not None}:
            if identity in waiting_old and identity in waiting_new:
                yield waiting_old.pop(identity), waiting_new.pop(identity)
    yield from ((before, None) for before in waiting_old.values())
    yield from ((None, after) for after in waiting_new.values())


def _changes(identity: str, old: list[FigureRecord], new: list[FigureRecord]) -> Iterator[Change]:
    rest = list(new)
    for before in old:
        after = _same_place(before, rest)
        if after is None:
            yield Change(identity, (LOST,), before, None)
            continue
        rest.remove(after)
        kinds = tuple(kind for kind, names in _FIELDS.items() if any(before.get(n) != after.get(n) for n in names))
        if kinds:
            yield Change(identity, kinds, before, after)
    yield from (Change(identity, (GAINED,), None, after) for after in rest)


def _same_place(figure: FigureRecord, others: list[FigureRecord]) -> FigureRecord | None:
    """Give the figure of exactly the same characters, else the one that shares the most of them."""
    shared = [(min(figure["end"], o["end"]) - max(figure["start"], o["start"]), o) for o in others]
    exact = next((o for o in others if (o["start"], o["end"]) == (figure["start"], figure["end"])), None)
    most = max(shared, key=lambda pair: pair[0], default=(0, None))
    return exact or (most[1] if most[0] > 0 else None)
