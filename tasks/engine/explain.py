"""Why a text reads as it does: the steps of each figure, and for each other number why it is none."""

from dataclasses import dataclass
from datetime import date

from models.values import Figure, Number, Reading
from models.vocabulary import Role


@dataclass(frozen=True, slots=True)
class Explanation:
    """A reading and the lines that explain it, in text order."""

    reading: Reading
    lines: tuple[str, ...]


def explain_reading(text: str, published: date, reading: Reading) -> Explanation:
    """Give the explanation of a reading: one line a number, and below each figure how its fields came about.

    >>> # 5亿元  level 500000000 CNY  ← 营收 of 公司
    """
    figures = {figure.start: figure for figure in reading.figures}
    lines = [f"published {published.isoformat()}, {len(reading.figures)} figures, {len(reading.numbers)} numbers"]
    for number in reading.numbers:
        figure = figures.get(number.start)
        if number.role is Role.FIGURE and figure is not None:
            lines += _figure_lines(figure)
        else:
            lines.append(_number_line(number))
    return Explanation(reading, tuple(lines))


def _figure_lines(figure: Figure) -> list[str]:
    value = f"{figure.value:f}" if figure.value is not None else f"{figure.low:f} … {figure.high:f}"
    period = f"{figure.period.start} … {figure.period.end}" if figure.period else "no period"
    return [
        f"{figure.text} [{figure.start}:{figure.end}] is a {figure.kind}: {value} {figure.unit}, {figure.bound}",
        f"    of {figure.subject or '(nobody named)'}, measure {figure.metric or '(the thing itself)'}",
        f"    {period}, {figure.status}" + (f", against {figure.basis}" if figure.basis else ""),
        f"    because: {' → '.join(rule for rule in figure.rules if rule)}",
    ]


def _number_line(number: Number) -> str:
    reason = f": {number.reason}" if number.reason else ""
    return f"{number.text} [{number.start}:{number.end}] is no figure but {number.role}{reason}"
