"""Decisions of the review as test cases: one JSON object a line, so that what was reviewed once stays right.

A case has these fields:

- `verdict`: "released" (the row must be read as it was) or "rejected" (it must not be published)
- `kind`: "article", "figure" or "number"
- `article`: `info_code`, `revision`, `published` (ISO, with its zone), `shape`, `title`, `text`, `mentions`, `faults`
- `sentence`: the sentence of the row, for a reader; null for an article
- `row`: the columns of the row as it was decided on; `start` and `end` count the characters of `article.text`
- `expectation`, `observed`: what it had failed
- `who`, `reason`, `decided`: who decided, why, and on which day
"""

import json
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from models.errors import SettingsError
from models.records import SHANGHAI, Row
from models.review_queries import Detail
from models.vocabulary import ReviewAction, RowKind

_OF_ARTICLE = ("info_code", "revision", "shape", "title", "text", "mentions", "faults", "published_from")
# The text of an article stands in the case already, and where its document lay is nothing to test.
_ELSEWHERE = ("text", "source", "location", "raw_sha256", "published_written", "link", "return_links")


def golden_cases(decided: Iterable[Detail]) -> list[dict[str, Any]]:
    """Give the cases of decided rows, by id; a row whose article is no longer kept has none."""
    return [_case(detail, detail.article) for detail in decided if detail.article is not None]


def write_cases(cases: Sequence[dict[str, Any]], target: Path | None) -> None:
    """Write cases as JSON lines into a file, or to standard output; raises SettingsError where that cannot be done."""
    content = "".join(json.dumps(case, ensure_ascii=False) + "\n" for case in cases)
    if target is None:
        sys.stdout.write(content)
        return
    try:
        target.write_text(content, encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"cannot write {target}: {error.strerror}", "name another with --output") from error


def _case(detail: Detail, article: Row) -> dict[str, Any]:
    entry = detail.columns
    decision = [each for each in detail.history if each["action"] != ReviewAction.REPLAY.value][-1]
    is_article = entry["row_kind"] == RowKind.ARTICLE.value
    return {
        "verdict": decision["state"],
        "kind": entry["row_kind"],
        "article": {name: article.get(name) for name in _OF_ARTICLE}
        | {"revision": entry["revision"], "published": _published(article)},
        "sentence": entry["sentence"],
        "row": {name: value for name, value in decision["row"].items() if not (is_article and name in _ELSEWHERE)},
        "expectation": entry["expectation"],
        "observed": entry["observed"],
        "who": decision["who"],
        "reason": decision["reason"],
        "decided": decision["decided_at"].astimezone(SHANGHAI).date().isoformat(),
    }


def _published(article: Row) -> str | None:
    stored = article["published"]
    moment = datetime.fromisoformat(stored) if isinstance(stored, str) else stored
    return None if moment is None else moment.astimezone(SHANGHAI).isoformat()
