"""When an article was published: its front matter says it, else its info code, else its file name."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from models.vocabulary import DateOrigin

SHANGHAI = ZoneInfo("Asia/Shanghai")
_WRITTEN = re.compile(
    r"(?P<year>\d{4})[-/.年](?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?"
    r"(?:(?:T|\s+)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d+)?)?)?"
    r"\s*(?P<offset>Z|UTC|[+-]\d{2}:?\d{2})?",
)
_PARTS = ("year", "month", "day", "hour", "minute", "second")
_CODE_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})\d*$")
_NAME_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})-")
# A post may be dated in another zone than its info code; further apart, one of the two is wrong.
_NEAR = timedelta(days=2)
_PLACES = {DateOrigin.FRONT_MATTER: "front matter"}


@dataclass(frozen=True, slots=True)
class Publication:
    """When an article was published, in Asia/Shanghai, what says so, and what is wrong with that."""

    time: datetime | None
    origin: DateOrigin | None
    faults: tuple[str, ...]


def read_time(written: str) -> datetime | None:
    """Give the instant that `written` names, in Asia/Shanghai, and None where it names none.

    `2022-04-18 15:09:20 +0000` → `2022-04-18T23:09:20+08:00`. A time without an offset is one of
    Asia/Shanghai, a date without a time the beginning of that day.
    """
    found = _WRITTEN.fullmatch(written.strip())
    if not found:
        return None
    year, month, day, hour, minute, second = (int(found[part] or 0) for part in _PARTS)
    try:
        written_time = datetime(year, month, day, hour, minute, second, tzinfo=_zone(found["offset"]))
        return written_time.astimezone(SHANGHAI)
    except (ValueError, OverflowError):
        return None


def find_publication(
    written: str | None, info_code: str, file_name: str, origin: DateOrigin = DateOrigin.FRONT_MATTER
) -> Publication:
    """Give the publication time by the first that tells one: what is written (in `origin`), info code, file name.

    `find_publication(None, "202205262391921712", …)` is midnight of 2022-05-26, origin `info_code`, and a
    fault that says so.
    """
    by_code = _midnight(_CODE_DAY.match(info_code))
    by_name = _midnight(_NAME_DAY.match(file_name))
    wrong = f"the date {written!r} cannot be read" if written else f"no date in the {_PLACES.get(origin, 'document')}"
    if written and (time := read_time(written)):
        return Publication(time, origin, _contradictions(time, by_code, by_name))
    if by_code:
        return Publication(by_code, DateOrigin.INFO_CODE, (f"{wrong}: dated by the info code",))
    if by_name:
        return Publication(by_name, DateOrigin.FILE_NAME, (f"{wrong}: dated by the file name",))
    return Publication(None, None, (f"{wrong}, and neither info code nor file name has one",))


def _zone(offset: str | None) -> tzinfo:
    if offset is None:
        return SHANGHAI
    if offset in ("Z", "UTC"):
        return UTC
    digits = offset[1:].replace(":", "")
    distance = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-distance if offset.startswith("-") else distance)


def _midnight(found: re.Match[str] | None) -> datetime | None:
    if not found:
        return None
    try:
        day = date(*map(int, found.groups()))
    except ValueError:
        return None
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)


def _contradictions(time: datetime, by_code: datetime | None, by_name: datetime | None) -> tuple[str, ...]:
    told = {"info code": by_code, "file name": by_name}
    return tuple(
        f"dated {time:%Y-%m-%d}, but its {name} says {other:%Y-%m-%d}"
        for name, other in told.items()
        if other and abs(time - other) > _NEAR
    )
