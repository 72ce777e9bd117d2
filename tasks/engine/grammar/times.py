"""Find the time expressions of a text and resolve them: dates, periods, times of day, durations, ages.

The order of the work: one scan finds the forms of times.toml; each is read by itself (`times_meaning`),
resolved against the publication day and what the text named before (`times_resolve`), and joined with its
neighbour where the two are one expression (11月22日至26日, 周五（12月31日）).
"""

import re
from dataclasses import replace
from datetime import date
from functools import cache

from models.values import Period
from models.vocabulary import Role
from tasks.engine.grammar import calendar
from tasks.engine.grammar.times_context import Both, Context
from tasks.engine.grammar.times_meaning import Meaning, read_expression
from tasks.engine.grammar.times_resolve import resolve
from tasks.engine.grammar.times_rules import fill, lexicon, matches
from tasks.engine.values import value

_LOOK_BEHIND, _LOOK_AHEAD = 14, 10
_BASE_KINDS = ("base_trading_day", "base_day", "base_week", "base_month", "base_quarter")
_LONG_GRAINS = ("week", "month", "quarter", "half", "year", "years", "since", "festival")
# Of two forms of one day, 周五（12月31日), the one that says more.
_EXPLICIT = {"month_day": 2, "iso_date": 2, "year": 2, "day_of_month": 1}


@value
class TimeExpression:
    """A time expression: its offsets in the text, what it is, and the days that it names.

    `past` holds where the figure is a fact, `ahead` where it is a forecast or a target: 前三季度 in April
    2022 is 2021-01-01 … 2021-09-30 or 2022-01-01 … 2022-09-30. Both are None for what names no days (3个月,
    近日, 报告期内) and for dates that do not exist (role MALFORMED). `grain` is day, week, month, quarter,
    half, year, years, since, instant, festival or empty; `anchor` is span, as_of, since, now, session (截至收盘),
    base, report, vague, or empty for what is no date.
    """

    start: int
    end: int
    role: Role
    rule: str
    past: Period | None
    ahead: Period | None
    grain: str
    anchor: str


def find_times(text: str, published: date) -> list[TimeExpression]:
    """Give the time expressions of a folded text in text order; they do not overlap.

    >>> [found] = find_times("截至2021年9月末", date(2022, 4, 18))
    >>> (found.start, found.end, found.anchor, found.past.start.isoformat())
    (0, 10, 'as_of', '2021-09-30')
    """
    context = Context(published)
    found: list[TimeExpression] = []
    end = 0
    for match in matches(text):
        if (context.year or context.month) and _sentence_end().search(text, end, match.start()):
            context.year = context.month = None
        expression = _expression(text, match, end, context)
        joined = _join(text, found[-1], expression) if found else None
        if joined:
            found[-1] = joined
        else:
            found.append(expression)
        end = found[-1].end
    return found


def _expression(text: str, match: re.Match[str], floor: int, context: Context) -> TimeExpression:
    meaning = read_expression(match.lastgroup or "", match.group())
    if meaning.role is Role.DATE:
        return _date(text, match.start(), match.end(), floor, meaning, context)
    return TimeExpression(*match.span(), meaning.role, meaning.rule, None, None, meaning.grain, "")


def _date(text: str, start: int, end: int, floor: int, meaning: Meaning, context: Context) -> TimeExpression:
    after = text[end : end + _LOOK_AHEAD]
    turned = start > floor and text[start - 1] in _ends()
    before = text[max(floor, start - _LOOK_BEHIND) : start] if turned else ""
    compared = turned and _is_compared(before, after)
    both = resolve(meaning, context, compared, meaning.grain == "month" and bool(_meeting().match(after)))
    if both is None:
        return TimeExpression(start, end, Role.MALFORMED, meaning.rule, None, None, "", "span")
    anchor = _anchor(meaning, compared, after)
    if anchor not in ("base", "session"):
        _remember(meaning, both, context)
    words = _as_of().search(before) if turned else None
    if not words:
        return TimeExpression(start, end, Role.DATE, meaning.rule, *both, meaning.grain, anchor)
    return _as_of_date(start - len(words.group()), end, meaning, both, context.published)


def _as_of_date(start: int, end: int, meaning: Meaning, both: Both, published: date) -> TimeExpression:
    """Give the one day that 截至 makes of a period: its last, or the publication where it is not over."""
    if meaning.ending_months or meaning.since:
        anchor = "since" if meaning.since else "span"
        return TimeExpression(start, end, Role.DATE, meaning.rule, *both, meaning.grain, anchor)
    past, ahead = (period and calendar.day_period(_last_day(period, published)) for period in both)
    return TimeExpression(start, end, Role.DATE, meaning.rule, past, ahead, "instant", "as_of")


def _last_day(period: Period, published: date) -> date:
    return published if period.start <= published < period.end else period.end


@cache
def _ends() -> frozenset[str]:
    return frozenset(lexicon()["context"]["ends"])


@cache
def _as_of() -> re.Pattern[str]:
    return re.compile(lexicon()["context"]["as_of"])


@cache
def _sentence_end() -> re.Pattern[str]:
    return re.compile(lexicon()["context"]["sentence_end"])


@cache
def _comparison() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    words = lexicon()["context"]
    return re.compile(words["base"]), re.compile(words["with"]), re.compile(words["with_after"])


@cache
def _meeting() -> re.Pattern[str]:
    return re.compile(lexicon()["context"]["meeting"])


@cache
def _record() -> re.Pattern[str]:
    return re.compile(lexicon()["context"]["record"])


def _is_compared(before: str, after: str) -> bool:
    """Say whether the expression is what something is compared with: 较上年末, 与2019年相比."""
    base, with_, with_after = _comparison()
    return bool(base.search(before) or (with_.search(before) and with_after.match(after)))


def _anchor(meaning: Meaning, compared: bool, after: str) -> str:
    if compared or meaning.kind in _BASE_KINDS or _is_earlier(meaning):
        return "base"
    if meaning.since or meaning.kind == "year_to_date":
        # 创2020年以来新高 measures a record, it is not the time of the figure.
        return "base" if _record().match(after) else "since"
    if meaning.kind in ("vague", "report", "now", "session"):
        return meaning.kind
    if meaning.kind == "day" and meaning.a == 0:
        return "now"
    return "as_of" if meaning.grain == "instant" else "span"


def _is_earlier(meaning: Meaning) -> bool:
    """Say whether the expression is 去年同期 or 上年, which speak of a year only to compare with it."""
    if meaning.year is None:
        return False
    return meaning.kind == "same" or (meaning.year.anchor == "named" and meaning.year.offset < 0)


def _remember(meaning: Meaning, both: Both, context: Context) -> None:
    """Keep what the expressions that follow may rest on."""
    period = both[0] or both[1]
    if period is None:
        return
    if meaning.year or meaning.kind == "years":
        context.year = context.last_year = period.start.year
    if meaning.grain in ("day", "month"):
        context.month = period.start
    if meaning.grain in _LONG_GRAINS and not meaning.since:
        context.last_span = period
    elif meaning.grain in ("day", "instant"):
        context.last_day = period.end
    if meaning.kind == "weekday":
        context.last_weekday = period.end


def _join(text: str, left: TimeExpression, right: TimeExpression) -> TimeExpression | None:
    """Make one expression of two neighbours, or None where they are two."""
    if not (left.past and right.past):
        return None
    between = text[left.end : right.start]
    if len(between) > 2 or "base" in (left.anchor, right.anchor):
        return None
    if not between:
        return _until(left, right)
    if between in lexicon()["context"]["brackets"]:
        return _bracketed(text, left, right)
    return _range(left, right) if _separator().fullmatch(between) else None


@cache
def _separator() -> re.Pattern[str]:
    return re.compile(fill("{sep}"))


def _until(left: TimeExpression, right: TimeExpression) -> TimeExpression | None:
    """Join 12月以来 and 截至28日."""
    if left.anchor != "since" or right.anchor != "as_of":
        return None
    return _spanning(left, right, anchor="since", grain="since")


def _bracketed(text: str, left: TimeExpression, right: TimeExpression) -> TimeExpression | None:
    """Join 周五 and （12月31日）: the same day twice."""
    closing = text[right.end : right.end + 1]
    if closing not in lexicon()["context"]["closing"] or {left.grain, right.grain} - {"day", "instant"}:
        return None
    said = right if _EXPLICIT.get(right.rule, 0) > _EXPLICIT.get(left.rule, 0) else left
    return replace(left, end=right.end + 1, past=said.past, ahead=said.past if right is said else said.ahead)


def _range(left: TimeExpression, right: TimeExpression) -> TimeExpression | None:
    """Join 11月22日 and 26日 across 至."""
    if "since" in (left.anchor, right.anchor):
        return None
    grain = right.grain if right.grain != "year" else "years"
    return _spanning(left, right, anchor="span", grain=grain)


def _spanning(left: TimeExpression, right: TimeExpression, anchor: str, grain: str) -> TimeExpression | None:
    past, ahead = _between(left.past, right.past), _between(left.ahead, right.ahead)
    if past is None:
        return None
    return replace(left, end=right.end, past=past, ahead=ahead, anchor=anchor, grain=grain)


def _between(first: Period | None, last: Period | None) -> Period | None:
    """Give first to last; a last that lies before runs into the next year (12月至1月)."""
    if first is None or last is None:
        return None
    end = last.end if last.end >= first.start else calendar.shift_years(last, 1).end
    return Period(first.start, end) if end >= first.start else None
