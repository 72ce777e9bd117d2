"""What was decided in review, held against what a batch brings again.

A decision is about one row of one revision of an article, as it read then. A released row that fails again
and reads the same is published all the same; a rejected one stays out, whether it fails or not. Neither fails
the run again. A row that reads otherwise, and a new revision, are judged anew; only a rejected row that fails
again, however it reads, stays rejected.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, Table, func, select

from models.audit import AuditOutcome, Failure
from models.records import Row, json_word
from models.tables import (
    DecisionRow,
    QuarantineRow,
    StagedArticleRow,
    StagedFigureRow,
    StagedNumberRow,
    table_of,
)
from models.vocabulary import ReviewAction, ReviewState, RowKind, Severity

_ARTICLES = table_of(StagedArticleRow)
STAGED: Mapping[RowKind, Table] = {
    RowKind.ARTICLE: _ARTICLES,
    RowKind.FIGURE: table_of(StagedFigureRow),
    RowKind.NUMBER: table_of(StagedNumberRow),
}
_QUARANTINE, _DECISIONS = table_of(QuarantineRow), table_of(DecisionRow)

# What makes a row another row; the rest (rules, ids of the catalogue, the title) may change around it.
_SAID: Mapping[RowKind, tuple[str, ...]] = {
    RowKind.ARTICLE: ("text_sha256", "published"),
    RowKind.FIGURE: (
        *("start", "end", "text", "kind", "value", "low", "high", "bound", "unit", "basis"),
        *("metric", "subject", "period_start", "period_end", "status"),
    ),
    RowKind.NUMBER: ("start", "end", "text", "role"),
}

_OF_ENTRY = ("expectation", "severity", "observed", "allowed", "why")
_CHUNK = 500

RowKey = tuple[RowKind, int]


@dataclass(frozen=True, slots=True)
class Settled:
    """The failures of an audit, parted by what a reviewer decided: nothing yet, to release, to reject.

    `states` has the state, reason and who of each staged row on which a decision holds.
    """

    failures: tuple[Failure, ...] = ()
    released: tuple[Failure, ...] = ()
    rejected: tuple[Failure, ...] = ()
    states: Mapping[RowKey, Row] = field(default_factory=dict)

    def applied_to(self, audit: AuditOutcome) -> AuditOutcome:
        """Give the outcome of the audit: the failures on which nobody has decided, and those of rejected rows."""
        return replace(audit, failures=self.failures, rejected=self.rejected)


@dataclass(frozen=True, slots=True)
class _Held:
    """A decision beside a staged row at the same place; `same` where the row reads as it did."""

    kind: RowKind
    row_id: int
    article_row_id: int
    place: tuple[int | None, int | None]
    state: ReviewState
    same: bool
    entry: Row

    @property
    def is_rejected(self) -> bool:
        """Give True where the row was rejected."""
        return self.state is ReviewState.REJECTED


def settle(connection: Connection, batch_id: int, failures: Sequence[Failure]) -> Settled:
    """Part the failures of a staged batch by what was decided on their rows before.

    A rejected row that fails nothing today is given the failure for which it was rejected.
    """
    held = list(_held(connection, batch_id))
    if not held:
        return Settled(tuple(failures))
    failing = {(failure.row_kind, failure.row_id) for failure in failures}
    standing = {(each.kind, each.row_id): each for each in _standing(held, failing)}
    states = {key: _state_columns(each) for key, each in standing.items()}
    owners = _owners(connection, failing, standing)
    parted = _part(failures, standing, owners)
    missed = [each for key, each in standing.items() if each.is_rejected and key not in failing]
    rejected = parted[ReviewState.REJECTED] + [_failure_of(each) for each in missed]
    return Settled(tuple(parted[ReviewState.OPEN]), tuple(parted[ReviewState.RELEASED]), tuple(rejected), states)


def says_the_same(kind: RowKind, one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Give True where two rows, as JSON has them, state the same thing at the same place."""
    return all(one.get(name) == other.get(name) for name in _SAID[kind])


def as_json(row: Mapping[str, Any]) -> Row:
    """Give a row as JSON has it: amounts, days and times as text."""
    plain: Row = json.loads(json.dumps(dict(row), default=json_word))
    return plain


def _held(connection: Connection, batch_id: int) -> Iterator[_Held]:
    """Give the latest decision on each place of the batch's articles, beside each staged row that stands there."""
    decided = _decided(connection, batch_id)
    for kind, table in STAGED.items():
        of_kind = [row for row in decided if row["row_kind"] == kind.value]
        places: defaultdict[tuple[int, Any, Any], list[Row]] = defaultdict(list)
        for staged in _rows_of(connection, table, sorted({row["article"] for row in of_kind})):
            places[staged.get("article_row_id") or staged["row_id"], staged.get("start"), staged.get("end")].append(
                staged
            )
        for row in of_kind:
            for staged in places[row["article"], row["start"], row["end"]]:
                yield _held_row(kind, row, staged)


def _decided(connection: Connection, batch_id: int) -> list[Row]:
    """Give the latest decision on each quarantined row of the batch's articles, the earliest first."""
    judged = _DECISIONS.c.action.in_((ReviewAction.RELEASE.value, ReviewAction.REJECT.value))
    latest = select(func.max(_DECISIONS.c.id)).where(judged).group_by(_DECISIONS.c.quarantine_id)
    of_decision = (_DECISIONS.c[name] for name in ("action", "row", "who", "reason"))
    of_entry = (_QUARANTINE.c[name] for name in ("row_kind", "start", "end", *_OF_ENTRY))
    same_article = _ARTICLES.c.info_code == _QUARANTINE.c.info_code
    query = (
        select(*of_decision, *of_entry, _ARTICLES.c.row_id.label("article"))
        .select_from(_DECISIONS.join(_QUARANTINE, _DECISIONS.c.quarantine_id == _QUARANTINE.c.id))
        .join(_ARTICLES, same_article & (_ARTICLES.c.revision == _QUARANTINE.c.revision))
        .where(_DECISIONS.c.id.in_(latest), _ARTICLES.c.batch_id == batch_id)
        .order_by(_DECISIONS.c.id)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def _rows_of(connection: Connection, table: Table, articles: Sequence[int]) -> Iterator[Row]:
    """Give the rows of a staged table that belong to these staged articles."""
    owner = table.c.row_id if table is _ARTICLES else table.c.article_row_id
    for at in range(0, len(articles), _CHUNK):
        query = select(table).where(owner.in_(articles[at : at + _CHUNK])).order_by(table.c.row_id)
        yield from (dict(row) for row in connection.execute(query).mappings())


def _held_row(kind: RowKind, decided: Row, staged: Row) -> _Held:
    is_release = decided["action"] == ReviewAction.RELEASE.value
    return _Held(
        kind,
        staged["row_id"],
        decided["article"],
        (staged.get("start"), staged.get("end")),
        ReviewState.RELEASED if is_release else ReviewState.REJECTED,
        says_the_same(kind, as_json({name: staged[name] for name in _SAID[kind]}), decided["row"]),
        {name: decided[name] for name in (*_OF_ENTRY, "who", "reason")},
    )


def _standing(held: Iterable[_Held], failing: set[RowKey]) -> Iterator[_Held]:
    """Give the decisions that hold: of rows alike at one place those that fail, and one alone to release."""
    places: defaultdict[tuple[Any, ...], dict[int, _Held]] = defaultdict(dict)
    for each in held:  # the later decision comes later
        places[each.kind, each.article_row_id, each.place][each.row_id] = each
    for same_place in places.values():
        fails = [each for each in same_place.values() if (each.kind, each.row_id) in failing]
        passes = [each for each in same_place.values() if (each.kind, each.row_id) not in failing]
        released = [each for each in fails if each.state is ReviewState.RELEASED and each.same]
        yield from (each for each in fails if each.state is ReviewState.REJECTED)
        yield from released[: 0 if passes else 1]
        if not fails:
            yield from (each for each in passes if each.same)


def _state_columns(held: _Held) -> Row:
    return {"state": held.state.value, "who": held.entry["who"], "reason": held.entry["reason"]}


def _owners(connection: Connection, failing: set[RowKey], standing: Mapping[RowKey, _Held]) -> dict[RowKey, _Held]:
    """Give, for the failing rows that stand in a decided article, the decision on the article."""
    articles = {key[1]: held for key, held in standing.items() if key[0] is RowKind.ARTICLE}
    owners: dict[RowKey, _Held] = {}
    for kind, table in STAGED.items():
        if kind is not RowKind.ARTICLE:
            for row in _rows_of(connection, table, sorted(articles)):
                if (kind, row["row_id"]) in failing:
                    owners[kind, row["row_id"]] = articles[row["article_row_id"]]
    return owners


def _part(
    failures: Iterable[Failure], standing: Mapping[RowKey, _Held], owners: Mapping[RowKey, _Held]
) -> defaultdict[ReviewState, list[Failure]]:
    parted: defaultdict[ReviewState, list[Failure]] = defaultdict(list)
    for failure in failures:
        key = failure.row_kind, failure.row_id
        own, owner = standing.get(key), owners.get(key)
        is_grave = failure.severity is Severity.ARTICLE and failure.row_kind is not RowKind.ARTICLE
        if failure.severity is Severity.BATCH:
            parted[ReviewState.OPEN].append(failure)
        elif owner is not None and owner.state is ReviewState.REJECTED:
            parted[ReviewState.REJECTED].append(failure)
        elif is_grave and owner is None:
            # It condemns an article on which nobody has decided.
            parted[ReviewState.OPEN].append(failure)
        else:
            # In a released article a row can condemn no more than itself.
            milder = replace(failure, severity=Severity.ROW) if is_grave else failure
            parted[own.state if own else ReviewState.OPEN].append(milder)
    return parted


def _failure_of(held: _Held) -> Failure:
    entry = held.entry
    severity = Severity.ARTICLE if held.kind is RowKind.ARTICLE else Severity.ROW
    return Failure(
        held.kind, held.row_id, entry["expectation"], severity, entry["observed"], entry["allowed"], entry["why"]
    )
