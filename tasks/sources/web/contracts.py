"""What an answer has to be before it is used: the right kind, whole, and no page that keeps robots out."""

import json
import re
from datetime import date, timedelta
from typing import Any

from models.encodings import decode_answer
from models.errors import ContractError
from models.values import RawDocument

# Titles and marks of pages that a server sends with status 200 in the place of what was asked for.
_CHALLENGE = re.compile(
    r"<title>[^<]*(?:安全验证|访问验证|验证码|人机验证|访问受限|拒绝访问|页面不存在|系统繁忙|Just a moment|"
    r"Attention Required|Access Denied|Forbidden|Not Found|Bad Gateway|Service Unavailable|Error)[^<]*</title>"
    r"|id=[\"']?(?:captcha|challenge-form|cf-challenge)\b|/cdn-cgi/challenge-platform/",
    re.IGNORECASE,
)
_HTML = re.compile(r"\s*(?:<!doctype\s+html|<html|<head|<body)", re.IGNORECASE)
_END = re.compile(r"</html\s*>\s*(?:<!--.*?-->\s*)*\Z", re.IGNORECASE | re.DOTALL)
_TAIL = 2000
_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})\d{6,}")
# A post may be dated in another zone than its info code; further apart, one of the two is wrong.
_NEAR = timedelta(days=2)


def text_of(document: RawDocument) -> str:
    """Give the characters of an answer. Raises ContractError for bytes that are no text."""
    try:
        return decode_answer(document.content, document.header("content-type"))[0]
    except UnicodeDecodeError as error:
        got = f"bytes that are none at {error.start}"
        raise ContractError(document.source, document.location, "text", got) from error


def html_of(document: RawDocument) -> str:
    """Give the characters of a whole page. Raises ContractError for anything else."""
    text = text_of(document)
    if not _HTML.match(text):
        raise ContractError(document.source, document.location, "an HTML page", _shown(text))
    if found := _CHALLENGE.search(text[: 10 * _TAIL]):
        got = f"a challenge or error page: {_shown(found[0])}"
        raise ContractError(document.source, document.location, "a page with news", got)
    if not _END.search(text[-_TAIL:]):
        raise ContractError(document.source, document.location, "a whole page", f"one that ends {text[-40:]!r}")
    return text


def json_of(document: RawDocument) -> dict[str, Any]:
    """Give the object of a JSON answer. Raises ContractError for anything else."""
    text = text_of(document)
    if text.lstrip().startswith("<"):
        raise ContractError(document.source, document.location, "JSON", f"HTML: {_shown(text)}")
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ContractError(document.source, document.location, "whole JSON", _broken(text, error)) from error
    if not isinstance(content, dict):
        raise ContractError(document.source, document.location, "a JSON object", _shown(text))
    return content


def contradiction(info_code: str | None, day: date | None, today: date) -> str | None:
    """Say what is wrong with the day that a listing gives to an info code, None where nothing is.

    `contradiction("202204182347189049", date(2021, 4, 18), …)` → `the day 2021-04-18 for the info code …`.
    """
    if day is None:
        return None
    if day > today + _NEAR:
        return f"the day {day}, which is still to come"
    found = _DAY.match(info_code or "")
    try:
        coded = date(*map(int, found.groups())) if found else day
    except ValueError:
        return None
    return f"the day {day} for the info code {info_code}" if abs(day - coded) > _NEAR else None


def _broken(text: str, error: Exception) -> str:
    return f"{len(text):,} characters that end {text[-30:]!r} ({error})"


def _shown(text: str) -> str:
    return repr(" ".join(text.split())[:60])
