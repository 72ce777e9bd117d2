"""Which days a time expression names, given the day of publication and what the text named before."""

from collections.abc import Callable
from datetime import date
from functools import lru_cache

from models.values import Period
from tasks.engine.grammar import calendar
from tasks.engine.grammar.times_context import NEWS_DAYS, NOTHING, Both, Context, tailed, twice
from tasks.engine.grammar.times_meaning import Meaning
from tasks.engine.grammar.times_yearly import EARLY, YEARLY, resolve_yearly


def resolve(meaning: Meaning, context: Context, compared: bool = False, upcoming: bool = False) -> Both | None:
    """Give the periods that an expression names; None where it names a day that does not exist (2月30日).

    A pair of None says that the expression names no days (近日, 3个月, 报告期内). `compared`: it is the
    base of a comparison (较同期), so that a bare 同期 lies a year back. `upcoming`: what follows is still to
    come (12月会议).
    """
    if meaning.kind in YEARLY:
        return resolve_yearly(meaning, context, upcoming)
    if meaning.kind == "same":
        return _same_period(meaning, context, compared)
    resolver = _RESOLVERS.get(meaning.kind)
    if resolver is None:
        return NOTHING
    both = resolver(meaning, context)
    if both is None or not (meaning.point or meaning.since or meaning.ending_months):
        return both
    past, ahead = (tailed(period, meaning, context.published) if period else None for period in both)
    return past, ahead


def _same_period(meaning: Meaning, context: Context, compared: bool) -> Both:
    span = context.last_span or (context.last_day and calendar.day_period(context.last_day))
    if not span:
        return NOTHING
    if meaning.year is None:
        return twice(calendar.shift_years(span, -1) if compared else span)
    absolute = meaning.year.anchor == "absolute"
    years = meaning.year.offset - span.start.year if absolute else meaning.year.offset
    return twice(calendar.shift_years(span, years))


def _day_of_month(meaning: Meaning, context: Context) -> Both | None:
    first, last = meaning.a, meaning.b or meaning.a
    if context.month:
        named = _days_in_month(first, last, context.month.replace(day=1))
        if named and named.end <= context.published:
            return twice(named)
    return _nearest_days(first, last, context.published)


@lru_cache(maxsize=4096)
def _nearest_days(first: int, last: int, published: date) -> Both:
    """Give the latest such days that are over, and the next ones; the latest twice if only just over."""
    months = (calendar.month_from(published.year, published.month, n).start for n in range(-3, 4))
    found = [period for month in months if (period := _days_in_month(first, last, month))]
    past = max((p for p in found if p.end <= published), key=lambda p: p.end, default=None)
    ahead = min((p for p in found if p.end >= published), key=lambda p: p.end, default=None)
    recent = past is not None and calendar.distance(past, published) <= NEWS_DAYS
    return past, past if recent else ahead


def _days_in_month(first: int, last: int, month: date) -> Period | None:
    """Give the days of a month; 28 to 3 begins in the month before."""
    start_month = month if first <= last else calendar.month_from(month.year, month.month, -1).start
    start = calendar.day_of(start_month.year, start_month.month, first)
    end = calendar.day_of(month.year, month.month, last)
    return Period(start, end) if start and end else None


def _weekday(meaning: Meaning, context: Context) -> Both:
    week = calendar.week_from(context.published, meaning.b)
    day = calendar.shift_day(week.start, meaning.a)
    if meaning.name:
        return twice(calendar.day_period(day))
    past = day if day <= context.published else calendar.shift_day(day, -7)
    if context.last_weekday and (past - context.last_weekday).days >= 5:
        # 周五 … 在此之前周四: the Thursday before that Friday.
        past = calendar.shift_day(past, -7)
    ahead = day if day >= context.published else calendar.shift_day(day, 7)
    return calendar.day_period(past), calendar.day_period(ahead)


def _fiscal_quarter(meaning: Meaning, context: Context) -> Both:
    """Give the calendar quarter that was last over: companies report soon after their fiscal quarter."""
    year = meaning.year.offset if meaning.year and meaning.year.anchor == "absolute" else None
    if year and abs(year - context.published.year) > 1:
        return twice(calendar.months_period(year, 3 * meaning.a - 2, 3 * meaning.a))
    return twice(calendar.quarter_from(context.published, -1))


def _month_word(meaning: Meaning, context: Context) -> Both | None:
    reference = context.published
    if meaning.kind == "named_month" and context.month:
        reference = context.month
    month = calendar.month_from(reference.year, reference.month, meaning.a)
    if not meaning.b:
        return twice(month)
    days = _days_in_month(meaning.b, meaning.c or meaning.b, month.start)
    return twice(days) if days else None


def _named_year(_: Meaning, context: Context) -> Both:
    if context.last_year:
        return twice(calendar.year_period(context.last_year))
    past = calendar.latest_over(calendar.year_period, context.published, EARLY["quarter"])
    return past, calendar.year_period(context.published.year)


def _named_week(_: Meaning, context: Context) -> Both:
    span = context.last_span
    if span and (span.end - span.start).days == 6:
        return twice(span)
    return twice(calendar.week_from(context.day, 0))


def _month_edge(meaning: Meaning, context: Context) -> Both:
    month = calendar.month_from(context.published.year, context.published.month, 0)
    if not meaning.a:
        return twice(calendar.day_period(month.start))
    before = calendar.month_from(month.start.year, month.start.month, -1)
    past = month if context.published == month.end else before
    return calendar.day_period(past.end), calendar.day_period(month.end)


def _year_to_date(_: Meaning, context: Context) -> Both:
    year = calendar.year_period(context.published.year)
    return Period(year.start, context.published), year


def _day_after(day: date, days: int) -> Both:
    return twice(calendar.day_period(calendar.shift_day(day, days)))


_RESOLVERS: dict[str, Callable[[Meaning, Context], Both | None]] = {
    "day": lambda meaning, context: _day_after(context.published, meaning.a),
    "now": lambda _, context: _day_after(context.published, 0),
    "session": lambda _, context: _day_after(context.published, 0),
    "named_day": lambda meaning, context: _day_after(context.day, meaning.a),
    "base_day": lambda meaning, context: _day_after(context.day, meaning.a),
    "base_trading_day": lambda _, context: _day_after(calendar.previous_trading_day(context.day), 0),
    "week": lambda meaning, context: twice(calendar.week_from(context.published, meaning.a)),
    "base_week": lambda meaning, context: twice(calendar.week_from(context.published, meaning.a)),
    "quarter_word": lambda meaning, context: twice(calendar.quarter_from(context.published, meaning.a)),
    "base_quarter": lambda meaning, context: twice(calendar.quarter_from(context.published, meaning.a)),
    "fiscal_quarter": _fiscal_quarter,
    "month_word": _month_word,
    "base_month": _month_word,
    "named_month": _month_word,
    "named_week": _named_week,
    "named_year": _named_year,
    "weekday": _weekday,
    "day_of_month": _day_of_month,
    "month_edge": _month_edge,
    "year_to_date": _year_to_date,
    "years": lambda meaning, _: (
        twice(calendar.year_period(meaning.a, meaning.b)) if meaning.a <= meaning.b else NOTHING
    ),
}
