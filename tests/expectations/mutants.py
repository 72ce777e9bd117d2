"""Clean figures, and what can be done to one of them: the kinds of damage, and how many of each are caught.

`python -m tests.expectations.mutants` prints the table, `--write` puts it into the README.
"""

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from expectations import BatchFacts, audit
from models.frames import ARTICLE_COLUMNS, FIGURE_COLUMNS, NUMBER_COLUMNS
from tests.expectations.clean import CLEAN
from tests.expectations.gold import GOLD, gold_articles, gold_pair
from tests.expectations.making import article, frame, staged

README = Path(__file__).resolve().parents[2] / "README.md"
_PLACE = re.compile(r"(?<=<!-- mutants -->\n).*?(?=<!-- /mutants -->)", re.DOTALL)
MOST_OF_A_KIND = 80
Cells = dict[str, Any]
Clean = tuple[Cells, tuple[Cells, ...]]
# Gives the changed cells of a figure among those of its article; None where the damage cannot be done to it.
Damage = Callable[[Cells, Sequence[Cells]], Cells | None]


@dataclass(frozen=True)
class Kind:
    """One kind of damage; `unseen` says why the rules cannot see it, where they cannot."""

    name: str
    damage: Damage
    unseen: str = ""


def scaled(factor: str) -> Damage:
    def damage(row: Cells, _: Sequence[Cells]) -> Cells | None:
        here = [name for name in ("value", "low", "high") if row[name] is not None and Decimal(row[name])]
        return {name: f"{Decimal(row[name]) * Decimal(factor):f}" for name in here} or None

    return damage


def flipped(row: Cells) -> Cells | None:
    if row["value"] is None:
        return {"low": f"{-Decimal(row['high']):f}", "high": f"{-Decimal(row['low']):f}"}
    return {"value": f"{-Decimal(row['value']):f}"} if Decimal(row["value"]) else None


_DIRECTED = re.compile("(?:增长|下降|上涨|下跌|上升|减少|增加|提高|下滑|回落|涨|跌)(?:了|超|约|近)?$")


def before(row: Cells) -> str:
    return str(row["sentence"])[: row["start"] - row["sentence_start"]]


def sign(*, beside: bool) -> Damage:
    def damage(row: Cells, _: Sequence[Cells]) -> Cells | None:
        is_beside = _DIRECTED.search(before(row)) is not None
        return flipped(row) if row["kind"] != "level" and is_beside is beside else None

    return damage


def where(test: Callable[[Cells], Any], changes: Cells | Callable[[Cells], Cells | None]) -> Damage:
    def damage(row: Cells, _: Sequence[Cells]) -> Cells | None:
        if not test(row):
            return None
        return changes(row) if callable(changes) else changes

    return damage


def always(changes: Cells | Callable[[Cells], Cells | None]) -> Damage:
    return where(lambda row: True, changes)


def transposed(row: Cells) -> Cells | None:
    words = row["value"] or ""
    places = [n for n in range(len(words) - 1) if words[n : n + 2].isdigit() and words[n] != words[n + 1]]
    places = [n for n in places if not (n == 0 and words[1] == "0" and len(words) > 2)]
    if not places:
        return None
    n = places[0]
    swapped = words[:n] + words[n + 1] + words[n] + words[n + 2 :]
    return {"value": swapped.lstrip("0") or "0"} if "." not in swapped else {"value": swapped}


def without_last_digit(row: Cells) -> Cells | None:
    words = row["value"] or ""
    digits = f"{Decimal(words).normalize():f}" if words else ""
    return {"value": digits[:-1]} if len(digits) > 3 and digits[-2].isdigit() and digits[-1] != "0" else None


def of_neighbour(*names: str, same: str = "", differs: str = "") -> Damage:
    def damage(row: Cells, others: Sequence[Cells]) -> Cells | None:
        for other in others:
            is_same = not same or other[same] == row[same]
            if other is not row and is_same and other[differs] not in (None, row[differs]):
                return {name: other[name] for name in names}
        return None

    return damage


def moved(days: int) -> Callable[[Cells], Cells | None]:
    def change(row: Cells) -> Cells | None:
        if row["period_start"] is None:
            return None
        return {name: row[name] + timedelta(days=days) for name in ("period_start", "period_end")}

    return change


def is_actual(row: Cells) -> bool:
    return row["status"] == "actual" and row["period_start"] is not None


def is_money(row: Cells) -> bool:
    return row["kind"] == "level" and row["unit"] == "CNY" and "元" in row["text"] and row["metric"] is not None


KINDS: tuple[Kind, ...] = (
    Kind("scale × 10⁴", scaled("10000")),
    Kind("scale ÷ 10⁸", scaled("0.00000001")),
    Kind("ten times as much", scaled("10")),
    Kind("a hundredth (per cent as a fraction)",
         where(lambda row: row["unit"] == "%", lambda row: scaled("0.01")(row, ()))),
    Kind("digits transposed", always(transposed)),
    Kind("last digit lost", always(without_last_digit)),
    Kind("sign flipped, its word beside the figure", sign(beside=True)),
    Kind("value of the neighbour", of_neighbour("value", differs="value")),
    Kind("text of the neighbour", of_neighbour("text", differs="text")),
    Kind("offset shifted by one", always(lambda row: {"start": row["start"] + 1, "end": row["end"] + 1})),
    Kind("offset behind the end", always({"start": 90_000, "end": 90_005})),
    Kind("sentence of elsewhere", always({"sentence": "这里没有这个数。"})),
    Kind("quote from another sentence", of_neighbour("sentence", "sentence_start", differs="sentence_start")),
    Kind("article unknown", always({"article_row_id": -1})),
    Kind("currency that nobody names", where(is_money, {"unit": "THB"})),
    Kind("% as pp", where(lambda row: row["kind"] == "change_rate", {"unit": "pp"})),
    Kind("pp as %", where(lambda row: row["unit"] == "pp", {"unit": "%"})),
    Kind("unit of another measure", where(is_money, {"unit": "吨"})),
    Kind("unit with its scale", where(is_money, {"unit": "亿元"})),
    Kind("no unit", always({"unit": None})),
    Kind("NaN", always({"value": "NaN", "low": None, "high": None})),
    Kind("exponent", always({"value": "1E+9", "low": None, "high": None})),
    Kind("no amount", always({"value": None, "low": None, "high": None})),
    Kind("amount and range", always({"value": "5", "low": "4", "high": "6"})),
    Kind("range reversed", where(lambda row: row["low"] is not None and row["low"] != row["high"],
                                 lambda row: {"low": row["high"], "high": row["low"]})),
    Kind("one end of a range without its scale", where(lambda row: row["low"] is not None and Decimal(row["low"]),
                                 lambda row: {"low": f"{Decimal(row['low']) / 10000:f}"})),
    Kind("range told as exact", where(lambda row: row["low"] is not None, {"bound": "exact"})),
    Kind("exact told as range", where(lambda row: row["low"] is None, {"bound": "range"})),
    Kind("bound lost, its word beside the figure",
         where(lambda row: row["bound"] in ("about", "over") and re.search("[约近超逾]$", before(row)),
               {"bound": "exact"})),
    Kind("basis swapped, 同比 or 环比 beside the figure",
         where(lambda row: row["basis"] and re.search("(?:同比|环比)(?:增长|下降|上涨|下跌|增加|减少)$", before(row)),
               lambda row: {"basis": "previous_period" if row["basis"] == "yoy" else "yoy"})),
    Kind("growth told as a level", where(lambda row: re.search("(?:同比|环比)(?:增长|下降)$", before(row)),
                                         {"kind": "level", "basis": None})),
    Kind("basis of a level", where(lambda row: row["kind"] == "level", {"basis": "yoy"})),
    Kind("rate told as an amount", where(lambda row: row["kind"] == "change_rate", {"kind": "change_amount"})),
    Kind("word of no vocabulary", always({"status": "maybe"})),
    Kind("period reversed", where(lambda row: row["period_start"] and row["period_start"] != row["period_end"],
                                  lambda row: {"period_start": row["period_end"], "period_end": row["period_start"]})),
    Kind("half a period", where(lambda row: row["period_start"], {"period_end": None})),
    Kind("fact of the future", where(is_actual, moved(1200))),
    Kind("period of a year that nobody named", where(lambda row: row["period_start"], moved(-365 * 61))),
    Kind("metric of another article", where(lambda row: row["metric"], {"metric": "玻璃纤维纱库存"})),
    Kind("subject of another article", where(lambda row: row["subject"], {"subject": "雾灵山缆车"})),
    Kind("metric of another dimension", where(is_money, {"metric_id": "unemployment_rate"})),
    Kind("blank label", always({"subject": "　"})),
    Kind("id that the catalogue has not", always({"metric_id": "net_proft"})),
    Kind("sign flipped, no word beside", sign(beside=False), "the word stands further off, or with another figure"),
    Kind("subject of the neighbour", of_neighbour("subject", differs="subject"), "both stand in the article"),
    Kind("metric of the neighbour", of_neighbour("metric", "metric_id", same="unit", differs="metric"),
         "both stand in the article, and have the same unit"),
    Kind("period of the year before", where(is_actual, moved(-365)), "which period is meant is told only by reading"),
    Kind("fact told as a forecast", where(is_actual, {"status": "forecast"}), "a hope needs no word of its own"),
)  # fmt: skip


def clean_articles() -> list[Clean]:
    """Give our own sentences, the sample and, where it is at hand, the gold articles, each with its figures."""
    gold = [gold_pair(number, each) for number, each in enumerate(gold_articles(), 1)] if GOLD.is_dir() else []
    return own_articles() + _sample() + gold


def own_articles() -> list[Clean]:
    """Give our own sentences, each with its figures."""
    batch = staged(*CLEAN)
    figures = batch.figures.partition_by("article_row_id", as_dict=True)
    return [(row, tuple(figures[row["row_id"],].to_dicts())) for row in batch.articles.to_dicts()]


def _sample() -> list[Clean]:
    from models.records import figure_row
    from tasks.articles import read_article
    from tasks.engine import read_text
    from tasks.sources import open_source

    source = open_source("sample", README.parent / "sources.toml")
    found: list[Clean] = []
    for number, ref in enumerate(source.list_documents(None, None), 1):
        read = read_article(source.fetch(ref))
        assert read.published is not None
        rows = [figure_row(each, read.text) for each in read_text(read.text, read.published.date()).figures]
        for row in rows:
            row |= {name: None if row[name] is None else f"{row[name]:f}" for name in ("value", "low", "high")}
            row["rules"] = None
        shown = article(number, read.text, published=read.published)
        found.append((shown, tuple({k: v for k, v in row.items() if k in FIGURE_COLUMNS} for row in rows)))
    return found


def passing(articles: Iterable[Clean]) -> list[Clean]:
    """Give the articles without the figures that fail as they are: what is done to those says nothing."""
    numbered = [({**head, "row_id": n}, rows) for n, (head, rows) in enumerate(articles, 1)]
    failed = _failed(list(_rows(numbered)), numbered)
    ids = iter(range(1, 10**6))
    return [(head, tuple(row for row in rows if next(ids) not in failed)) for head, rows in numbered]


def _rows(articles: Iterable[Clean]) -> Iterator[Cells]:
    number = 0
    for head, rows in articles:
        for row in rows:
            number += 1
            yield {**row, "row_id": number, "article_row_id": head["row_id"]}


def _failed(rows: list[Cells], articles: Iterable[Clean]) -> set[int]:
    heads = [{**head, "info_code": f"m{head['row_id']}", "text_sha256": None} for head, _ in articles]
    frames = frame(heads, ARTICLE_COLUMNS), frame(rows, FIGURE_COLUMNS), frame([], NUMBER_COLUMNS)
    outcome = audit(*frames, BatchFacts(len(heads)))
    assert outcome.exceptions == ()
    return {failure.row_id for failure in outcome.failures if failure.row_kind == "figure"}


def mutants(articles: Sequence[Clean]) -> tuple[list[Clean], list[Cells], dict[int, Kind]]:
    """Give copies of articles with one figure damaged in each, all their rows, and the kind by the damaged row."""
    copies: list[Clean] = []
    rows: list[Cells] = []
    kinds: dict[int, Kind] = {}
    for kind in KINDS:
        for (head, figures), place, changes in _chosen(kind, articles):
            copies.append(({**head, "row_id": len(copies) + 1}, ()))
            for number, row in enumerate(figures):
                rows.append({**row, "row_id": len(rows) + 1, "article_row_id": len(copies)})
                if number == place:
                    rows[-1] |= changes
                    kinds[len(rows)] = kind
    return copies, rows, kinds


def _chosen(kind: Kind, articles: Sequence[Clean]) -> list[tuple[Clean, int, Cells]]:
    """Give at most so many figures to which the damage can be done, the same ones each time."""
    found = []
    for each in articles:
        for place, row in enumerate(each[1]):
            changes = kind.damage(row, each[1])
            if changes and any(row.get(name) != value for name, value in changes.items()):
                found.append((each, place, changes))
    Random(kind.name).shuffle(found)
    return found[:MOST_OF_A_KIND]


def caught() -> list[tuple[Kind, int, int]]:
    """Give each kind, how many mutants there are of it, and how many of them were caught."""
    copies, rows, kinds = mutants(passing(clean_articles()))
    failed = _failed(rows, copies)
    places = ((kind, [row_id for row_id, each in kinds.items() if each is kind]) for kind in KINDS)
    return [(kind, len(ids), len(failed.intersection(ids))) for kind, ids in places]


def table(found: Iterable[tuple[Kind, int, int]]) -> str:
    """Write the table of the README: kind, mutants, caught, and why not where they cannot be."""
    lines = ["| done to one figure | mutants | caught | |", "| --- | ---: | ---: | --- |"]
    for kind, count, hits in found:
        share = f"{100 * hits / count:.1f} %" if count else "none"
        lines.append(f"| {kind.name} | {count} | {share} | {'cannot be seen: ' + kind.unseen if kind.unseen else ''} |")
    return "\n".join(lines)


def main() -> None:
    """Print the table, or put it into the README."""
    if "--write" in sys.argv:
        README.write_text(_PLACE.sub(lambda _: f"{table(caught())}\n", README.read_text("utf-8")), "utf-8")
    else:
        print(table(caught()))


if __name__ == "__main__":
    main()
