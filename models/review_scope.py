"""Which rows of the quarantine a decision takes in: those that were asked for, and those that go with them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, func, or_, select

from models.errors import ReviewError
from models.records import Row
from models.tables import ArticleRevisionRow, DecisionRow, QuarantineRow, table_of
from models.vocabulary import ReviewAction, ReviewState, RowKind, Severity

_QUARANTINE, _DECISIONS = table_of(QuarantineRow), table_of(DecisionRow)
_REVISIONS = table_of(ArticleRevisionRow)
_CHUNK = 500

_SEE = "`tongbi quarantine list` shows what waits for a decision"
_FROM: Mapping[ReviewAction, tuple[ReviewState, ...]] = {
    ReviewAction.RELEASE: (ReviewState.OPEN, ReviewState.REJECTED),
    ReviewAction.REJECT: (ReviewState.OPEN, ReviewState.RELEASED),
    ReviewAction.REPLAY: tuple(ReviewState),
}


# What the entries of one row share: its kind, its article and revision, its first and last character.
Place = tuple[RowKind, str, int, int | None, int | None]


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the quarantine as a decision needs it; `row` has the columns of the staged row."""

    id: int
    kind: RowKind
    info_code: str
    revision: int
    start: int | None
    end: int | None
    expectation: str
    severity: Severity
    observed: str
    state: ReviewState
    row: Row

    @property
    def article(self) -> tuple[str, int]:
        """The article and its revision."""
        return self.info_code, self.revision

    @property
    def place(self) -> Place:
        """What the entries of one row share."""
        return self.kind, self.info_code, self.revision, self.start, self.end


def find_entries(connection: Connection, ids: Sequence[int]) -> list[Entry]:
    """Give the rows of the quarantine with these ids, in their order; raises ReviewError for one that is not."""
    wanted = list(dict.fromkeys(ids))
    found: dict[int, Entry] = {}
    for at in range(0, len(wanted), _CHUNK):
        query = select(_QUARANTINE).where(_QUARANTINE.c.id.in_(wanted[at : at + _CHUNK]))
        found |= {row["id"]: _entry(row) for row in connection.execute(query).mappings()}
    if missing := [str(each) for each in wanted if each not in found]:
        raise ReviewError(f"the quarantine has no row {', '.join(missing)}", _SEE)
    return [found[each] for each in wanted]


def scope(connection: Connection, ids: Sequence[int], action: ReviewAction) -> list[Entry]:
    """Give all that a decision on these ids takes in, by id.

    The entries of one row go together. An article that was quarantined whole is released with the rows that
    had no fault of their own, whichever of them was named; it is rejected with everything in it. Raises
    ReviewError for an id that is not there or cannot be decided so.
    """
    asked = find_entries(connection, ids)
    taken: dict[int, Entry] = {}
    for entry in asked:
        if entry.id not in taken:
            _check_state(entry, action)
        _check_revision(connection, entry)
        others = _of_article(connection, entry)
        along = (
            _released_with(connection, entry, others)
            if action is ReviewAction.RELEASE
            else _rejected_with(entry, others)
        )
        taken |= {each.id: each for each in (entry, *along)}
    return [taken[each] for each in sorted(taken)]


def _check_state(entry: Entry, action: ReviewAction) -> None:
    if entry.state in _FROM[action]:
        return
    if entry.state is ReviewState.SUPERSEDED:
        raise ReviewError(f"{entry.id} is superseded: its article no longer fails there", _SEE)
    raise ReviewError(f"{entry.id} is {entry.state.value} already", f"`tongbi quarantine show {entry.id}` says by whom")


def _check_revision(connection: Connection, entry: Entry) -> None:
    query = select(func.max(_REVISIONS.c.revision)).where(_REVISIONS.c.info_code == entry.info_code)
    latest = connection.execute(query).scalar_one()
    if latest != entry.revision:
        raise ReviewError(
            f"{entry.id} is of revision {entry.revision} of the article {entry.info_code}, which has revision {latest}",
            "decide on the rows of the later revision",
        )


def _of_article(connection: Connection, entry: Entry) -> list[Entry]:
    same = and_(_QUARANTINE.c.info_code == entry.info_code, _QUARANTINE.c.revision == entry.revision)
    return [_entry(row) for row in connection.execute(select(_QUARANTINE).where(same)).mappings()]


def _released_with(connection: Connection, entry: Entry, others: Iterable[Entry]) -> list[Entry]:
    others = list(others)
    same_row = [each for each in others if each.place == entry.place and each.state in _FROM[ReviewAction.RELEASE]]
    heads = [each for each in others if each.kind is RowKind.ARTICLE and each.state in _FROM[ReviewAction.RELEASE]]
    if not heads:
        return same_row
    rejected = next((each for each in heads if each.state is ReviewState.REJECTED), None)
    if rejected is not None and entry.kind is not RowKind.ARTICLE:
        raise ReviewError(
            f"{entry.id} stands in an article that was rejected",
            f"release the article first: `tongbi quarantine release {rejected.id}`",
        )
    together = _decided_together(connection, [each.id for each in others], rejected)
    faulty = _faulty(others) - {entry.place}
    whole = [
        each
        for each in others
        if each.severity is Severity.ARTICLE
        and each.place not in faulty
        and (each.state is ReviewState.OPEN or each.id in together)
    ]
    return same_row + whole


def _faulty(entries: Iterable[Entry]) -> set[Place]:
    """Give the rows with a fault of their own that still keeps them out, whatever becomes of their article."""
    keeps_out = (ReviewState.OPEN, ReviewState.REJECTED)
    return {each.place for each in entries if each.severity is not Severity.ARTICLE and each.state in keeps_out}


def _rejected_with(entry: Entry, others: Iterable[Entry]) -> list[Entry]:
    may = _FROM[ReviewAction.REJECT]
    is_whole = entry.kind is RowKind.ARTICLE
    return [each for each in others if each.state in may and (is_whole or each.place == entry.place)]


def _decided_together(connection: Connection, ids: Sequence[int], head: Entry | None) -> set[int]:
    """Give the ids that were last decided on in the same act as the head of the article."""
    if head is None:
        return set()
    latest: dict[int, datetime] = {}
    for at in range(0, len(ids), _CHUNK):
        query = select(_DECISIONS.c.quarantine_id, func.max(_DECISIONS.c.decided_at).label("at"))
        judged: ColumnElement[bool] = or_(
            _DECISIONS.c.action == ReviewAction.RELEASE.value, _DECISIONS.c.action == ReviewAction.REJECT.value
        )
        of_these = _DECISIONS.c.quarantine_id.in_(ids[at : at + _CHUNK])
        rows = connection.execute(query.where(judged, of_these).group_by(_DECISIONS.c.quarantine_id))
        latest |= {row.quarantine_id: row.at for row in rows}
    return {each for each, moment in latest.items() if moment == latest.get(head.id)}


def _entry(row: RowMapping) -> Entry:
    return Entry(
        row["id"],
        RowKind(row["row_kind"]),
        row["info_code"],
        row["revision"],
        row["start"],
        row["end"],
        row["expectation"],
        Severity(row["severity"]),
        row["observed"],
        ReviewState(row["state"]),
        row["row"],
    )
