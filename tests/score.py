"""How right the engine is: `python -m tests.score` scores it on the labelled articles and prints one table.

The labels, their scorer and what the scores mean are those of the figures folder, which has to be at hand.
With --write the table of the README is replaced.
"""

import argparse
import importlib.util
import json
import re
import sys
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from flows.records import reading_record
from tasks.engine import ENGINE_VERSION, read_text

FIGURES = Path(__file__).resolve().parents[2] / "shared" / "figures"
README = Path(__file__).resolve().parents[1] / "README.md"
_PLACE = re.compile(r"(?<=<!-- score -->\n).*?(?=<!-- /score -->)", re.DOTALL)
_SETS = {"dev": "dev.jsonl", "bulletin": "bulletin.jsonl"}
_TOTALS = ("detection", "quantity", "full")
_FIELDS = ("kind", "value", "unit", "bound", "basis", "metric", "subject", "label", "period", "status")


def _load(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _predicted(articles: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {article["id"]: _read(article) for article in articles}


def _read(article: dict[str, Any]) -> dict[str, Any]:
    published = article["published"]
    reading = read_text(article["text"], date.fromisoformat(published))
    return reading_record(article.get("id", ""), published, reading, numbers=False)


def _scorer(folder: Path) -> Any:
    spec = importlib.util.spec_from_file_location("figure_score", folder / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def scores(folder: Path = FIGURES) -> dict[str, dict[str, Any]]:
    """Give the scores of each labelled set, as its scorer gives them."""
    scorer = _scorer(folder)
    found = {}
    for name, file in _SETS.items():
        gold = _load(folder / file)
        found[name] = scorer.score({article["id"]: article for article in gold}, _predicted(gold))[0]
    return found


def failed_traps(folder: Path = FIGURES) -> tuple[list[str], int]:
    """Give the texts of the traps that are not read right, and how many traps there are."""
    traps = _load(folder / "traps.jsonl")
    return [trap["text"] for trap in traps if not _is_right(trap)], len(traps)


def _is_right(trap: dict[str, Any]) -> bool:
    """Tell whether each figure of a trap comes, in its order, with all that the trap says of it."""
    read, wanted = _read(trap)["figures"], trap["figures"]
    if len(read) != len(wanted):
        return False
    return all(
        _same(figure.get(name), value) for figure, one in zip(read, wanted, strict=True) for name, value in one.items()
    )


def _same(read: Any, wanted: Any) -> bool:
    is_amount = isinstance(read, str) and isinstance(wanted, str) and _is_number(wanted) and _is_number(read)
    return Decimal(read) == Decimal(wanted) if is_amount else read == wanted


def _is_number(words: str) -> bool:
    return words.lstrip("-").replace(".", "", 1).isdecimal()


def table(found: dict[str, dict[str, Any]], failed: int, traps: int) -> Iterator[str]:
    """Give the lines of the table in markdown."""
    counts = [f"{name}: {one['articles']} articles, {one['gold']} figures" for name, one in found.items()]
    yield f"Engine {ENGINE_VERSION}; {'; '.join(counts)}; traps: {traps - failed} of {traps} right."
    yield ""
    yield f"| | {' | '.join(found)} |"
    yield f"| --- |{' ---: |' * len(found)}"
    for name in _TOTALS:
        yield _row(f"{name} F1", [f"{one[name]['f1']:.4f}" for one in found.values()])
    for name in _FIELDS:
        yield _row(name, [f"{one['accuracy'][name]:.3f}" for one in found.values()])


def _row(name: str, cells: list[str]) -> str:
    return f"| {name} | {' | '.join(cells)} |"


def main() -> int:
    """Score and print; give 2 where the labels are not at hand."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=FIGURES, help="the folder of the labels")
    parser.add_argument("--traps", action="store_true", help="list the traps that are not read right")
    parser.add_argument("--write", action="store_true", help="put the table into the README too")
    arguments = parser.parse_args()
    if not (arguments.folder / "dev.jsonl").exists():
        print(f"no labels in {arguments.folder}: name their folder", file=sys.stderr)
        return 2
    failed, traps = failed_traps(arguments.folder)
    lines = "\n".join(table(scores(arguments.folder), len(failed), traps)) + "\n"
    print(lines, end="")
    if arguments.write:
        README.write_text(_PLACE.sub(lambda _: lines, README.read_text(encoding="utf-8")), encoding="utf-8")
    if arguments.traps:
        print("\n".join(failed))
    return 0


if __name__ == "__main__":
    sys.exit(main())
