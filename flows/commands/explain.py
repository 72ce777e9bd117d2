"""`tongbi explain`: why a text reads as it does."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from flows.messages import counted, read_day
from models.errors import ExtractionInputError

if TYPE_CHECKING:
    from rich.console import Console

    from models.values import Figure, Reading


def explain(
    text: Annotated[str, typer.Argument(help="the text to read; - for standard input")],
    published: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="the day on which it was published")],
) -> None:
    """Show why a text reads as it does.

    Each figure comes with its fields and rules, each other number with its role.
    """
    day = read_day(published, "--published")
    words = (_standard_input() if text == "-" else text).strip()
    if not words:
        raise ExtractionInputError("the text is empty", 'give it in quotes: tongbi explain "营收3亿元" --published …')

    from flows.console import console
    from tasks.engine import explain as explain_text

    explanation = explain_text(words, day)
    shown = console()
    _show_text(shown, words, explanation.reading)
    for place, figure in enumerate(explanation.reading.figures, start=1):
        _show_figure(shown, place, figure)
    _show_numbers(shown, explanation.reading)


def _standard_input() -> str:
    try:
        return sys.stdin.buffer.read().decode("utf-8")
    except UnicodeDecodeError as error:
        fact = f"standard input is not UTF-8 at byte {error.start + 1}"
        raise ExtractionInputError(fact, "convert it: iconv -f gb18030 -t utf-8") from None


def _show_text(shown: "Console", words: str, reading: "Reading") -> None:
    from flows.console import marked

    shown.print(marked(words, [(figure.start, figure.end) for figure in reading.figures]))
    others = sum(number.role != "figure" for number in reading.numbers)
    shown.print(f"\n{counted(len(reading.figures), 'figure')}, {counted(others, 'other number')}", style="dim")


def _show_figure(shown: "Console", place: int, figure: "Figure") -> None:
    from flows.console import amount_words, cell, fact_table, period_days
    from flows.records import plain

    amount = amount_words(figure.value, figure.low, figure.high, figure.bound, figure.unit)
    period = figure.period
    facts = (
        ("kind", figure.kind),
        ("value", plain(figure.value)),
        ("low", plain(figure.low)),
        ("high", plain(figure.high)),
        ("bound", figure.bound),
        ("unit", figure.unit),
        ("basis", figure.basis),
        ("metric", _named(figure.metric, figure.metric_id)),
        ("subject", _named(figure.subject, figure.entity_id)),
        ("period", period_days(period.start, period.end) if period else None),
        ("status", figure.status),
        ("rules", " → ".join(figure.rules) or None),
    )
    shown.print(f"\n[bold cyan]{place}. {cell(figure.text)}[/]  {cell(amount)}  [dim]({figure.start}…{figure.end})[/]")
    shown.print(fact_table([(f"   {name}", fact) for name, fact in facts]))


def _named(words: str | None, identity: str | None) -> str | None:
    """Give a name as it stands in the text, and what the catalogue knows it as."""
    return f"{words} = {identity}" if words and identity and words != identity else words


def _show_numbers(shown: "Console", reading: "Reading") -> None:
    from rich.table import Table

    from flows.console import cell

    others = [number for number in reading.numbers if number.role != "figure"]
    if not others:
        return
    shown.print("\n[bold]other numbers[/]")
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 3))
    for number in others:
        table.add_row(cell(number.text), cell(number.role), cell(number.reason))
    shown.print(table)
