"""What a person writes for a period or a moment, and what is meant by it."""

import re
from calendar import monthrange
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from flows.messages import read_day
from models.errors import SettingsError
from models.values import Period

SHANGHAI = ZoneInfo("Asia/Shanghai")

_PERIOD = re.compile(
    r"(?P<year>\d{4})(?:[qQ](?P<quarter>[1-4])|[hH](?P<half>[12])|-(?P<month>\d{2})(?:-(?P<day>\d{2}))?)?", re.ASCII
)
_MOMENT = re.compile(
    r"\d{4}-\d{2}-\d{2}(?P<time>[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:\d{2})?)?", re.ASCII
)
_PERIOD_FORMS = "write it as 2022, 2022H1, 2022Q1, 2022-04, 2022-04-18, or 2022-01..2022-06 for all that lie between"
_MOMENT_FORMS = "write it as 2022-04-20T09:00, with +09:00 or Z where it is not the time of Shanghai"


def read_days(since: str | None, until: str | None) -> tuple[date | None, date | None]:
    """Read the first and the last day; raises `SettingsError` for what is no day, and where they are crossed."""
    first = read_day(since, "--since") if since else None
    last = read_day(until, "--until") if until else None
    if first and last and first > last:
        raise SettingsError(f"--since {first} is after --until {last}", "exchange them")
    return first, last


def read_period(written: str) -> tuple[Period, bool]:
    """Read a period, and whether all that lie within it are meant.

    >>> read_period("2022Q1")
    (Period(start=datetime.date(2022, 1, 1), end=datetime.date(2022, 3, 31)), False)
    >>> read_period("2022-01..2022-06")
    (Period(start=datetime.date(2022, 1, 1), end=datetime.date(2022, 6, 30)), True)

    Raises `SettingsError` for every other form, for days that no calendar has, and for an end before the beginning.
    """
    first, dots, last = written.partition("..")
    start, end = _days(first, written), _days(last if dots else first, written)
    if end[1] < start[0]:
        raise SettingsError(f"--period ends before it begins: {written}", _PERIOD_FORMS)
    return Period(start[0], end[1]), bool(dots)


def read_moment(written: str) -> datetime:
    """Read a moment, in Shanghai unless it says otherwise; a day alone means its end.

    >>> read_moment("2022-04-20T09:00").isoformat(), read_moment("2022-04-20").isoformat()
    ('2022-04-20T09:00:00+08:00', '2022-04-20T23:59:59.999999+08:00')

    Raises `SettingsError` for every other form, and for times that no calendar has.
    """
    found = _MOMENT.fullmatch(written)
    try:
        moment = datetime.fromisoformat(written) if found else None
    except ValueError:
        moment = None
    if found is None or moment is None:
        raise SettingsError(f"--as-of is {written!r}, which is no time", _MOMENT_FORMS)
    if not found["time"]:
        moment = datetime.combine(moment.date(), time.max)
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


def _days(part: str, written: str) -> tuple[date, date]:
    found = _PERIOD.fullmatch(part)
    try:
        days = _first_and_last(found) if found else None
    except ValueError:
        days = None
    if days is None:
        raise SettingsError(f"--period is {written!r}, which is no period", _PERIOD_FORMS)
    return days


def _first_and_last(found: re.Match[str]) -> tuple[date, date]:
    """Give the first and the last day of a year, half, quarter, month or day."""
    year, quarter, half, month, day = (None if group is None else int(group) for group in found.groups())
    assert year is not None
    if day is not None and month is not None:
        return date(year, month, day), date(year, month, day)
    months = 3 if quarter else 6 if half else 1 if month else 12
    first = month or ((quarter or half or 1) - 1) * months + 1
    last = first + months - 1
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])
