"""`tongbi diff`: what a change of the engine did to the figures of many articles."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.commands.options import CountForm, TableOrJson
from flows.comparing import KINDS_OF_CHANGE, Change, Comparison, compare
from flows.messages import counted
from flows.records import read_records
from models.text import sentence_span

if TYPE_CHECKING:
    from rich.console import Console

_FIELDS_SHOWN = ("kind", "value", "low", "high", "unit", "bound", "basis", "metric", "subject", "period", "status")


def diff(
    old: Annotated[Path, typer.Argument(metavar="OLD.jsonl", help="figures as `tongbi extract` wrote them before")],
    new: Annotated[Path, typer.Argument(metavar="NEW.jsonl", help="figures of the same articles as written now")],
    texts: Annotated[
        Path | None, typer.Option(metavar="ARTICLES.jsonl", help="the articles: shows each change in its sentence")
    ] = None,
    first: Annotated[int, typer.Option(min=0, metavar="N", help="how many changes of each kind are shown")] = 5,
    form: CountForm = TableOrJson.TABLE,
) -> None:
    """Compare two extractions of the same articles.

    Counts the figures gained, lost and changed, the changed ones by field (one figure may have changed in several),
    and shows the first ones of each kind.
    """
    result = compare(read_records(old, "id", "figures"), read_records(new, "id", "figures"), first)
    wanted = {change.identity for changes in result.first.values() for change in changes}
    found = _texts(texts, wanted) if texts else {}
    if form is TableOrJson.JSON:
        typer.echo(json.dumps(_as_json(result, found), ensure_ascii=False))
    else:
        _show(result, found)


def _texts(path: Path, wanted: set[str]) -> dict[str, str]:
    return {record["id"]: record["text"] for record in read_records(path, "id", "text") if record["id"] in wanted}


def _as_json(result: Comparison, texts: dict[str, str]) -> dict[str, Any]:
    counts = asdict(result)
    del counts["first"]
    counts["kinds"] = {kind: result.kinds[kind] for kind in KINDS_OF_CHANGE}
    shown = {
        kind: [asdict(change) | {"context": _context(change, texts)} for change in result.first.get(kind, [])]
        for kind in KINDS_OF_CHANGE
    }
    return counts | {"first": shown}


def _context(change: Change, texts: dict[str, str]) -> str | None:
    """Give the sentence in which a change stands, its figure in brackets."""
    text, (start, end) = texts.get(change.identity, ""), change.span()
    if not 0 <= start < end <= len(text):
        return None
    left, right = sentence_span(text, start, end)
    return f"{text[left:start]}⟦{text[start:end]}⟧{text[end:right]}"


def _show(result: Comparison, texts: dict[str, str]) -> None:
    from flows.console import console

    shown = console()
    _show_counts(shown, result)
    for kind in KINDS_OF_CHANGE:
        changes = result.first.get(kind, [])
        if changes:
            more = f", the first {len(changes)} of {result.kinds[kind]:,}" if len(changes) < result.kinds[kind] else ""
            shown.print(f"\n[bold]{kind}[/]{more}")
        for change in changes:
            _show_change(shown, kind, change, texts)


def _show_counts(shown: "Console", result: Comparison) -> None:
    from flows.console import fact_table

    gone = f", {result.only_old:,} only in the old and {result.only_new:,} only in the new"
    articles = f"{result.articles:,} in both{gone if result.only_old or result.only_new else ''}"
    rows = [
        ("articles", f"{articles}; {result.changed_articles:,} with changes"),
        ("figures", f"{result.old:,} before, {result.new:,} now"),
        ("the same", f"{result.same:,}"),
        ("changed", f"{result.changed:,}"),
    ]
    rows += [(f"  {kind}", f"{result.kinds[kind]:,}") for kind in KINDS_OF_CHANGE[2:] if result.kinds[kind]]
    rows += [(kind, f"{result.kinds[kind]:,}") for kind in KINDS_OF_CHANGE[:2]]
    shown.print(fact_table(rows))
    if not result.changed_articles:
        shown.print(f"\n{counted(result.same, 'figure')}, all the same")


def _show_change(shown: "Console", kind: str, change: Change, texts: dict[str, str]) -> None:
    from flows.console import cell

    figure = change.new or change.old or {}
    shown.print(f"  [dim]{cell(change.identity)}[/]  [cyan]{cell(figure['text'])}[/]  {cell(_what(kind, change))}")
    context = _context(change, texts)
    if context:
        shown.print(f"    {cell(context)}")


def _what(kind: str, change: Change) -> str:
    """Give what changed, as old → new; of a figure gained or lost, what it says."""
    if change.old is None or change.new is None:
        figure = change.new or change.old or {}
        return ", ".join(f"{name} {_plain(figure[name])}" for name in _FIELDS_SHOWN if figure.get(name))
    if kind == "place":
        return f"{change.old['text']} → {change.new['text']}"
    names = ("value", "low", "high") if kind == "value" else (kind,)
    was, now = ([_plain(figure.get(name)) for name in names] for figure in (change.old, change.new))
    return " ".join(f"{old} → {new}" for old, new in zip(was, now, strict=True) if old != new)


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return str(value["start"]) if value["start"] == value["end"] else f"{value['start']}…{value['end']}"
    return "none" if value is None else str(value)
