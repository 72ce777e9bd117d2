"""Quarantined rows read again: today's engine and suites over the raw documents that they came from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from expectations import BatchFacts, audit_staged, read_audit_settings
from models import staging
from models.correcting import correct
from models.corrections import Corrections
from models.database import reading
from models.errors import CorrectionError, DocumentError, RawArchiveError
from models.locks import Window, locked
from models.publishing import PublishReport, publish_batch
from models.raw_archive import RawArchive
from models.records import Row
from models.republishing import REVIEW
from models.review_queries import article_of, published_at
from models.review_scope import Entry, find_entries
from models.reviewing import note_replays
from models.staging import read_staged, stage_batch
from models.types import plain_decimal
from models.values import Article, Reading
from models.vocabulary import BatchState, ReviewState
from tasks.articles import read_article
from tasks.engine import ENGINE_VERSION
from tasks.reading import read_figures

# Articles that were picked because they fail say nothing of their source as a whole.
_OF_EACH_ROW_ALONE = {
    "unread_share": 1,
    "unreadable_share": 1,
    "quarantined_share": 1,
    "figures_expected_from_articles": 10**9,
}
# How long another replay is waited for.
_PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class Replayed:
    """One row that was replayed: its state before and after, and what changed, in words."""

    id: int
    info_code: str
    expectation: str
    before: ReviewState
    after: ReviewState
    outcome: str

    @property
    def is_settled(self) -> bool:
        """Give True where the row no longer waits for a decision."""
        return self.after is not ReviewState.OPEN


@dataclass(frozen=True, slots=True)
class Replay:
    """What a replay came to: each row, what its batch published, and how many articles could not be read again."""

    rows: tuple[Replayed, ...]
    report: PublishReport | None
    lost: int

    @property
    def is_good(self) -> bool:
        """Give True where all was read again and no row of it is open."""
        is_refused = self.report is not None and self.report.state is BatchState.REFUSED
        return not self.lost and not is_refused and all(row.is_settled for row in self.rows)


def replay_rows(
    archive: RawArchive, ids: Sequence[int], who: str, reason: str, corrections: Corrections, now: datetime
) -> Replay:
    """Read the articles of quarantined rows again, out of the raw archive, and publish what passes now.

    Nothing is fetched. Each row has the replay in its history. Raises ReviewError for an id that is not there,
    LockedError where another replay is under way, DatabaseError where that fails.
    """
    with locked(archive.engine, Window(REVIEW), wait_seconds=_PATIENCE):
        return _replay(archive, ids, (who, reason, now), corrections)


def _replay(
    archive: RawArchive, ids: Sequence[int], said: tuple[str, str, datetime], corrections: Corrections
) -> Replay:
    engine = archive.engine
    with reading(engine) as connection:
        entries = find_entries(connection, ids)
        articles = {entry.article: article_of(connection, *entry.article) for entry in entries}
    readings: list[tuple[Article, Reading]] = []
    lost: dict[tuple[str, int], str] = {}
    for key, row in articles.items():
        read = _read(archive, row, corrections)
        if isinstance(read, str):
            lost[key] = read
        else:
            readings.append(read)
    report = _publish(engine, readings, corrections, said[2]) if readings else None
    rows = _note(engine, entries, report, lost, said)
    return Replay(rows, report, len(lost))


def _read(archive: RawArchive, row: Row | None, corrections: Corrections) -> tuple[Article, Reading] | str:
    """Give an article as it reads today, or why it cannot be read."""
    if row is None:
        return "the article neither stands published nor was quarantined whole: run its source again"
    try:
        document = archive.find(row["raw_sha256"], row["source"])
        if document is None:
            return "its document is not in the raw archive: run its source again"
        article = read_article(document)
        return article, correct(article, read_figures(article), corrections)
    except (DocumentError, CorrectionError, RawArchiveError) as error:
        return error.what


def _publish(
    engine: Engine, readings: Sequence[tuple[Article, Reading]], corrections: Corrections, now: datetime
) -> PublishReport:
    facts = staging.BatchFacts(REVIEW, None, None, False, ENGINE_VERSION, now)
    staged = read_staged(engine, stage_batch(engine, facts, readings))
    seen = BatchFacts(len(readings))
    outcome = audit_staged(engine, staged, seen, read_audit_settings(None, **_OF_EACH_ROW_ALONE), corrections)
    return publish_batch(engine, staged.batch_id, outcome, now=now)


def _note(
    engine: Engine,
    entries: Sequence[Entry],
    report: PublishReport | None,
    lost: Mapping[tuple[str, int], str],
    said: tuple[str, str, datetime],
) -> tuple[Replayed, ...]:
    """Say of each row what became of it, and add that to its history."""
    with reading(engine) as connection:
        after = find_entries(connection, [entry.id for entry in entries])
        figures = [published_at(connection, entry) for entry in entries]
    refused = report.message if report and report.state is BatchState.REFUSED else None
    rows: list[Replayed] = []
    for old, new, figure in zip(entries, after, figures, strict=True):
        fault = lost.get(old.article) or (refused and f"nothing was published: {refused}")
        outcome = f"not replayed: {fault}" if fault else _outcome(old, new, figure)
        rows.append(Replayed(old.id, old.info_code, old.expectation, old.state, new.state, outcome))
    batch_id = report.batch_id if report else None
    history = [
        {"id": new.id, "state": new.state.value, "row": new.row, "outcome": row.outcome, "batch_id": batch_id}
        for new, row in zip(after, rows, strict=True)
    ]
    note_replays(engine, history, *said)
    return tuple(rows)


def _outcome(old: Entry, new: Entry, figure: Row | None) -> str:
    if new.state is ReviewState.OPEN:
        return f"fails again: {new.observed}" + (f" (before: {old.observed})" if new.observed != old.observed else "")
    if new.state is not ReviewState.SUPERSEDED:
        return f"stays {new.state.value}" if new.state is old.state else f"{new.state.value}, as was decided before"
    if figure is None:
        return "fails no longer; no figure is read there"
    amounts = [plain_decimal(each) for each in (figure["value"], figure["low"], figure["high"]) if each is not None]
    return f"passes now: {figure['text']} = {' … '.join(amounts)} {figure['unit']}"
