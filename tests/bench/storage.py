"""Publishing a million figures: rows a second and memory on SQLite and on Postgres, beside the drivers alone.

`python -m tests.bench.storage --figures 1000000`. A batch of so many figures, with its articles and the ledger of
its numbers, is published with all columns, indexes, keys, checks and triggers on. The floor is the bare driver: the
same rows of figures and numbers into tables without any of these, by executemany and by COPY. Memory is the peak of
a process that publishes and nothing else, for a tenth of the figures and for all. Times of the wall depend on what
else runs; those of the processor, of this process and of the server, hardly do.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import JSON, Engine, Table

from models.audit import AuditOutcome
from models.database import open_database
from models.publishing import publish_batch
from models.tables import FigureRow, NumberRow, table_of
from tests.bench.rows import NOW, stage_rows
from tests.databases import MEASURED, Postgres, a_server

PROJECT = Path(__file__).resolve().parents[2]
_TABLES = (table_of(FigureRow), table_of(NumberRow))
_PIECE = 10_000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--figures", type=int, default=1_000_000)
    parser.add_argument("--publish", nargs=2, metavar=("URL", "BATCH"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.publish:
        print(json.dumps(_publish(asked.publish[0], int(asked.publish[1]))))
        return
    print(f"Postgres has {', '.join(f'{name} {value}' for name, value in MEASURED.items())}; else its defaults")
    for kind in ("sqlite", "postgres"):
        for figures in (asked.figures // 10, asked.figures):
            with tempfile.TemporaryDirectory() as folder, _database(kind, Path(folder)) as (url, server):
                _measure(kind, url, server, figures)


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[tuple[str, int | None]]:
    """Give a new database and the process of its server; it writes to the disk as any other does."""
    if kind == "sqlite":
        yield f"sqlite:///{folder}/bench.db", None
        return
    with a_server(Postgres.careful) as postgres, postgres.database() as url:
        yield url, postgres.server.get_pid()


def _measure(kind: str, url: str, server: int | None, figures: int) -> None:
    engine = open_database(url)
    _, staging = _timed(lambda: stage_rows(engine, figures), server)
    engine.dispose()
    command = [sys.executable, "-W", "ignore", "-m", "tests.bench.storage", "--publish", url, "1"]
    before = _processor(server)
    done = json.loads(subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout)
    processor = done["processor"] + _processor(server) - before
    engine = open_database(url)
    rows, floor = _timed(lambda: _bare(engine), server)
    engine.dispose()
    print(f"{kind}, {figures:,} figures: {done['rows']:,} rows in {done['seconds']:.1f} s, {processor:.1f} s computed")
    _say("published", done["rows"], done["seconds"], processor)
    _say("figures alone", figures, done["seconds"], processor)
    _say("bare driver", rows, *floor)
    print(f"  staged         {figures / staging[0]:10,.0f} figures/s")
    print(f"  memory         {done['memory']:10,.0f} MB at most, {done['grown']:,.0f} MB by publishing", flush=True)


def _say(what: str, rows: float, seconds: float, processor: float) -> None:
    print(f"  {what:14} {rows / seconds:10,.0f} rows/s ({rows / processor:,.0f} by processor)")


def _publish(url: str, batch_id: int) -> dict[str, float]:
    """Publish in this process, and give what it took."""
    engine = open_database(url)
    at_first = _memory()
    began, own = time.perf_counter(), time.process_time()
    readings = publish_batch(engine, batch_id, AuditOutcome(), now=NOW).readings
    seconds, processor = time.perf_counter() - began, time.process_time() - own
    rows = readings.articles.published + readings.figures.published + readings.numbers.published
    measured = {"rows": rows, "seconds": seconds, "processor": processor}
    return measured | {"memory": _memory(), "grown": _memory() - at_first}


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _timed(work: Callable[[], Any], server: int | None) -> tuple[Any, tuple[float, float]]:
    began, own = time.perf_counter(), time.process_time() + _processor(server)
    outcome = work()
    return outcome, (time.perf_counter() - began, time.process_time() + _processor(server) - own)


def _processor(server: int | None) -> float:
    """Give the seconds that the processes of a server have computed; those that have ended are in its own."""
    if server is None:
        return 0.0
    postmaster = psutil.Process(server)
    times = [postmaster.cpu_times()]
    for child in postmaster.children(recursive=True):
        try:
            times.append(child.cpu_times())
        except psutil.NoSuchProcess:
            continue
    return sum(each.user + each.system + each.children_user + each.children_system for each in times)


def _bare(engine: Engine) -> int:
    """Insert the published figures and numbers into bare tables by the driver alone, and give how many there are."""
    driver: Any = engine.raw_connection()
    connection = driver.driver_connection
    count = 0
    for table in _TABLES:
        connection.execute(
            f"CREATE TABLE bare_{table.name} AS SELECT {_columns(engine, table)} FROM {table.name} LIMIT 0"
        )
        count += (_executemany if engine.dialect.name == "sqlite" else _copy)(engine, connection, table)
    connection.commit()
    driver.close()
    return count


def _columns(engine: Engine, table: Table) -> str:
    """Give the columns of a table; JSON as the text in which the driver is given it."""
    as_text = "::text" if engine.dialect.name == "postgresql" else ""
    return ", ".join(f'"{each.name}"' + (as_text if isinstance(each.type, JSON) else "") for each in table.columns)


def _executemany(engine: Engine, connection: Any, table: Table) -> int:
    count = 0
    connection.execute("BEGIN")
    reader = connection.execute(f"SELECT {_columns(engine, table)} FROM {table.name}")
    marks = ", ".join("?" * len(reader.description))
    while rows := reader.fetchmany(_PIECE):
        connection.executemany(f"INSERT INTO bare_{table.name} VALUES ({marks})", rows)
        count += len(rows)
    connection.execute("COMMIT")
    return count


def _copy(engine: Engine, connection: Any, table: Table) -> int:
    """Read by another connection, so that COPY can run meanwhile."""
    other: Any = engine.raw_connection()
    count = 0
    with other.driver_connection.cursor("rows") as reader, connection.cursor() as cursor:
        reader.itersize = _PIECE
        reader.execute(f"SELECT {_columns(engine, table)} FROM {table.name}")
        with cursor.copy(f"COPY bare_{table.name} FROM STDIN") as copy:
            for row in reader:
                copy.write_row(row)
                count += 1
    other.close()
    return count


if __name__ == "__main__":
    main()
