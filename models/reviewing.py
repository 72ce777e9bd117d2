"""The review of quarantined rows: who decided what, when and why, and what follows from it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, exc, insert, update

from models.database import writing
from models.errors import ReviewError
from models.publishing import after_the_last
from models.records import Row
from models.republishing import Change, Place, republish
from models.review_scope import Entry, scope
from models.tables import DecisionRow, QuarantineRow, table_of
from models.vocabulary import ReviewAction, ReviewState, RowKind

_QUARANTINE, _DECISIONS = table_of(QuarantineRow), table_of(DecisionRow)
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a reviewer decides: release or reject, who, why, and when.

    >>> Ruling(ReviewAction.REJECT, "李", "原文有误", datetime(2022, 4, 19, tzinfo=UTC)).state
    <ReviewState.REJECTED: 'rejected'>
    """

    action: ReviewAction
    who: str
    reason: str
    now: datetime

    @property
    def state(self) -> ReviewState:
        """The state of the rows after it."""
        return ReviewState.RELEASED if self.action is ReviewAction.RELEASE else ReviewState.REJECTED


@dataclass(frozen=True, slots=True)
class Decided:
    """What came of a ruling: the ids that were asked for, those that went with them, and what was published.

    `published` and `withdrawn` count figures, numbers and articles together; `batch_id` is the batch that did
    it, None where nothing published changed.
    """

    action: ReviewAction
    ids: tuple[int, ...]
    along: tuple[int, ...]
    published: int = 0
    withdrawn: int = 0
    batch_id: int | None = None


def decide(
    engine: Engine, ids: Sequence[int], ruling: Ruling, engine_version: str, *, try_only: bool = False
) -> Decided:
    """Release or reject rows of the quarantine, all of them or, on any error, none.

    Entries of the same row go together, and the rows of an article that was quarantined whole go with their
    article. With `try_only` nothing is written. Raises ReviewError for an id that is not there, a state from
    which this cannot be decided, and a row that the database refuses; DatabaseError where that fails.
    """
    _check(ids, ruling)
    with writing(engine) as connection:
        decided = _decide(connection, ids, ruling, engine_version)
        if try_only:
            connection.rollback()
    return decided


def note_replays(engine: Engine, entries: Iterable[Mapping[str, Any]], who: str, reason: str, now: datetime) -> None:
    """Add to the history that rows were replayed: each entry has `id`, `state`, `row`, `outcome` and `batch_id`."""
    rows = [
        {
            "quarantine_id": entry["id"],
            "action": ReviewAction.REPLAY.value,
            "state": entry["state"],
            "who": who,
            "reason": reason,
            "decided_at": now,
            "row": entry["row"],
            "outcome": entry["outcome"],
            "batch_id": entry["batch_id"],
        }
        for entry in entries
    ]
    if rows:
        with writing(engine) as connection:
            connection.execute(insert(_DECISIONS), rows)


def _check(ids: Sequence[int], ruling: Ruling) -> None:
    if not ids:
        raise ReviewError("no row is named", "give the numbers that `tongbi quarantine list` shows")
    for name, option, words in (("name", "who", ruling.who), ("reason", "reason", ruling.reason)):
        if not words.strip():
            raise ReviewError(f"a decision needs a {name}", f"say it with --{option}")


def _decide(connection: Connection, ids: Sequence[int], ruling: Ruling, engine_version: str) -> Decided:
    entries = scope(connection, ids, ruling.action)
    now = after_the_last(connection, ruling.now)
    changes = _changes(entries, ruling.action)
    report = None
    if changes:
        try:
            report = republish(connection, changes, engine_version, now)
        except exc.IntegrityError as error:
            raise _refused(ids, error) from error
    batch_id = report.batch_id if report else None
    _write(connection, entries, ruling, batch_id, now)
    asked = tuple(dict.fromkeys(ids))
    along = tuple(entry.id for entry in entries if entry.id not in asked)
    published, withdrawn = _moved(entries, ruling.action)
    return Decided(ruling.action, asked, along, published, withdrawn, batch_id)


def _moved(entries: Iterable[Entry], action: ReviewAction) -> tuple[int, int]:
    """Count the rows that are published by a release, and those that are withdrawn by a rejection."""
    if action is ReviewAction.RELEASE:
        return len({entry.place for entry in entries}), 0
    return 0, len({entry.place for entry in entries if entry.state is ReviewState.RELEASED})


def _changes(entries: Iterable[Entry], action: ReviewAction) -> list[Change]:
    """Give what the decision changes in the published articles: a row that was out and stays out changes none."""
    articles: defaultdict[tuple[str, int], list[Entry]] = defaultdict(list)
    for entry in entries:
        if action is ReviewAction.RELEASE or entry.state is ReviewState.RELEASED:
            articles[entry.info_code, entry.revision].append(entry)
    return [_change(*article, of_article, action) for article, of_article in articles.items()]


def _change(info_code: str, revision: int, entries: Sequence[Entry], action: ReviewAction) -> Change:
    whole = next((entry for entry in entries if entry.kind is RowKind.ARTICLE), None)
    rows = {_place(entry): entry.row for entry in entries if entry.kind is not RowKind.ARTICLE}
    if action is ReviewAction.RELEASE:
        return Change(info_code, revision, rows, article=whole.row if whole else None)
    return Change(info_code, revision, {}, frozenset(rows), withdrawn=whole is not None)


def _place(entry: Entry) -> Place:
    return entry.kind, entry.start or 0, entry.end or 0


def _refused(ids: Sequence[int], error: exc.IntegrityError) -> ReviewError:
    said = " ".join(str(error.orig).split())
    named = ", ".join(map(str, ids[:5])) + (", …" if len(ids) > 5 else "")
    return ReviewError(
        f"cannot be published as it is: {named}: the database refuses it: {said}",
        "nothing was decided; reject it, or mend what reads it and replay it",
    )


def _write(
    connection: Connection, entries: Sequence[Entry], ruling: Ruling, batch_id: int | None, now: datetime
) -> None:
    decided: Row = {"state": ruling.state.value, "who": ruling.who, "reason": ruling.reason}
    for at in range(0, len(entries), _CHUNK):
        ids = [entry.id for entry in entries[at : at + _CHUNK]]
        connection.execute(update(_QUARANTINE).where(_QUARANTINE.c.id.in_(ids)).values(decided))
    rows = [
        decided
        | {
            "quarantine_id": entry.id,
            "action": ruling.action.value,
            "decided_at": now,
            "row": entry.row,
            "outcome": _outcome(entry, ruling.action),
            "batch_id": batch_id,
        }
        for entry in entries
    ]
    connection.execute(insert(_DECISIONS), rows)


def _outcome(entry: Entry, action: ReviewAction) -> str:
    if action is ReviewAction.RELEASE:
        return f"{entry.state.value} before, published as it is"
    return "released before, withdrawn" if entry.state is ReviewState.RELEASED else "kept out"
