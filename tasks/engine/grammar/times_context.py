"""What a text has named so far, and what follows an expression: 末, 初, 上旬, 以来, 止九个月."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from models.values import Period
from tasks.engine.grammar import calendar
from tasks.engine.grammar.times_meaning import Meaning

# For what happened, for what lies ahead.
Both = tuple[Period | None, Period | None]
NOTHING: Both = (None, None)
# A day so shortly before publication is the day of the news, whatever year the sentence speaks of.
NEWS_DAYS = 7


@dataclass(slots=True)
class Context:
    """What the text has named so far; `year` and `month` hold for the rest of the sentence."""

    published: date
    year: int | None = None
    month: date | None = None
    last_year: int | None = None
    last_span: Period | None = None
    last_day: date | None = None
    last_weekday: date | None = None

    @property
    def day(self) -> date:
        """Give the day that 当日 means."""
        return self.last_day or self.published


def twice(period: Period | None) -> Both:
    """Give the same period for what happened and for what lies ahead."""
    return period, period


def tailed(period: Period, meaning: Meaning, published: date) -> Period:
    """Give what the period becomes with all that follows it: 末, 以来, …"""
    period = edged(period, meaning)
    return to_now(period, published) if meaning.since else period


def edged(period: Period, meaning: Meaning) -> Period:
    """Give what the period becomes with what follows it, 以来 left aside."""
    if meaning.point:
        period = _POINTS[meaning.point](period)
    if meaning.ending_months > 0:
        return calendar.months_ending(period.end, meaning.ending_months)
    return calendar.week_ending(period.end) if meaning.ending_months < 0 else period


_POINTS: dict[str, Callable[[Period], Period]] = {
    "end": lambda period: calendar.day_period(period.end),
    "start": lambda period: calendar.day_period(period.start),
    "first_ten": lambda period: Period(period.start, calendar.shift_day(period.start, 9)),
    "second_ten": lambda period: Period(calendar.shift_day(period.start, 10), calendar.shift_day(period.start, 19)),
    "third_ten": lambda period: Period(calendar.shift_day(period.start, 20), period.end),
}


def to_now(period: Period, published: date) -> Period:
    """Run the period on to the publication, unless it lies behind it."""
    return Period(period.start, published) if period.start <= published else period
