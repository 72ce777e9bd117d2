"""How one row of the quarantine looks on a terminal: its sentence, its rule, its history, what to do next."""

import shlex
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from flows.console import cell, fact_table, marked
from models.records import SHANGHAI, Row
from models.review_queries import Detail, Seen
from models.text import sentence_span
from models.vocabulary import ReviewState

# What of a figure is told, in this order.
_FIELDS = ("kind", "value", "low", "high", "bound", "unit", "basis", "metric", "subject", "status", "role", "reason")
_STYLES = {
    ReviewState.OPEN: "yellow",
    ReviewState.RELEASED: "green",
    ReviewState.REJECTED: "red",
    ReviewState.SUPERSEDED: "dim",
}


def show_detail(screen: Console, detail: Detail) -> None:
    """Print one row of the quarantine in full."""
    row = detail.columns
    state = f"[{_STYLES[ReviewState(row['state'])]}]{row['state']}[/]"
    screen.print(f"[bold]{row['id']}[/] {cell(row['row_kind'])}, {state}")
    if detail.article is not None:
        screen.print(f"  [bold]{cell(row['info_code'])}[/] {cell(detail.article['title'])}")
    sentence = sentence_of(row, detail.article)
    if sentence is not None:
        screen.print("  ", sentence, sep="")
    screen.print(f"  [yellow]{cell(row['expectation'])}[/]: {cell(row['why'])}\n")
    screen.print(Padding(fact_table([*_facts(detail), *_said(row)]), (0, 0, 0, 2)))
    _show_history(screen, detail)
    screen.print(f"\n[bold]next[/]\n{cell(next_commands(detail))}\n", soft_wrap=True)


def sentence_of(row: Row, article: Row | None = None) -> Text | None:
    """Give the sentence of a quarantined row, or of a warning, with the number marked; None for an article.

    The place is taken from the article's text where it is known, and else looked for in the sentence.
    """
    if row["sentence"] is None:
        return None
    start, end, text = row["start"], row["end"], (article or {}).get("text") or ""
    if 0 <= start < end <= len(text):
        first, last = sentence_span(text, start, end)
        return marked(text[first:last], [(start - first, end - first)])
    place = row["sentence"].find(row["text"])
    return marked(row["sentence"], [(place, place + len(row["text"]))] if place >= 0 else [])


def next_commands(detail: Detail) -> str:
    """Give the commands that go on from here, one a line, those that the state allows."""
    row, state = detail.columns, ReviewState(detail.columns["state"])
    if state is ReviewState.SUPERSEDED:
        return "  nothing: its article no longer fails there"
    lines: list[tuple[str, str]] = []
    if state in (ReviewState.OPEN, ReviewState.REJECTED):
        lines.append((f'tongbi quarantine release {row["id"]} --reason "…"', "it is right: publish it as it is"))
    if state in (ReviewState.OPEN, ReviewState.RELEASED):
        lines.append((f'tongbi quarantine reject {row["id"]} --reason "…"', "it is wrong: keep it out for good"))
    lines.append((f"tongbi quarantine replay {row['id']}", "read it again with the engine of today"))
    width = max(len(command) for command, _ in lines)
    published = _moment((detail.article or {}).get("published"))
    if row["sentence"] and published:
        day = published.astimezone(SHANGHAI).date()
        lines.append((f"tongbi explain {shlex.quote(row['sentence'])} --published {day}", "why it reads as it does"))
    return "\n".join(f"  {command:<{width}}  # {why}" for command, why in lines)


def _facts(detail: Detail) -> list[tuple[str, object]]:
    row, article = detail.columns, detail.article or {}
    published = _moment(article.get("published"))
    return [
        ("observed", row["observed"]),
        ("allowed", row["allowed"]),
        ("severity", row["severity"]),
        ("revision", row["revision"]),
        ("published", _time(published) if published else "not dated"),
        ("document", article.get("location")),
        ("first seen", _seen(detail.first_seen)),
        ("last seen", _seen(detail.last_seen)),
    ]


def _said(row: Row) -> list[tuple[str, object]]:
    """Give what the row states, field by field, and its place."""
    stated = row["row"]
    facts: list[tuple[str, object]] = [(name, stated.get(name)) for name in _FIELDS]
    if row["start"] is not None:
        facts.insert(0, ("characters", f"{row['start']}…{row['end']}"))
    if stated.get("period_start"):
        facts.append(("period", f"{stated['period_start']} … {stated['period_end']}"))
    return facts


def _show_history(screen: Console, detail: Detail) -> None:
    if not detail.history:
        return
    screen.print("\n[bold]history[/]")
    for decision in detail.history:
        batch = f" (batch {decision['batch_id']})" if decision["batch_id"] else ""
        head = f"{_time(decision['decided_at'])} {decision['who']}: {decision['action']}, {decision['reason']}"
        screen.print(f"  {cell(head)}\n    {cell(decision['outcome'])}{batch}")


def _seen(seen: Seen) -> str:
    return f"batch {seen.batch_id} of {seen.source}, {_time(seen.started_at)}"


def _time(moment: datetime) -> str:
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def _moment(stored: Any) -> datetime | None:
    """Give a time that the database has as such, and the quarantine as text."""
    moment = datetime.fromisoformat(stored) if isinstance(stored, str) else stored
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment
