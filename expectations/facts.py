"""What a run knows of a batch beside its rows."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class BatchFacts:
    """What the run knows of its documents, and for which days it asked.

    `documents` counts those that the source listed, `unreadable` those of them that gave no article,
    `unchanged` those whose article is published already as it is, so that nothing of it is staged. `since` and
    `until` are days of publication, both included, None where none was set; `today` is the day of the run in
    Asia/Shanghai, without which no day of the source is judged.
    """

    documents: int
    unreadable: int = 0
    unchanged: int = 0
    source: str | None = None
    since: date | None = None
    until: date | None = None
    today: date | None = None
