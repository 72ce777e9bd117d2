"""Kills at any moment of an ingest, and what has to be true after each: nothing lost, nothing half-published."""

import json
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Connection, create_engine, make_url, text

from models.types import plain_decimal
from tests.crash.ingesting import STEPS
from tests.databases import Postgres
from tests.flows.posts import CLEAN, MALFORMED, write_post

PROJECT = Path(__file__).resolve().parents[2]
# What readers see: its rows are those before a run or those after it.
_PUBLISHED = {
    "article": "info_code, revision, text_sha256, reading_sha256, title, engine_version, known_to IS NULL",
    "figure": 'info_code, revision, start, "end", text, kind, value, low, high, bound, unit, basis, metric, subject,'
    " period_start, period_end, status, metric_id, entity_id, sentence, engine_version, known_to IS NULL",
    "number": 'info_code, revision, start, "end", text, role, reason, engine_version, known_to IS NULL',
}
# All else that a run leaves, but for its batch.
_REST = {
    "article_revision": "info_code, revision, text_sha256",
    "raw_document": "sha256, size, object_key",
    "raw_response": "source, location, sha256, format",
    "quarantine": "row_key, row_kind, info_code, revision, text, expectation, state",
    "unreadable_document": "source, location, sha256, error, state",
    "metric": "id, name",
    "entity": "id, name",
    "staged_article": "row_id",
    "staged_figure": "row_id",
    "staged_number": "row_id",
    "run_lock": "id",
}
Tables = dict[str, list[tuple[Any, ...]]]


class Place(Protocol):
    """Where databases are made: a copy of what was prepared, for each kill one of its own."""

    def prepared(self, name: str) -> AbstractContextManager[str]: ...

    def copy(self, of: str, name: str) -> AbstractContextManager[str]: ...


@dataclass(frozen=True, slots=True)
class Files:
    """SQLite files in a folder."""

    folder: Path

    @contextmanager
    def prepared(self, name: str) -> Iterator[str]:
        """Give the URL of a new database."""
        yield f"sqlite:///{self.folder / name}.db"

    @contextmanager
    def copy(self, of: str, name: str) -> Iterator[str]:
        """Give the URL of a copy, which is removed at the end with all that lies beside it."""
        path = self.folder / f"{name}.db"
        shutil.copy(str(make_url(of).database), path)
        try:
            yield f"sqlite:///{path}"
        finally:
            for left in self.folder.glob(f"{name}.db*"):
                left.unlink()


@dataclass(frozen=True, slots=True)
class Server:
    """Databases of a Postgres server."""

    postgres: Postgres

    @contextmanager
    def prepared(self, name: str) -> Iterator[str]:
        """Give the URL of a new database."""
        with self.postgres.database() as url:
            yield url

    @contextmanager
    def copy(self, of: str, name: str) -> Iterator[str]:
        """Give the URL of a copy, which is dropped at the end."""
        with self.postgres.database(str(make_url(of).database)) as url:
            yield url


class Nursery:
    """The process that forks those that are killed."""

    def __init__(self) -> None:
        command = [sys.executable, "-W", "ignore", "-m", "tests.crash.nursery"]
        self._process = subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._answer() == "ready"

    def run(self, *jobs: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Run jobs at once, and give how each ended."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(jobs) + "\n")
        self._process.stdin.flush()
        outcomes: list[dict[str, Any]] = self._answer()
        return outcomes

    def close(self) -> None:
        """End it."""
        self._process.communicate(timeout=300)

    def _answer(self) -> Any:
        assert self._process.stdout is not None
        return json.loads(self._process.stdout.readline())


def write_first(posts: Path) -> None:
    """Write the posts of the first run."""
    for number in range(1, 7):
        write_post(posts, number, CLEAN.replace("青禾", f"青禾{number}"))


def write_second(posts: Path) -> None:
    """Change them: a new text, a malformed one, an unreadable one, one that says nothing any more, and more."""
    write_post(posts, 1, CLEAN.replace("5.32", "6.32"))
    write_post(posts, 2, MALFORMED)
    write_post(posts, 3, "公司今日召开股东大会。")
    write_post(posts, 7, CLEAN).write_bytes(b"")
    for number in range(8, 13):
        write_post(posts, number, CLEAN.replace("青禾", f"远山{number}"))


@dataclass(slots=True)
class Crashes:
    """One prepared database, what it has before and after an undisturbed run, and kills on copies of it."""

    nursery: Nursery
    place: Place
    folder: Path
    base: str
    before: Tables
    after: Tables
    rest: Tables
    statements: int
    seconds: float
    kills: int = 0
    in_time: int = 0

    def kill(self, **where: Any) -> str:
        """Kill a run there, look, run again and look; give "before" or "after", what readers saw between."""
        self.kills += 1
        with self.attempt() as job:
            (outcome,) = self.nursery.run(job | where)
            assert "error" not in outcome, outcome["error"]
            self.in_time += outcome["killed"]
            seen = published(job["url"])
            assert seen in (self.before, self.after), f"half published after {where}: {_difference(seen, self.after)}"
            self.complete(job, where)
        return "before" if seen == self.before else "after"

    def complete(self, job: Mapping[str, Any], where: object) -> None:
        """Run undisturbed, and hold all tables against those of a run that nobody killed."""
        (outcome,) = self.nursery.run(job)
        assert "error" not in outcome, outcome["error"]
        seen = published(job["url"])
        assert seen == self.after, f"after {where}: {_difference(seen, self.after)}"
        rest = tables_left(job["url"])
        assert rest == self.rest, f"after {where}: {_difference(rest, self.rest)}"

    @contextmanager
    def attempt(self) -> Iterator[dict[str, Any]]:
        """Give the job of a run on a copy."""
        name = f"copy{self.kills}"
        home = self.folder / name
        shutil.copytree(self.folder / "home", home)
        try:
            with self.place.copy(self.base, name) as url:
                job = {"url": url, "home": str(home), "posts": str(self.folder / "posts")}
                yield job | {"audits": str(self.folder / "audits")}
        finally:
            shutil.rmtree(home)

    def moments(self, count: int, seed: int) -> Iterator[dict[str, Any]]:
        """Give where to kill: each step, then in turn after a statement and at a time that chance gives."""
        chance = random.Random(seed)
        yield from ({"step": step} for step in STEPS[:count])
        for number in range(count - len(STEPS)):
            if number % 2:
                yield {"seconds": chance.uniform(0.01, self.seconds)}
            else:
                yield {"statement": chance.randint(1, self.statements)}


@contextmanager
def crashes(place: Place, folder: Path, nursery: Nursery) -> Iterator[Crashes]:
    """Prepare: a first run, and an undisturbed second one on a copy, which says how it has to end."""
    posts, home = folder / "posts", folder / "home"
    for each in (home, folder / "audits"):
        each.mkdir(parents=True)
    write_first(posts)
    with place.prepared("base") as base:
        _good(nursery.run({"url": base, "home": str(home), "posts": str(posts)}))
        write_second(posts)
        before = published(base)
        empty: Tables = {}
        made = Crashes(nursery, place, folder, base, before, empty, empty, 0, 0.0)
        with made.attempt() as job:
            _good(nursery.run(job))
            made.after, made.rest = published(job["url"]), tables_left(job["url"])
        with made.attempt() as job:  # the audit is known now
            outcome = _good(nursery.run(job))
        made.statements, made.seconds = outcome["statements"], outcome["took"]
        assert made.before != made.after
        yield made


def published(url: str) -> Tables:
    """Give what readers see."""
    return tables(url, _PUBLISHED)


def tables_left(url: str) -> Tables:
    """Give all else that runs leave."""
    return tables(url, _REST)


def _good(outcomes: list[dict[str, Any]]) -> dict[str, Any]:
    (outcome,) = outcomes
    assert "error" not in outcome, outcome["error"]
    return outcome


def tables(url: str, wanted: Mapping[str, str]) -> Tables:
    """Give the rows of tables in an order of their own; in SQLite the whole file is checked too."""
    parsed = make_url(url)
    on_file = parsed.get_backend_name() == "sqlite"
    engine = create_engine(parsed if on_file else parsed.set(drivername="postgresql+psycopg"))
    try:
        with engine.connect() as connection:
            if on_file:
                assert connection.exec_driver_sql("PRAGMA quick_check").scalar() == "ok"
            return {
                name: sorted(
                    (
                        tuple(_plain(value) for value in row)
                        for row in connection.execute(text(f"SELECT {of} FROM {name}"))
                    ),
                    key=repr,
                )
                for name, of in wanted.items()
            }
    finally:
        engine.dispose()


def _rows(connection: Connection, statement: str) -> list[tuple[Any, ...]]:
    found = connection.execute(text(statement))
    return sorted((tuple(_plain(value) for value in row) for row in found), key=repr)


def _plain(value: Any) -> Any:
    return plain_decimal(value) if hasattr(value, "as_tuple") else value


def _difference(seen: Tables, wanted: Tables) -> str:
    parts = []
    for name, rows in wanted.items():
        more, less = [row for row in seen[name] if row not in rows], [row for row in rows if row not in seen[name]]
        if more or less:
            parts.append(f"{name}: {len(more)} rows more {more[:2]}, {len(less)} less {less[:2]}")
    return "; ".join(parts)
