"""How fast the engine reads, beside other libraries and bare patterns on the same texts, and what memory it takes.

`python -m tests.bench.extraction`: texts a second are those of one core, by its processor time. The peers are measured
where .venv-bench is, which `make bench` sets up.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl

from tasks.engine import read_text
from tests.bench.texts import CORPUS, PROJECT, Item, items

_TEXTS = 6000
_WARM = 300
_PEER_SECONDS = 15.0
_LONG = 1_000_000
_PEERS = PROJECT / ".venv-bench" / "bin" / "python"
_NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?(?:万亿|亿|千万|百万|万)?(?:美元|港元|元|%|个百分点|个基点|倍|点|吨|家|户|股|人|例)"
_OURS = "tongbi, figures with all fields"
_UNSEEN = "tongbi, texts it has not seen"
_LAUNCHER = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
Rate = tuple[str, int, float]


def best(rounds: int, work: Callable[[], object]) -> float:
    """Give the least processor time of some rounds, in seconds."""
    spent = []
    for _ in range(rounds):
        begin = time.process_time()
        work()
        spent.append(time.process_time() - begin)
    return min(spent)


def _ours(found: list[Item]) -> Iterator[Rate]:
    """Measure the first reading, when only the lexicon is warm, and then readings of texts that were read before."""
    warming, unseen = found[:_WARM], found[_WARM:]
    for item in warming:
        read_text(item.text, item.published)
    yield _UNSEEN, len(unseen), best(1, lambda: [read_text(item.text, item.published) for item in unseen])
    yield _OURS, len(found), best(2, lambda: [read_text(item.text, item.published) for item in found])


def _floors(texts: list[str]) -> Iterator[Rate]:
    pattern = re.compile(_NUMBER)
    yield "Python re, number and unit", len(texts), best(3, lambda: [pattern.findall(text) for text in texts])
    column = pl.Series(texts)
    yield "polars extract_all, same", len(texts), best(3, lambda: column.str.extract_all(_NUMBER))


def _peers(texts: list[str]) -> Iterator[Rate]:
    if not _PEERS.exists():
        print("peers are not installed: `make bench` sets up .venv-bench\n")
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "texts.json"
        path.write_text(json.dumps(texts), encoding="utf-8")
        command = [_PEERS, Path(__file__).with_name("_peers.py"), path, str(_PEER_SECONDS)]
        environment = os.environ | {"TZ": "Asia/Shanghai"}
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    for line in done.stdout.decode("utf-8", "replace").splitlines():
        if not line.startswith("PEER "):
            continue
        result = json.loads(line.removeprefix("PEER "))
        if "error" in result:
            print(f"{result['name']}: could not be run: {result['error']}\n")
        else:
            yield result["name"], result["texts"], result["seconds"]


def _show_rates(found: list[Item], origin: str) -> None:
    texts = [item.text for item in found]
    print(f"{len(texts):,} texts of {origin}, {sum(map(len, texts)) / len(texts):.0f} characters on average\n")
    unseen, ours = _ours(found)
    our_rate = ours[1] / ours[2]
    print("| | texts read | texts/s | tongbi is |\n| --- | ---: | ---: | ---: |")
    for name, count, seconds in (unseen, ours, *_peers(texts), *_floors(texts)):
        rate = count / seconds
        ratio = "" if name in {_OURS, _UNSEEN} else f"{our_rate / rate:.3g} ×"
        print(f"| {name} | {count:,} | {rate:,.0f} | {ratio} |")


def _long_texts(found: list[Item]) -> dict[str, str]:
    news = "".join(item.text for item in found)
    return {
        "digits": "1" * _LONG,
        "commas": "，" * _LONG,
        "digits and commas": "1," * (_LONG // 2),
        "nested brackets": "（" * (_LONG // 2) + "）" * (_LONG // 2),
        "one sentence": "公司营收3亿元同比增长5%" * (_LONG // 13),
        "news without an end": (news * (_LONG // len(news) + 1))[:_LONG],
        "one sentence of news": re.sub(r"[。！？；\n，：]", "", news * (_LONG // len(news) + 2))[:_LONG],
    }


def _show_long(found: list[Item]) -> None:
    print("\nOne text of 1,000,000 characters, and what that is for 1 MB of it in UTF-8\n")
    print("| text of | figures | seconds | ns a character | seconds a MB |\n| --- | ---: | ---: | ---: | ---: |")
    for name, text in _long_texts(found).items():
        begin = time.process_time()
        figures = len(read_text(text, found[0].published).figures)
        seconds = time.process_time() - begin
        of_a_megabyte = seconds / len(text.encode()) * 1e6
        each = seconds / len(text) * 1e9
        print(f"| {name} | {figures:,} | {seconds:.2f} | {each:,.0f} | {of_a_megabyte:.2f} |", flush=True)


def _show_memory() -> None:
    """Print time and peak memory of the whole command on the whole corpus, each process by itself."""
    print("\n`tongbi extract`, start to end\n\n| jobs | texts | seconds | peak memory |\n| ---: | ---: | ---: | ---: |")
    count = sys.maxsize if CORPUS.exists() else _TEXTS
    _, found = items(count)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "articles.jsonl"
        source.write_text("".join(_line(item) for item in found), encoding="utf-8")
        for jobs in sorted({1, os.cpu_count() or 1}):
            seconds, peak = _run_extract(source, jobs)
            print(f"| {jobs} | {len(found):,} | {seconds:.1f} | {peak:,.0f} MB |", flush=True)


def _line(item: Item) -> str:
    record = {"id": item.identity, "published": item.published.isoformat(), "text": item.text}
    return json.dumps(record, ensure_ascii=False) + "\n"


def _run_extract(source: Path, jobs: int) -> tuple[float, float]:
    """Give the seconds, and the most megabytes that any of its processes ever held.

    A small process starts it, for a child counts what its parent held when it was started.
    """
    program = "from flows.cli import main; main()"
    command = [sys.executable, "-c", program, "extract", str(source), "--jobs", str(jobs), "--output", os.devnull]
    begin = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", _LAUNCHER, *command], cwd=PROJECT, stdout=subprocess.PIPE, text=True, check=True
    )
    scale = 1024**2 if sys.platform == "darwin" else 1024
    return time.perf_counter() - begin, int(done.stdout) / scale


def main() -> None:
    """Measure and print."""
    origin, found = items(_TEXTS)
    _show_rates(found, origin)
    _show_long(found)
    _show_memory()


if __name__ == "__main__":
    main()
