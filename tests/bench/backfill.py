"""How fast a backfill is, where its time goes, and what it costs to stop and start it.

`python -m tests.bench.backfill [--days N] [--posts N] [--archive FOLDER] [--by week] [--runner processes]
[--workers 2] [--kills 2] [--postgres]` runs the whole command on posts written here (or on those of a folder) and
prints articles a second from its start to its end, the parts, the memory of all its processes, and the rate of a
second backfill that was killed on the way, whose tables have to be the same.

Seconds of a machine that others use too say little: beside them stand those of the processors.
"""

import argparse
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from models.database import open_database, reading
from tests.bench.days import write_days

PROJECT = Path(__file__).resolve().parents[2]
_TABLES = ("article", "figure", "number", "quarantine", "article_revision", "raw_document", "staged_article")
_SAMPLE_SECONDS = 0.5


@dataclass(frozen=True)
class Ran:
    """One command: its seconds, those of the processors in all its processes, its memory, and what it printed.

    `memory` has the megabytes of all processes together, sampled to the end; pages that they share count once.
    """

    wall: float
    processors: float
    memory: list[float]
    printed: str
    parts: dict[str, float]

    def rate(self, articles: int) -> str:
        return f"{articles / self.wall:,.0f} articles/s ({articles / self.processors:,.0f} a processor second)"


def command(source: Path, home: Path, *options: str, url: str = "") -> "subprocess.Popen[str]":
    """Start `tongbi backfill` in a session of its own."""
    program = [sys.executable, "-c", "from flows.cli import main; main()", "backfill", "--source", str(source)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "TONGBI_"))}
    environment |= {"PYTHONPATH": str(PROJECT), "TONGBI_HOME": str(home)}
    environment |= {"TONGBI_DATABASE_URL": url} if url else {}
    return subprocess.Popen(
        [*program, *options],
        env=environment,
        cwd=PROJECT,
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def run(source: Path, home: Path, *options: str, url: str = "") -> Ran:
    """Run it to its end; a status of 2 or more is an error."""
    before, began = _spent(), time.perf_counter()
    running = command(source, home, *options, url=url)
    memory: list[float] = []
    while running.poll() is None:
        memory.append(_memory(running.pid))
        time.sleep(_SAMPLE_SECONDS)
    wall = time.perf_counter() - began
    printed = running.stdout.read() if running.stdout else ""
    if running.returncode not in (0, 1):
        raise SystemExit(printed)
    return Ran(wall, _spent() - before, memory, printed, _parts(printed))


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _parts(printed: str) -> dict[str, float]:
    """Read the line `processor time` of the report."""
    line = next((line for line in printed.splitlines() if line.startswith("processor time")), "processor time")
    words = line.removeprefix("processor time").split(",")
    return {word.split()[0]: float(word.split()[1]) for word in words if word.strip()}


def _memory(session: int) -> float:
    """Give the megabytes of all processes of a session."""
    total = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if os.getsid(int(process.name)) != session:
                continue
            lines = (process / "smaps_rollup").read_text().splitlines()
        except (OSError, ProcessLookupError):
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


def tables(url: str) -> dict[str, list[str]]:
    """Give the rows of the tables without the numbers that they were given and the times at which."""
    left_out = {"id", "article_id", "batch_id", "known_from", "fetched_at", "row"}
    left_out |= {"first_seen_batch_id", "last_seen_batch_id"}
    engine = open_database(url)
    found: dict[str, list[str]] = {}
    with reading(engine) as connection:
        for table in _TABLES:
            rows = connection.execute(text(f"SELECT * FROM {table}")).mappings()
            found[table] = sorted(repr([(k, v) for k, v in row.items() if k not in left_out]) for row in rows)
    engine.dispose()
    return found


def ended(url: str) -> int:
    """Give how many partitions are done."""
    try:
        engine = open_database(url)
        with reading(engine) as connection:
            query = "SELECT count(*) FROM backfill_partition WHERE state = 'done'"
            return int(connection.execute(text(query)).scalar_one())
    except Exception:  # it is being made
        return 0


def killed(source: Path, home: Path, url: str, options: list[str], marks: list[int]) -> tuple[float, int]:
    """Run it to the end, killed with all its processes whenever so many partitions are done; give seconds and kills."""
    began, kills = time.perf_counter(), 0
    for mark in marks:
        running = command(source, home, *options)
        while running.poll() is None and ended(url) < mark:
            time.sleep(0.2)
        if running.poll() is None:
            os.killpg(running.pid, signal.SIGKILL)
            kills += 1
        running.wait()
    run(source, home, *options)
    return time.perf_counter() - began, kills


def _show(ran: Ran, articles: int, start: Ran) -> None:
    named = sum(ran.parts.values())
    imports = ran.parts.get("import", 0.0)
    rest = ran.processors - named - start.processors
    print(f"start to end               {ran.wall:,.1f} s, {ran.rate(articles)}")
    idle = f"no less than {ran.processors / 2:,.0f} s on two idle cores"
    print(f"processors                 {ran.processors:,.1f} s: {idle}")
    print(f"a backfill with nothing    {start.wall:,.1f} s, {start.processors:,.1f} of processors: Prefect starts")
    half = len(ran.memory) // 2
    first, second = max(ran.memory[:half], default=0), max(ran.memory[half:], default=0)
    print(f"memory of all processes    {first:,.0f} MB at most in the first half, {second:,.0f} MB in the second\n")
    print("| part | processor seconds | share | ms an article |\n| --- | ---: | ---: | ---: |")
    shown = {"Prefect starts": start.processors, **ran.parts, "orchestration and worker starts": rest}
    for name, seconds in shown.items():
        print(f"| {name} | {seconds:.1f} | {seconds / ran.processors:.1%} | {seconds / articles * 1e3:.2f} |")
    work = ran.processors - start.processors - imports
    print(f"\norchestration: {rest / work:.1%} of the work\n", flush=True)


def _show_killed(source: Path, folder: Path, options: list[str], articles: int, expected: dict[str, list[str]]) -> None:
    home = folder / "killed"
    url = f"sqlite:///{home}/tongbi.db"
    whole = ended(f"sqlite:///{folder}/whole/tongbi.db")
    seconds, kills = killed(source, home, url, options, [max(1, whole // 3), max(2, whole * 2 // 3)])
    same = tables(url) == expected
    print(f"killed {kills} times            {seconds:,.1f} s in all, {articles / seconds:,.0f} articles/s")
    print(f"tables                     {'the same' if same else 'NOT THE SAME'} as undisturbed", flush=True)
    if not same:
        raise SystemExit(1)


@contextmanager
def _dask(folder: Path, workers: int) -> Iterator[str]:
    from tests.flows.test_scale_out import cluster

    with cluster(folder, workers) as (address, _):
        yield address


def _show_dask(source: Path, folder: Path, options: list[str]) -> None:
    """Print how much faster two workers of Dask are than one, into Postgres."""
    from tests.databases import Postgres

    postgres = Postgres(folder / "postgres")
    walls: dict[int, float] = {}
    try:
        for workers in (1, 2):
            place = folder / f"dask{workers}"
            place.mkdir()
            with postgres.database() as url, _dask(place, workers) as address:
                open_database(url).dispose()
                dask = ["--runner", "dask", "--address", address]
                ran = run(source, place / "home", *options, *dask, url=url)
                seconds = next(line for line in ran.printed.splitlines() if line.startswith("time"))
                walls[workers] = float(seconds.split()[1])
                _show_server(url)
                print(
                    f"{workers} of Dask into Postgres    {' '.join(seconds.split()[1:])}, without Prefect's start",
                    flush=True,
                )
    finally:
        postgres.server.cleanup()
    print(f"two are                    {walls[1] / walls[2]:.2f} times as fast as one", flush=True)


def _show_server(url: str) -> None:
    engine = open_database(url)
    with reading(engine) as connection:
        size = connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one()
        articles = connection.execute(text("SELECT count(*) FROM article")).scalar_one()
    engine.dispose()
    print(f"database                   {size / articles / 1e3:.1f} kB an article in Postgres")


def _show_sizes(home: Path, articles: int) -> None:
    """Print what an article takes in the database, and its document in the raw archive."""
    database = (home / "tongbi.db").stat().st_size
    objects = sum(path.stat().st_size for path in (home / "raw").rglob("*.gz"))
    print(f"database                   {database / articles / 1e3:.1f} kB an article in SQLite")
    print(f"raw archive                {objects / articles / 1e3:.1f} kB a document")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=90)
    parser.add_argument("--posts", type=int, default=18_000)
    parser.add_argument("--archive", type=Path, help="a folder of posts, instead of those written here")
    parser.add_argument("--since", default="2021-12-01")
    parser.add_argument("--until", default="2022-02-28")
    parser.add_argument("--by", default="week")
    parser.add_argument("--runner", default="processes")
    parser.add_argument("--workers", default="2")
    parser.add_argument("--only-whole", action="store_true", help="leave out the kills and Dask")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = asked.archive or folder / "posts"
        if asked.archive is None:
            write_days(source, asked.days, asked.posts // asked.days, broken_every=400)
        days = ["--since", asked.since, "--until", asked.until, "--by", asked.by]
        local = [*days, "--runner", asked.runner, "--workers", asked.workers]
        url = f"sqlite:///{folder}/whole/tongbi.db"
        whole = run(source, folder / "whole", *local)
        articles = len(tables(url)["article"])
        print(f"{articles:,} articles by {asked.by}, {asked.workers} {asked.runner}, into SQLite\n")
        _show(whole, articles, run(source, folder / "whole", *local))
        _show_sizes(folder / "whole", articles)
        if not asked.only_whole:
            _show_killed(source, folder, local, articles, tables(url))
            _show_dask(source, folder, days)


if __name__ == "__main__":
    main()
