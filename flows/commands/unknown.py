"""`tongbi unknown`: the names that the catalogue does not know, so that it can grow."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from flows.commands.options import CountForm, Home, TableOrJson
from flows.coverage import Coverage, Example, Named, cover, names_of
from flows.records import read_records
from models.catalogue import find_entity, find_metric
from models.errors import SettingsError

_A_SCREEN = 50


def unknown(
    figures: Annotated[
        Path | None, typer.Argument(metavar="FIGURES.jsonl", help="figures as `tongbi extract` writes them")
    ] = None,
    database: Annotated[bool, typer.Option("--database", help="look at the published figures instead")] = False,
    entities: Annotated[bool, typer.Option("--entities", help="list subjects instead of metrics")] = False,
    limit: Annotated[int, typer.Option(min=1, help="how many names at most")] = _A_SCREEN,
    form: CountForm = TableOrJson.TABLE,
    home: Home = None,
) -> None:
    """List the metrics that the catalogue does not know, the most frequent first, each with an example.

    Also tells how many of the figures that name a metric have one that it knows. Known is what the catalogue knows
    now, whatever it did when the figures were read.
    """
    if (figures is None) is not database:
        raise SettingsError("figures come either from a file or from the database", "name FIGURES.jsonl or --database")
    role = "subject" if entities else "metric"
    names = _published(home, role) if figures is None else names_of(read_records(figures, "id", "figures"), role)
    found = cover(names, find_entity if entities else find_metric)
    if form is TableOrJson.JSON:
        typer.echo(_as_json(found, role, limit))
    else:
        _show(found, role, limit)


def _published(home: Path | None, role: str) -> Iterator[Named]:
    from flows.store import open_store
    from models.queries import count_names

    for row in count_names(open_store(home), role).iter_rows(named=True):
        example = Example(row["info_code"], row["subject"], row["metric"], row["text"])
        yield row["words"], row["count"], example


def _as_json(found: Coverage, role: str, limit: int) -> str:
    counts = {"role": role, "named": found.named, "known": found.known, "share": round(found.share(), 4)}
    names = [asdict(name) for name in found.most_frequent(limit)]
    return json.dumps(counts | {"unknown_names": len(found.unknown), "unknown": names}, ensure_ascii=False)


def _show(found: Coverage, role: str, limit: int) -> None:
    from rich.table import Table

    from flows.console import cell, console

    shown = console()
    table = Table(header_style="bold")
    table.add_column("figures", justify="right")
    for heading in (f"unknown {role}", "example", "article"):
        table.add_column(heading, overflow="fold")
    for name in found.most_frequent(limit):
        table.add_row(f"{name.count:,}", cell(name.words), cell(_example(name.example)), cell(name.example.article))
    if found.unknown:
        shown.print(table)
    shown.print(_verdict(found, role, limit))


def _example(example: Example) -> str:
    return " | ".join(words or "" for words in (example.subject, example.metric, example.text))


def _verdict(found: Coverage, role: str, limit: int) -> str:
    rest = len(found.unknown) - limit
    more = f"{rest:,} more names are not shown (--limit)\n" if rest > 0 else ""
    share = f"{found.share():.1%} of the {found.named:,} figures that name a {role}"
    return f"{more}the catalogue knows the {role} of {found.known:,}, {share}"
