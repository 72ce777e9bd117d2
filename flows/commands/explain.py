"""`tongbi explain`: why a text reads as it does."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from flows.messages import counted, read_day
from models.errors import ExtractionInputError

if TYPE_CHECKING:
    from rich.console import Console

    from tasks.engine import Explanation
    from tasks.engine.explain import Origin, Other, Trace


def explain(
    text: Annotated[str, typer.Argument(help="the text to read; - for standard input")],
    published: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="the day on which it was published")],
) -> None:
    """Show why a text reads as it does.

    Each figure comes with its fields, where in the text its metric, subject and period stand (before it, or
    inherited), the tokens of its clause with their groups in the lexicon, the words that lead into the number, and
    the rules that named it. Each other number comes with its role and why it is no figure.
    """
    day = read_day(published, "--published")
    words = (_standard_input() if text == "-" else text).strip()
    if not words:
        raise ExtractionInputError("the text is empty", 'give it in quotes: tongbi explain "营收3亿元" --published …')

    from flows.console import console
    from tasks.engine import explain as explain_text

    explanation = explain_text(words, day)
    shown = console()
    _show_text(shown, words, explanation)
    for place, trace in enumerate(explanation.traces, start=1):
        _show_figure(shown, place, trace)
    _show_others(shown, explanation.others)


def _standard_input() -> str:
    try:
        return sys.stdin.buffer.read().decode("utf-8")
    except UnicodeDecodeError as error:
        fact = f"standard input is not UTF-8 at byte {error.start + 1}"
        raise ExtractionInputError(fact, "convert it: iconv -f gb18030 -t utf-8") from None


def _show_text(shown: "Console", words: str, explanation: "Explanation") -> None:
    from flows.console import marked

    shown.print(marked(words, [(figure.start, figure.end) for figure in explanation.reading.figures]))
    counts = counted(len(explanation.traces), "figure"), counted(len(explanation.others), "other number")
    shown.print(f"\n{', '.join(counts)}", style="dim")


def _show_figure(shown: "Console", place: int, trace: "Trace") -> None:
    from flows.console import amount_words, cell, fact_table, period_days
    from flows.records import plain

    figure = trace.figure
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
        ("metric", _from(_named(figure.metric, figure.metric_id), trace.metric)),
        ("subject", _from(_named(figure.subject, figure.entity_id), trace.subject)),
        ("period", _from(period_days(period.start, period.end) if period else None, trace.period, named=True)),
        ("status", figure.status),
        ("clause", " ".join(f"{word.text}[{word.meaning}]" for word in trace.clause)),
        ("led in by", " → ".join(trace.chain) or None),
        ("rules", "; ".join(rule for rule in trace.rules if rule) or None),
    )
    shown.print(f"\n[bold cyan]{place}. {cell(figure.text)}[/]  {cell(amount)}  [dim]({figure.start}…{figure.end})[/]")
    shown.print(fact_table([(f"   {name}", fact) for name, fact in facts]))


def _named(words: str | None, identity: str | None) -> str | None:
    """Give a name as it stands in the text, and what the catalogue knows it as."""
    return f"{words} = {identity}" if words and identity and words != identity else words


def _from(words: str | None, origin: "Origin | None", *, named: bool = False) -> str | None:
    """Give a field and where in the text it stands; with `named` also the words that stand there."""
    if words is None or origin is None:
        return words
    source = f"{origin.text}, " if named else ""
    return f"{words}  ({source}{origin.where}, {origin.start}…{origin.end})"


def _show_others(shown: "Console", others: "tuple[Other, ...]") -> None:
    from rich.table import Table

    from flows.console import cell

    if not others:
        return
    shown.print("\n[bold]other numbers[/]")
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 3))
    for other in others:
        span = f"({other.number.start}…{other.number.end})"
        table.add_row(cell(other.number.text), span, cell(other.number.role), cell(other.why))
    shown.print(table)
