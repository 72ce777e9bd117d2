"""The parts of a year (month, quarter, half, festival, …): which one is meant where the year is not said."""

from collections.abc import Callable
from datetime import date
from functools import cache, lru_cache, partial

from models.values import Period
from tasks.engine.grammar import calendar
from tasks.engine.grammar.times_context import NEWS_DAYS, NOTHING, Both, Context, edged, to_now, twice
from tasks.engine.grammar.times_meaning import Meaning
from tasks.engine.grammar.times_rules import lexicon

# How many days after its end a period without a year is still what a forecast speaks of: the preview of
# last quarter.
_GRACE = {"day": 45, "week": 45, "month": 45, "quarter": 92, "half": 62, "instant": 31}
# How many days before its end a period already counts as over: figures of December come out in its last days.
EARLY = {"month": 5, "quarter": 5, "half": 5}
# So near to a festival, news about it speak of the one to come.
_SEASON_DAYS = 60


def resolve_yearly(meaning: Meaning, context: Context, upcoming: bool) -> Both | None:
    """Give the periods of a part of a year; None where there is no such day (2月30日)."""
    year = _year_of(meaning, context)
    if year is None:
        return _without_year(meaning, context, _grace(meaning, upcoming))
    period = None if _runs_backwards(meaning) else _of_year(meaning, year)
    if period is None:
        return NOTHING if meaning.kind == "festival" else None
    return twice(to_now(period, context.published) if meaning.since else period)


def _runs_backwards(meaning: Meaning) -> bool:
    """Tell whether months of a named year run backwards: 2021年9月至3月 may be meant in two ways."""
    named = meaning.year is not None and meaning.year.anchor == "absolute"
    return named and meaning.kind == "months" and meaning.a > meaning.b


def _grace(meaning: Meaning, upcoming: bool) -> int:
    # 年底 of a forecast is always the one to come.
    return 0 if upcoming or meaning.kind == "year_end" else _GRACE.get(meaning.grain, 0)


def _year_of(meaning: Meaning, context: Context) -> int | None:
    if meaning.year is None:
        return context.published.year if meaning.kind == "year_start" else None
    if meaning.year.anchor == "absolute":
        return meaning.year.offset
    named = context.last_year if meaning.year.anchor == "named" else None
    return (named or context.published.year) + meaning.year.offset


@lru_cache(maxsize=4096)
def _of_year(meaning: Meaning, year: int) -> Period | None:
    period = YEARLY[meaning.kind](meaning, year)
    return period and edged(period, meaning)


def _without_year(meaning: Meaning, context: Context, grace: int) -> Both | None:
    by_date = _by_publication(meaning, context.published, grace)
    if by_date is None or context.year is None:
        return by_date
    named = _of_year(meaning, context.year)
    if named is None or _is_news(meaning, named, by_date[0], context):
        return by_date
    if meaning.since:
        return twice(to_now(named, context.published))
    return (by_date[0] if named.start > context.published else named), named


def _is_news(meaning: Meaning, named: Period, recent: Period | None, context: Context) -> bool:
    """Say whether the recent period is meant, not that of the year named before in the sentence.

    A day of the last week is the day of the news; and after 2021年12月 a 1月 is the one that followed.
    """
    if recent is None:
        return False
    age = calendar.distance(recent, context.published)
    if meaning.grain == "day" and age <= NEWS_DAYS:
        return True
    follows = context.month is not None and named.start.month < context.month.month
    return follows and age <= _GRACE["month"] and recent.start.year == named.start.year + 1


@lru_cache(maxsize=4096)
def _by_publication(meaning: Meaning, published: date, grace: int) -> Both | None:
    of_year = partial(_of_year, meaning)
    if meaning.kind == "festival":
        return _season(of_year, published)
    if meaning.since:
        begun = calendar.latest_begun(of_year, published)
        return twice(Period(begun.start, published)) if begun else None
    ahead = calendar.coming(of_year, published, grace)
    if ahead is None:
        return None
    current = of_year(published.year) if meaning.kind == "months" and meaning.a == meaning.b else None
    if current and current.start <= published <= current.end:
        return current, current
    return calendar.latest_over(of_year, published, EARLY.get(meaning.grain, 0)), ahead


def _season(of_year: calendar.PeriodOfYear, published: date) -> Both:
    """Give the festival of the season: the nearest, even if it is still to come (春节 in January)."""
    near = calendar.nearest(of_year, published)
    if near and calendar.distance(near, published) <= _SEASON_DAYS:
        return twice(near)
    return calendar.latest_begun(of_year, published), calendar.coming(of_year, published, 0)


def _month_days(meaning: Meaning, year: int) -> Period | None:
    first = calendar.day_of(year, meaning.a, meaning.b)
    last = calendar.day_of(year, meaning.a, meaning.c or meaning.b)
    return Period(first, last) if first and last and first <= last else None


def _festival_days(meaning: Meaning, year: int) -> Period | None:
    if "/" in meaning.name:
        first, last = (date.fromisoformat(f"{year}-{day}") for day in meaning.name.split("/"))
        return Period(first, last)
    return _festivals(meaning.name, meaning.a).get(year)


@cache
def _festivals(name: str, lunar_day: int) -> dict[int, Period]:
    """Give the days of a festival of the lunar calendar by year."""
    tables = lexicon()
    if name in tables:
        days = map(date.fromisoformat, tables[name]["days"])
        return {day.year: calendar.day_period(day) for day in days}
    found = {}
    for year, written in tables["new_years"].items():
        first, holiday, holiday_end = map(date.fromisoformat, written)
        span = tables["new_year_spans"].get(name)
        if span:
            found[int(year)] = Period(calendar.shift_day(first, span[0]), calendar.shift_day(first, span[1]))
        elif name == "lunar_day":
            found[int(year)] = calendar.day_period(calendar.shift_day(first, lunar_day - 1))
        else:
            found[int(year)] = Period(holiday, holiday_end)
    return found


YEARLY: dict[str, Callable[[Meaning, int], Period | None]] = {
    "month_day": _month_days,
    "months": lambda meaning, year: calendar.months_period(year, meaning.a, meaning.b),
    "quarter": lambda meaning, year: calendar.months_period(year, 3 * meaning.a - 2, 3 * meaning.a),
    "quarters": lambda meaning, year: calendar.months_period(year, 3 * meaning.a - 2, 3 * meaning.b),
    "half": lambda meaning, year: calendar.months_period(year, 6 * meaning.a - 5, 6 * meaning.a),
    "year": lambda _, year: calendar.year_period(year),
    "whole": lambda _, year: calendar.year_period(year),
    "year_start": lambda _, year: calendar.day_period(date(year, 1, 1)),
    "year_end": lambda _, year: calendar.day_period(date(year, 12, 31)),
    "festival": _festival_days,
}
