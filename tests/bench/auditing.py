"""What an audit takes: 600 figures, a batch of a backfill; 10,000, about a day of many sources; and 100,000.

`python -m tests.bench.auditing`: figures are read from the corpus, again under other info codes where it has too few.
Each size is audited in a process of its own, a small one several times; the import of Great Expectations is told apart.
What it takes of an audit is told apart too: all of a validation but the frames, the suspects and the rules. Memory is
the most that the process ever held.
"""

import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from datetime import time as clock
from types import ModuleType
from typing import Any

import polars as pl

from expectations import BatchFacts, audit, gx_rule, load, suites
from models.frames import ARTICLE_COLUMNS, FIGURE_COLUMNS, NUMBER_COLUMNS
from models.records import SHANGHAI, article_row, figure_rows, number_row
from models.values import Article
from models.vocabulary import DateOrigin, Shape
from tasks.engine import read_text
from tests.bench.texts import PROJECT, Item, items
from tests.expectations.making import append_rows, plain_frame

_SIZES = (600, 10_000, 100_000)
_REPEATED_UP_TO = 10_000
_TEXTS = 20_000
Row = dict[str, Any]


def main() -> None:
    """Measure each size in a process of its own."""
    print("| figures | numbers | failures | import | audit | by processor | of it GX | ours | figures/s | memory |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |", flush=True)
    for size in _SIZES:
        subprocess.run([sys.executable, "-m", "tests.bench.auditing", str(size)], cwd=PROJECT, check=True)


def _measure(size: int) -> None:
    articles, figures, numbers = frames = _frames(size)
    began = time.perf_counter()
    load()
    imported = time.perf_counter() - began
    validating, asking = _clocked(suites, "_validate"), _clocked(gx_rule, "faults")
    times = max(_REPEATED_UP_TO // size, 1)
    began, computed = time.perf_counter(), time.process_time()
    for _ in range(times):
        outcome = audit(*frames, BatchFacts(articles.height))
        assert not outcome.exceptions, outcome.exceptions
    seconds, processor = (time.perf_counter() - began) / times, (time.process_time() - computed) / times
    library = (sum(validating) - sum(asking)) / times
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    counts = f"{figures.height:,} | {numbers.height:,} | {len(outcome.failures):,}"
    spent = f"{seconds:.2f} s | {processor:.2f} s | {library:.3f} s | {processor - library:.2f} s"
    print(f"| {counts} | {imported:.1f} s | {spent} | {figures.height / seconds:,.0f} | {most:,.0f} MB |", flush=True)


def _clocked(module: ModuleType, name: str) -> list[float]:
    """Note what each call of a function of a module takes of the processor."""
    function, taken = getattr(module, name), []

    def clocked(*args: Any) -> Any:
        began = time.process_time()
        try:
            return function(*args)
        finally:
            taken.append(time.process_time() - began)

    setattr(module, name, clocked)
    return taken


def _frames(size: int) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Give the three frames of a batch with so many figures."""
    articles: list[Row] = []
    figures: list[Row] = []
    numbers: list[Row] = []
    for item in _endless():
        if len(figures) >= size:
            break
        reading = read_text(item.text, item.published)
        article = article_row(_article(item, len(articles)), "bench")
        articles.append(article | {"row_id": len(articles) + 1, "batch_id": 1, "revision": 1})
        keys = {"article_row_id": len(articles), "info_code": article["info_code"], "revision": 1, "batch_id": 1}
        append_rows(figures, figure_rows(reading.figures, item.text), keys)
        append_rows(numbers, [number_row(number) for number in reading.numbers], keys)
    return (
        plain_frame(articles, ARTICLE_COLUMNS),
        plain_frame(figures[:size], FIGURE_COLUMNS),
        plain_frame(numbers, NUMBER_COLUMNS),
    )


def _endless() -> Iterator[Item]:
    _, found = items(_TEXTS)
    while True:
        yield from found


def _article(item: Item, number: int) -> Article:
    published = datetime.combine(item.published, clock(12), SHANGHAI)
    return Article(
        info_code=f"{published:%Y%m%d}{number:010d}",
        source="bench",
        location=f"{number}.md",
        raw_sha256="0" * 64,
        shape=Shape.FLASH,
        title=f"{number}",
        # Else it would be the same body under another code.
        text=f"{item.text}\n{number}",
        digest=None,
        medium="bench",
        published=published,
        published_written=None,
        published_from=DateOrigin.FRONT_MATTER,
        category=None,
        tags=None,
        link=None,
        return_links=(),
        mentions=(),
    )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        _measure(int(sys.argv[1]))
    else:
        main()
