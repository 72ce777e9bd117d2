"""How fast a backfill is, where its time goes, what it costs to stop and start it, and what more workers bring.

`python -m tests.bench.backfill [--archive FOLDER] [--days N] [--posts N] [--by week] [--runners processes threads]`
runs the whole command on posts written here (or on those of a folder), into SQLite, and prints articles a second from
its start to its end, the parts, and the memory of all its processes, also of a third of the days. What it takes more
than the same work in a plain program, run before it and after it, is what its orchestration costs. `--killed` compares
with a backfill that was killed twice on the way, whose tables have to be the same, `--dask` two workers with one, into
Postgres.

Seconds of a machine that others use too say little: beside them stand those of the processors. The home has been
used before: the first command in a new one makes Prefect's tables, which takes 6 s more, once.
"""

import argparse
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from statistics import fmean

from sqlalchemy import text

from models.database import open_database, reading
from tests.bench.days import write_days
from tests.bench.watched import IMPORTS, PLAIN, SERVER, Ran, command, run

_TABLES = ("article", "figure", "number", "quarantine", "article_revision", "raw_document", "staged_article")
_FIRST = date(2021, 12, 1)
# The raw archive writes its files by threads of its own, whose time no part has.
_REST = "flow, ledger, starts, files"


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


def _show(ran: Ran, plain: Sequence[Ran], articles: int) -> None:
    cores = f"{articles / ran.processors:,.0f} a processor second: two idle cores need {ran.processors / 2:,.0f} s"
    print(f"start to end               {ran.wall:,.1f} s, {articles / ran.wall:,.0f} articles/s; {cores} at least")
    half = len(ran.memory) // 2
    first, second = max(ran.memory[:half], default=0), max(ran.memory[half:], default=0)
    print(f"memory of all processes    {first:,.0f} MB at most in the first half, {second:,.0f} MB in the second\n")
    print("| part | processor seconds | share | ms an article | in a plain program |")
    print("| --- | ---: | ---: | ---: | ---: |")
    rows, plain_rows = _rows(ran), [_rows(each) for each in plain]
    for name, seconds in rows.items():
        without = fmean(each.get(name, 0.0) for each in plain_rows)
        share, each_takes = seconds / ran.processors, seconds / articles * 1e3
        print(f"| {name} | {seconds:.1f} | {share:.1%} | {each_takes:.2f} | {without:.1f} |")
    # A machine that others use too is faster at one time than at another: the work, the same in all, tells how much.
    pace = _work(rows) / fmean(map(_work, plain_rows))
    processors, wall = (pace * fmean(each) for each in ([it.processors for it in plain], [it.wall for it in plain]))
    print(
        f"\na plain program            {processors:.1f} s of the processors, {wall:.1f} s at the same pace ({pace:.2f})"
    )
    costs = f"{1 - processors / ran.processors:.1%} of the processors, {1 - wall / ran.wall:.1%} of the time"
    print(f"orchestration, Prefect's start included: {costs}\n", flush=True)


def _work(rows: dict[str, float]) -> float:
    return sum(seconds for name, seconds in rows.items() if name not in {IMPORTS, SERVER, _REST})


def _rows(ran: Ran) -> dict[str, float]:
    """Give the parts of the work, what is imported for it, Prefect's server, and all the rest."""
    rows = dict(ran.parts)
    rows[IMPORTS] = rows.pop("import", 0.0) + ran.seconds[IMPORTS]
    rows[SERVER] = ran.seconds[SERVER]
    rows[_REST] = ran.processors - sum(rows.values())
    return rows


def _show_killed(source: Path, folder: Path, window: list[str]) -> None:
    """Compare the tables of a backfill that is killed twice with those of one that is not."""
    options = [*window, "--runner", "processes"]
    undisturbed = run(source, _home(folder, "whole"), *options)
    whole, home = _url(folder / "whole"), _home(folder, "killed")
    articles, partitions = _articles(whole), ended(whole)
    print(f"undisturbed                {undisturbed.wall:,.1f} s, {articles:,} articles", flush=True)
    seconds, kills = killed(source, home, _url(home), options, [max(1, partitions // 3), max(2, partitions * 2 // 3)])
    is_same = tables(_url(home)) == tables(whole)
    print(f"killed {kills} times             {seconds:,.1f} s in all, {articles / seconds:,.0f} articles/s")
    print(f"tables                     {'the same' if is_same else 'NOT THE SAME'} as undisturbed", flush=True)
    if not is_same or kills < 2:
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
                ran = run(source, _home(folder, f"dask{workers}/home"), *options, *dask, url=url)
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


def _prepare(folder: Path) -> None:
    """Make a home in which Prefect has its tables."""
    write_days(folder / "one", 1, 1)
    run(folder / "one", folder / "prepared")


def _home(folder: Path, name: str) -> Path:
    """Give a home of its own that has been used."""
    shutil.copytree(folder / "prepared" / "prefect", folder / name / "prefect")
    return folder / name


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=90)
    parser.add_argument("--posts", type=int, default=18_000)
    parser.add_argument("--archive", type=Path, help="a folder of posts, instead of those written here")
    parser.add_argument("--by", default="week")
    parser.add_argument("--runners", nargs="+", default=["processes", "threads"])
    parser.add_argument("--killed", action="store_true", help="only compare with a backfill that is killed twice")
    parser.add_argument("--dask", action="store_true", help="only compare two workers of Dask with one")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = asked.archive or folder / "posts"
        if asked.archive is None:
            write_days(source, asked.days, asked.posts // asked.days, broken_every=400)
        _prepare(folder)
        if asked.dask:
            _show_dask(source, folder, _window(asked.days, asked.by))
        elif asked.killed:
            _show_killed(source, folder, _window(asked.days, asked.by))
        else:
            _show_whole(source, folder, asked.days, asked.by, asked.runners)


def _window(days: int, by: str) -> list[str]:
    last = _FIRST + timedelta(days=days - 1)
    return ["--since", str(_FIRST), "--until", str(last), "--by", by]


def _show_whole(source: Path, folder: Path, days: int, by: str, runners: list[str]) -> None:
    for runner in runners:
        home = _home(folder, runner)
        options = [*_window(days, by), "--runner", runner]
        before = run(source, _home(folder, f"{runner}-before"), *options, program=PLAIN)
        whole = run(source, home, *options)
        after = run(source, _home(folder, f"{runner}-after"), *options, program=PLAIN)
        articles = _articles(_url(home))
        if tables(_url(home)) != tables(_url(folder / f"{runner}-after")):
            raise SystemExit("the plain program has not done the same work")
        print(f"{articles:,} articles of {days} days, by {by}, {runner}, into SQLite\n")
        _show(whole, (before, after), articles)
    _show_sizes(home, articles)
    shorter = run(source, _home(folder, "shorter"), *_window(days // 3, by), "--runner", runners[0])
    print(f"memory for {days // 3} days         {max(shorter.memory):,.0f} MB at most, {runners[0]}")


def _url(home: Path) -> str:
    return f"sqlite:///{home}/tongbi.db"


def _articles(url: str) -> int:
    engine = open_database(url)
    with reading(engine) as connection:
        found = int(connection.execute(text("SELECT count(*) FROM article")).scalar_one())
    engine.dispose()
    return found


if __name__ == "__main__":
    main()
