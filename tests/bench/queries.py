"""How long the documented queries take on a million figures, and what memory an export needs; on both databases.

`python -m tests.bench.queries`: a query's time is the least of some runs, start to end, so warm. The README documents
these queries; each has 200 ms, those with --as-of have 500 ms. An export is measured as a process, on a tenth of the
figures and on all of them: its peak memory must be about the same.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import polars as pl
from sqlalchemy import Engine

from models.database import open_database, reading
from models.past import tell_figure
from models.queries import FigureFilter, SeriesFilter, find_figures, find_implied_levels, find_series
from models.values import Period
from models.vocabulary import FigureOrder, Status
from tests.bench.extraction import _LAUNCHER
from tests.bench.rows import LARGE, NOW, RARE, company, published_rows
from tests.bench.texts import PROJECT
from tests.databases import Postgres, a_server

FIGURES = 1_000_000
_ROUNDS = 5
_LIMIT, _LIMIT_AS_OF = 200, 500
_COMPANY, _METRIC = company(123), "净利润"
_QUARTER = Period(date(2021, 1, 1), date(2021, 3, 31))
_OLD = Period(date(2019, 1, 1), date(2019, 3, 31))
_MONTH = {"since": date(2022, 3, 1), "until": date(2022, 3, 31)}
# As the README and `tongbi figures --help` have them; 51 rows, as a terminal shows.
_QUERIES: tuple[tuple[str, FigureFilter], ...] = (
    ("the newest", FigureFilter(limit=51)),
    ("--entity", FigureFilter(_COMPANY, limit=51)),
    ("--entity --metric", FigureFilter(_COMPANY, _METRIC, limit=51)),
    ("--entity --period --sort amount", FigureFilter(_COMPANY, period=_QUARTER, order=FigureOrder.AMOUNT, limit=51)),
    ("--metric", FigureFilter(metric=_METRIC, limit=51)),
    ("--metric, a rare one", FigureFilter(metric=RARE.name, limit=51)),
    ("--metric --period, an old one", FigureFilter(metric=_METRIC, period=_OLD, limit=51)),
    ("--period", FigureFilter(period=_QUARTER, limit=51)),
    ("--period, an old one", FigureFilter(period=_OLD, limit=51)),
    ("--period A..B, an old one", FigureFilter(period=_OLD, within=True, limit=51)),
    ("--period, nobody speaks of it", FigureFilter(period=Period(date(2018, 4, 1), date(2018, 6, 30)), limit=51)),
    ("--metric --since --until", FigureFilter(metric=_METRIC, limit=51, **_MONTH)),
    ("--status --since", FigureFilter(status=Status.ACTUAL, since=_MONTH["since"], limit=51)),
    ("--status, there is none", FigureFilter(status=Status.FORECAST, limit=51)),
    ("--source", FigureFilter(source="bench", limit=51)),
    ("--source, there is none", FigureFilter(source="daily", limit=51)),
    ("--text, in all", FigureFilter(text="同比增长", limit=51)),
    ("--text, a rare one", FigureFilter(text=f"{_COMPANY}一季度利润", limit=51)),
    ("--text, there is none", FigureFilter(text="海峡重工", limit=51)),
    ("--entity, a large one", FigureFilter(LARGE, limit=51)),
    ("--text --since --until", FigureFilter(text=f"{_COMPANY}一季度利润", limit=51, **_MONTH)),
)
_AS_OF: tuple[tuple[str, FigureFilter], ...] = (
    ("--as-of", FigureFilter(as_of=NOW, limit=51)),
    ("--as-of before all", FigureFilter(as_of=NOW - timedelta(days=1), limit=51)),
    ("--as-of --entity", FigureFilter(_COMPANY, as_of=NOW, limit=51)),
    ("--as-of --metric", FigureFilter(metric=_METRIC, as_of=NOW, limit=51)),
    ("--as-of --period, an old one", FigureFilter(period=_OLD, as_of=NOW, limit=51)),
    ("--as-of --text, a rare one", FigureFilter(text=f"{_COMPANY}一季度利润", as_of=NOW, limit=51)),
)


def least_seconds(work: Callable[[], object]) -> float:
    """Give the least time of some runs, after one that warms up."""
    work()
    spent = []
    for _ in range(_ROUNDS):
        begin = time.perf_counter()
        work()
        spent.append(time.perf_counter() - begin)
    return min(spent)


def measured(engine: Engine) -> Iterator[tuple[str, float, int]]:
    """Give each documented query with its milliseconds and how many it may take."""
    for limit, queries in ((_LIMIT, _QUERIES), (_LIMIT_AS_OF, _AS_OF)):
        for name, wanted in queries:
            yield f"figures {name}", 1000 * least_seconds(lambda wanted=wanted: find_figures(engine, wanted)), limit  # type: ignore[misc]
    (figure,) = find_figures(engine, FigureFilter(_COMPANY, limit=1))["id"]
    series = SeriesFilter(_COMPANY, _METRIC)
    rest: tuple[tuple[str, Callable[[], object]], ...] = (
        ("figures --show", lambda: tell_figure(engine, figure)),
        ("series --entity --metric", lambda: find_series(engine, series)),
        ("series --entity, a large one", lambda: find_series(engine, SeriesFilter(LARGE, limit=51))),
        ("series --entity --metric --implied", lambda: find_implied_levels(engine, series)),
        ("SQL on series", lambda: _series_in_sql(engine)),
    )
    for name, work in rest:
        yield name, 1000 * least_seconds(work), _LIMIT


def _series_in_sql(engine: Engine) -> pl.DataFrame:
    query = f"SELECT * FROM series WHERE entity = '{_COMPANY}' AND metric = 'net_profit' ORDER BY period_start"
    with reading(engine) as connection:
        return pl.read_database(query, connection)


def export_memory(url: str, form: str, limit: int, folder: Path) -> tuple[float, float]:
    """Give the seconds and the peak megabytes of the whole command that exports so many figures."""
    program = "from flows.cli import main; main()"
    options = ["figures", "--format", form, "--limit", str(limit), "--output", str(folder / f"figures.{form}")]
    begin = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", _LAUNCHER, sys.executable, "-c", program, *options],
        cwd=PROJECT,
        env=os.environ | {"TONGBI_DATABASE_URL": url},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return time.perf_counter() - begin, int(done.stdout.split()[-1]) / 1024


@contextmanager
def filled(figures: int, folder: Path) -> Iterator[dict[str, str]]:
    """Give the URLs of a SQLite file and a Postgres database that hold so many published figures."""
    with a_server(Postgres.careful) as postgres, postgres.database() as server:
        urls = {"SQLite": f"sqlite:///{folder}/tongbi.db", "Postgres": server}
        for url in urls.values():
            engine = open_database(url)
            published_rows(engine, figures)
            if engine.dialect.name == "postgresql":  # as its autovacuum does a minute later
                with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                    connection.exec_driver_sql("VACUUM ANALYZE")
            engine.dispose()
        yield urls


def show(urls: dict[str, str], figures: int, folder: Path) -> None:
    """Print both tables."""
    print(f"{figures:,} figures, the least of {_ROUNDS} warm runs\n\n| query | limit | {' | '.join(urls)} |")
    print(f"| --- | ---: |{' ---: |' * len(urls)}")
    engines = [open_database(url) for url in urls.values()]
    for row in zip(*(measured(engine) for engine in engines), strict=True):
        name, _, limit = row[0]
        times = " | ".join(f"{took:,.1f} ms{'' if took <= limit else ' !'}" for _, took, _ in row)
        print(f"| {name} | {limit} ms | {times} |", flush=True)
    for engine in engines:
        engine.dispose()
    counts = figures // 10, figures
    print(f"\n| export | database |{''.join(f' {count:,} figures | |' for count in counts)}")
    print(f"| --- | --- |{' ---: | ---: |' * len(counts)}")
    for form in ("csv", "json", "parquet"):
        for name, url in urls.items():
            took = [export_memory(url, form, count, folder) for count in counts]
            cells = " | ".join(f"{seconds:.1f} s | {megabytes:,.0f} MB" for seconds, megabytes in took)
            print(f"| {form} | {name} | {cells} |", flush=True)


def main() -> None:
    """Fill two databases, measure and print; `python -m tests.bench.queries 100000` takes fewer figures."""
    figures = int(sys.argv[1]) if len(sys.argv) > 1 else FIGURES
    with tempfile.TemporaryDirectory() as folder, filled(figures, Path(folder)) as urls:
        show(urls, figures, Path(folder))


if __name__ == "__main__":
    main()
