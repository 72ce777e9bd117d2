"""What a run over partitions opens, and the plan that it makes of what it finds there."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine

from flows.partitions.planning import By, Only, Plan, Window, choose, split
from flows.settings import Settings, make_home
from models.database import open_database
from models.errors import SettingsError, SourceError
from models.objects import open_objects
from models.partitions import list_partitions
from models.raw_archive import RawArchive
from models.stale import stale_locations
from models.vocabulary import Purpose
from tasks.engine import ENGINE_VERSION
from tasks.sources import DocumentRef, Source, Surroundings, close_source, open_source, reference_of, source_name

Listing = Callable[[Source, date | None, date | None], list[DocumentRef]]


@dataclass(frozen=True, slots=True)
class Store:
    """The database and the raw archive of the settings."""

    settings: Settings
    engine: Engine
    archive: RawArchive


@contextmanager
def opened_store(settings: Settings) -> Iterator[Store]:
    """Open both for the time of the block. Raises DatabaseError, RawArchiveError and SettingsError."""
    make_home(settings)
    engine = open_database(settings.database)
    try:
        yield Store(settings, engine, RawArchive(engine, open_objects(settings.raw)))
    finally:
        engine.dispose()


def window_of(since: date | None, until: date | None) -> Window:
    """Give the window. Raises SettingsError where it ends before it begins."""
    if since and until and since > until:
        raise SettingsError(f"since {since} is after until {until}", "exchange the two days")
    return Window(since, until)


@contextmanager
def opened_source(spec: str, store: Store) -> Iterator[Source]:
    """Open a source for the time of the block. Raises SourceError."""
    surroundings = Surroundings(store.archive, store.settings.home / "copies")
    source = open_source(spec, store.settings.declarations, surroundings)
    try:
        yield source
    finally:
        close_source(source)


def plan_backfill(store: Store, source: Source, window: Window, by: By, only: Only, listing: Listing) -> Plan:
    """Plan what the archive has of the window, and what the source lists beside it; the source is listed once.

    Raises SourceError.
    """
    kept = _kept(store, source.name, window)
    try:
        listed = listing(source, window.since, window.until)
    except SourceError as error:
        if not kept:
            raise
        raise SourceError(error.what, f"{error.next_step}; or read what is kept of it, with --replay") from error
    return _plan(store, source.name, kept, listed, window, by, only)


def plan_replay(store: Store, spec: str, window: Window, by: By, only: Only) -> Plan:
    """Plan what the archive has of the window, and ask nobody. Raises SourceError where it has nothing."""
    name, kept = _all_kept(store, spec, window)
    return _plan(store, name, kept, [], window, by, only)


def plan_reextract(store: Store, spec: str, window: Window, by: By, *, everything: bool) -> Plan:
    """Plan what the archive has of the window and another engine has read last, or `everything`.

    Raises SourceError where nothing at all is kept.
    """
    name, kept = _all_kept(store, spec, window)
    if not everything:
        stale = stale_locations(store.engine, name, ENGINE_VERSION)
        kept = [ref for ref in kept if ref.location in stale]
    known = list_partitions(store.engine, Purpose.REEXTRACT, name)
    return Plan(name, choose(split(kept, [], window, by), known, Only.ALL))


def _all_kept(store: Store, spec: str, window: Window) -> tuple[str, list[DocumentRef]]:
    name = source_name(spec, store.settings.declarations)
    kept = _kept(store, name, window)
    if not kept:
        days = f"from {window.since or 'the beginning'} to {window.until or 'today'}"
        raise SourceError(f"nothing is kept of the source {name} {days}", "ingest it first, or choose other days")
    return name, kept


def _kept(store: Store, name: str, window: Window) -> list[DocumentRef]:
    return [reference_of(each) for each in store.archive.recent(name, window.since, window.until)]


def _plan(
    store: Store, name: str, kept: list[DocumentRef], listed: list[DocumentRef], window: Window, by: By, only: Only
) -> Plan:
    known = list_partitions(store.engine, Purpose.BACKFILL, name)
    return Plan(name, choose(split(kept, listed, window, by), known, only))
