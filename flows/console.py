"""How figures look on a terminal: the marked text, the amounts with their scale, the tables."""

import sys
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from flows.messages import printable

# Where nobody sees colours, tables may be as wide as they need.
_WIDE = 160
_MARK = ("⟦", "⟧")
_SCALES = ((Decimal(10) ** 12, "万亿"), (Decimal(10) ** 8, "亿"), (Decimal(10) ** 4, "万"))
_PARTS_OF_YEAR = {
    (1, 12): "",
    (1, 6): "H1",
    (7, 12): "H2",
    (1, 3): "Q1",
    (4, 6): "Q2",
    (7, 9): "Q3",
    (10, 12): "Q4",
}
_HEADINGS = ("subject", "metric", "kind", "amount", "basis", "period", "status", "text")
_RATIOS = frozenset(("%", "pp", "bp", "x", "点"))


def console(*, error: bool = False) -> Console:
    """Give a console for standard output (or error); it is wide and plain where that is no terminal."""
    stream = sys.stderr if error else sys.stdout
    width = None if stream.isatty() else _WIDE
    return Console(file=stream, width=width, highlight=False, soft_wrap=not stream.isatty(), emoji=False)


def cell(words: object) -> str:
    """Give a table cell that shows `words` as they are; None is empty."""
    return "" if words is None else escape(printable(str(words)))


def marked(text: str, spans: Iterable[tuple[int, int]]) -> Text:
    """Give `text` with each span (in text order, none overlapping) bold and in ⟦brackets⟧.

    >>> marked("营收3亿元。", [(2, 5)]).plain
    '营收⟦3亿元⟧。'
    """
    shown = Text()
    place = 0
    for start, end in spans:
        shown.append(printable(text[place:start]))
        shown.append(_MARK[0] + printable(text[start:end]) + _MARK[1], style="bold cyan")
        place = end
    shown.append(printable(text[place:]))
    return shown


def scaled(amount: Decimal, unit: str) -> str:
    """Write an amount as a reader would: with the scale that keeps it short, and its unit.

    >>> scaled(Decimal("65558000000"), "CNY"), scaled(Decimal("84.32"), "%")
    ('655.58亿 CNY', '84.32 %')
    """
    if unit not in _RATIOS:
        for scale, name in _SCALES:
            if abs(amount) >= scale:
                return f"{_short(amount / scale)}{name} {unit}"
    return f"{_short(amount)} {unit}"


def _short(amount: Decimal) -> str:
    """Write a decimal grouped, without an exponent and without trailing zeros."""
    written = format(amount, ",f")
    return written.rstrip("0").rstrip(".") if "." in written else written


def amount_words(value: Decimal | None, low: Decimal | None, high: Decimal | None, bound: str, unit: str) -> str:
    """Write what a figure states: its value with its bound, or its range.

    >>> amount_words(Decimal("200"), None, None, "over", "%")
    '> 200 %'

    A bound speaks of the magnitude: a fall of more than 3 % lies below −3 %.
    """
    signs = {"about": "≈ ", "over": "> ", "under": "< "}
    if value is not None and value < 0:
        signs |= {"over": "< ", "under": "> "}
    if value is not None:
        return signs.get(bound, "") + scaled(value, unit)
    if low is None or high is None:
        return ""
    return f"{scaled(low, unit)} … {scaled(high, unit)}"


def period_days(start: date | None, end: date | None) -> str:
    """Write a period by its first and last day, or by the one day that it is."""
    if start is None or end is None:
        return ""
    return start.isoformat() if start == end else f"{start} … {end}"


def period_words(start: date | None, end: date | None) -> str:
    """Write a period as short as its name allows: a year, a half, a quarter, a month, else its days.

    >>> period_words(date(2022, 1, 1), date(2022, 3, 31))
    '2022 Q1'
    """
    if start is None or end is None or start.day != 1 or (end + timedelta(days=1)).day != 1:
        return period_days(start, end)
    if start.year != end.year:
        return f"{start:%Y-%m} … {end:%Y-%m}"
    if (start.month, end.month) in _PARTS_OF_YEAR:
        return f"{start.year} {_PARTS_OF_YEAR[start.month, end.month]}".strip()
    return f"{start:%Y-%m}" if start.month == end.month else f"{start:%Y-%m} … {end:%m}"


def figure_table(title: str | None = None, *, dated: bool = False) -> Table:
    """Give the empty table of figures, with the day of publication before the rest where it is `dated`."""
    table = Table(title=title, title_justify="left", header_style="bold")
    for heading in (*(("published",) if dated else ()), *_HEADINGS):
        table.add_column(heading, overflow="fold", justify="right" if heading == "amount" else "left")
    return table


def fact_table(rows: Sequence[tuple[str, object]]) -> Table:
    """Give a borderless table of names and facts; a fact that is None is left out."""
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, fact in rows:
        if fact is not None:
            table.add_row(name, cell(fact))
    return table
