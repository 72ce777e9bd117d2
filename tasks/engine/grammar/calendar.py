"""Arithmetic of days, weeks, months, quarters, years and festivals: pure, and never asks what day it is."""

from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from models.values import Period

_ONE_DAY = timedelta(days=1)

PeriodOfYear = Callable[[int], Period | None]


def day_period(day: date) -> Period:
    """Give the period that is this one day."""
    return Period(day, day)


def day_of(year: int, month: int, day: int) -> date | None:
    """Give the day, or None where the calendar has no such day (30 February, month 13)."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def months_period(year: int, first: int, last: int) -> Period | None:
    """Give the whole months `first` to `last`; 11 to 2 begins in the year before. None for a month like 13.

    >>> months_period(2021, 1, 9)
    Period(start=datetime.date(2021, 1, 1), end=datetime.date(2021, 9, 30))
    """
    if not (1 <= first <= 12 and 1 <= last <= 12):
        return None
    start_year = year - 1 if first > last else year
    return Period(date(start_year, first, 1), date(year, last, monthrange(year, last)[1]))


def month_from(year: int, month: int, offset: int) -> Period:
    """Give the month that lies `offset` months after the named one."""
    index = year * 12 + month - 1 + offset
    start = date(index // 12, index % 12 + 1, 1)
    return Period(start, date(start.year, start.month, monthrange(start.year, start.month)[1]))


def quarter_from(day: date, offset: int) -> Period:
    """Give the quarter that lies `offset` quarters after the one of `day`."""
    first = month_from(day.year, (day.month - 1) // 3 * 3 + 1, offset * 3).start
    return Period(first, month_from(first.year, first.month, 2).end)


def year_period(year: int, last: int | None = None) -> Period:
    """Give the whole year, or the whole years from `year` to `last`."""
    return Period(date(year, 1, 1), date(last or year, 12, 31))


def week_from(day: date, offset: int) -> Period:
    """Give the week, Monday to Sunday, that lies `offset` weeks after the one of `day`."""
    monday = day - timedelta(days=day.weekday()) + timedelta(weeks=offset)
    return Period(monday, monday + timedelta(days=6))


def week_ending(day: date) -> Period:
    """Give the seven days that end with `day`."""
    return Period(day - timedelta(days=6), day)


def months_ending(day: date, months: int) -> Period:
    """Give the `months` months that end with `day`: nine months to 2021-09-30 begin on 2021-01-01."""
    return Period(month_from(day.year, day.month, 1 - months).start, day)


def previous_trading_day(day: date) -> date:
    """Give the weekday before `day`; public holidays are not known here."""
    return day - timedelta(days={0: 3, 6: 2}.get(day.weekday(), 1))


def shift_day(day: date, days: int) -> date:
    """Give the day `days` later."""
    return day + days * _ONE_DAY


def shift_years(period: Period, years: int) -> Period:
    """Move a period by whole years; the end of a month stays the end of a month."""
    return Period(_same_day(period.start, years), _same_day(period.end, years))


def _same_day(day: date, years: int) -> date:
    year = day.year + years
    last = monthrange(year, day.month)[1]
    at_end = day.day == monthrange(day.year, day.month)[1] and day.day > 1
    return date(year, day.month, last if at_end else min(day.day, last))


def _candidates(of_year: PeriodOfYear, years: Iterator[int]) -> Iterator[Period]:
    return (period for period in map(of_year, years) if period)


def latest_over(of_year: PeriodOfYear, published: date, grace: int = 0) -> Period | None:
    """Give the latest yearly recurrence that is over on `published`, or is so `grace` days later.

    >>> latest_over(lambda year: months_period(year, 1, 9), date(2022, 4, 18))
    Period(start=datetime.date(2021, 1, 1), end=datetime.date(2021, 9, 30))
    """
    horizon = published + grace * _ONE_DAY
    years = iter(range(published.year + 1, published.year - 5, -1))
    return next((period for period in _candidates(of_year, years) if period.end <= horizon), None)


def latest_begun(of_year: PeriodOfYear, published: date) -> Period | None:
    """Give the latest yearly recurrence that has begun on `published`, over or not."""
    years = iter(range(published.year + 1, published.year - 5, -1))
    return next((period for period in _candidates(of_year, years) if period.start <= published), None)


def coming(of_year: PeriodOfYear, published: date, grace: int) -> Period | None:
    """Give the recurrence that a forecast speaks of: not over, or over for at most `grace` days."""
    horizon = published - grace * _ONE_DAY
    years = iter(range(published.year - 1, published.year + 6))
    return next((period for period in _candidates(of_year, years) if period.end >= horizon), None)


def nearest(of_year: PeriodOfYear, published: date) -> Period | None:
    """Give the recurrence nearest to `published`, before or after it: a festival spoken of in its season."""
    found = list(_candidates(of_year, iter(range(published.year - 1, published.year + 2))))
    return min(found, key=lambda period: distance(period, published), default=None)


def distance(period: Period, day: date) -> int:
    """Give the days between the day and the period; 0 within it."""
    return max((period.start - day).days, (day - period.end).days, 0)
