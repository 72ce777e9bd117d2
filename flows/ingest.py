"""The flow `ingest`: one source, from its documents to published figures, on one screen.

Documents go through in chunks, so a long archive needs little memory and few tasks. Prefect looks into every
value that a task is given, which may take longer than the task itself; `whole` spares it that.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any, TypeVar, cast

from prefect import Task, flow, get_run_logger
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed
from prefect.utilities.annotations import quote
from sqlalchemy import Engine

from expectations import BatchFacts
from flows.artifacts import leave_artifacts
from flows.endings import log_documents, plainly
from flows.held_to import audit_settings
from flows.pages import MOST_SHOWN, with_page
from flows.progress import say
from flows.settings import Settings, make_home, read_settings
from flows.summary import Summary, message, problems, summarize
from models import staging
from models.corrections import Corrections, read_corrections
from models.database import open_database
from models.errors import SettingsError
from models.locks import Window, locked
from models.objects import open_objects
from models.quarantine_ids import quarantine_ids
from models.raw_archive import RawArchive
from models.records import SHANGHAI
from models.recovery import Left, recover
from models.staging import Unreadable
from models.values import Article, Reading
from tasks.audit import audit
from tasks.correct import correct
from tasks.engine import ENGINE_VERSION
from tasks.extract import extract
from tasks.fetch import fetch, list_documents
from tasks.parse import parse
from tasks.publish import publish
from tasks.sources import (
    DocumentRef,
    RawReplay,
    Source,
    Surroundings,
    close_source,
    open_source,
    source_name,
)
from tasks.stage import keep, stage

_T = TypeVar("_T")
_Task = TypeVar("_Task", bound=Task[Any, Any])


@flow(name="ingest", description="Chinese financial news in, audited figures out.")
@plainly
def ingest(
    source: str = "sample",
    since: date | None = None,
    until: date | None = None,
    strict: bool = False,
    replay: bool = False,
    allow_shrink: bool = False,
) -> State[Summary]:
    """Read a source and publish its figures, as far as the audit lets them through.

    The run ends Failed where a figure is malformed or a document cannot be read; what is clean is published
    all the same, unless the batch as a whole is refused.

    Args:
        source: a source that sources.toml declares, a folder of posts, or the address of a site or feed
        since: the first day of publication; from the beginning where it is empty
        until: the last day of publication; to the end where it is empty
        strict: publish nothing at all where anything is malformed
        replay: read what was kept of the source before, and ask nobody
        allow_shrink: publish also where much less would stand than does now
    """
    given = {"strict": strict, "replay": replay, "allow_shrink": allow_shrink}
    return finished(read_source(source, since, until, **given))


def read_source(
    source: str,
    since: date | None = None,
    until: date | None = None,
    *,
    strict: bool = False,
    replay: bool = False,
    allow_shrink: bool = False,
) -> Summary:
    """Do what `ingest` does inside another flow and give the summary; raises TongbiError where that cannot be."""
    began = time.monotonic()
    settings = read_settings()
    check_days(since, until)
    make_home(settings)
    held_to, corrections = audit_settings(settings), read_corrections(settings.corrections_file)
    engine = open_database(settings.database)
    archive = RawArchive(engine, open_objects(settings.raw))
    opened = open_it(source, settings, archive, replay=replay)
    with alone(engine, opened, Window(opened.name, since, until), settings, corrections):
        documents = patient(list_documents, settings)(whole(opened), since, until)
        facts = staging.BatchFacts(opened.name, since, until, strict, ENGINE_VERSION, datetime.now(UTC))
        lost: list[Unreadable] = []
        readings = read_all(archive, opened, documents, lost, settings, corrections)
        staged = stage(whole(engine), whole(facts), whole(readings), whole(lost))
        say("audit", 0, 1)
        of_run = asked(opened.name, len(documents), len(lost), since, until)
        outcome = audit(whole(staged), whole(of_run), whole(held_to), whole(corrections), whole(engine))
        say("audit", 1, 1)
        say("publish", 0, 1)
        report = publish(whole(engine), staged.batch_id, whole(outcome), allow_shrink)
        say("publish", 1, 1)
        outcome = report.settled.applied_to(outcome)
        ids, seconds = quarantine_ids(engine, staged.batch_id), time.monotonic() - began
        summary = summarize(opened.name, len(documents), staged, outcome, report, lost, seconds, ids)
        summary = with_page(settings, summary, outcome, problems(staged, outcome.failures, MOST_SHOWN, ids), held_to)
        leave_artifacts(engine, staged, outcome, summary, settings.docs)
        return summary


@contextmanager
def alone(
    engine: Engine, source: Source, window: Window, settings: Settings, corrections: Corrections
) -> Iterator[None]:
    """Be the only run over these days; what killed runs have left is ended first, and all is closed at the end."""

    def finish(left: Left) -> None:
        staged = staging.read_staged(engine, left.batch_id)
        facts = BatchFacts(left.documents, left.unreadable)
        outcome = audit(whole(staged), whole(facts), whole(audit_settings(settings)), whole(corrections), whole(engine))
        publish(whole(engine), left.batch_id, whole(outcome))

    try:
        with locked(engine, window, wait_seconds=settings.lock_seconds) as ours:
            for words in recover(engine, ENGINE_VERSION, finish, ours=ours):
                get_run_logger().warning(words)
            yield
    finally:
        close_source(source)
        engine.dispose()


def check_days(since: date | None, until: date | None) -> None:
    """Raise `SettingsError` where the first day is after the last."""
    if since and until and since > until:
        raise SettingsError(f"since {since} is after until {until}", "exchange the two days")


def open_it(source: str, settings: Settings, archive: RawArchive, *, replay: bool) -> Source:
    """Give the source, or what the archive has of it."""
    if replay:
        return RawReplay(source_name(source, settings.declarations), archive)
    return open_source(source, settings.declarations, Surroundings(archive, settings.home / "copies"))


def read_all(
    archive: RawArchive,
    source: Source,
    documents: list[DocumentRef],
    lost: list[Unreadable],
    settings: Settings,
    corrections: Corrections,
) -> Iterator[tuple[Article, Reading]]:
    """Fetch, keep, parse, extract and correct chunk by chunk; what cannot be read goes into `lost`."""
    ask = patient(fetch, settings)
    for begin in range(0, len(documents), settings.chunk):
        chunk = documents[begin : begin + settings.chunk]
        say("documents", begin, len(documents))
        fetched = ask(whole(source), whole(chunk))
        keep(whole(archive), whole(fetched.documents))
        parsed = parse(whole(fetched.documents))
        extracted = extract(whole(parsed.articles))
        corrected = correct(whole(extracted.readings), whole(corrections))
        lost += [*fetched.lost, *parsed.lost, *extracted.lost, *corrected.lost]
        yield from corrected.readings
    say("documents", len(documents), len(documents))


def patient(asking: _Task, settings: Settings) -> _Task:
    """Give the task with the set time between its tries."""
    return cast(_Task, asking.with_options(retry_delay_seconds=settings.retry_seconds))


def whole(value: _T) -> _T:
    """Wrap a value so that Prefect hands it on to the task as it is."""
    return cast(_T, quote(value))


def asked(source: str, documents: int, lost: int, since: date | None, until: date | None) -> BatchFacts:
    """Give what the audit has to know of the run; its day is the one in Shanghai."""
    today = datetime.now(SHANGHAI).date()
    return BatchFacts(documents, lost, source=source, since=since, until=until, today=today)


def finished(summary: Summary) -> State[Summary]:
    """Give the state in which the run ends; what it says is what a reader of Prefect's pages sees first."""
    words = message(summary)
    log = get_run_logger()
    log_documents(log, summary)
    if summary.is_good:
        log.info(words)
        return Completed(message=words, data=summary)
    log.error(words)
    return Failed(message=words, data=summary)
