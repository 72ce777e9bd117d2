"""Who reviews, and what came of it in words."""

import getpass
from typing import TYPE_CHECKING

from flows.messages import counted
from models.errors import ReviewError
from models.reviewing import Decided
from models.vocabulary import ReviewAction

if TYPE_CHECKING:
    from tasks.replaying import Replay


def reviewer(who: str) -> str:
    """Give the name that was given, else the login name; raises ReviewError where there is neither."""
    if who.strip():
        return who.strip()
    try:
        return getpass.getuser()
    except (KeyError, OSError) as error:
        raise ReviewError("the login has no name", "say who decides with --who") from error


def decided_words(decided: Decided, *, is_trial: bool = False) -> str:
    """Say what a decision did: "released 1 row, with 3 that go along: 4 rows published (batch 7)"."""
    verb = "released" if decided.action is ReviewAction.RELEASE else "rejected"
    along = f", with {len(decided.along)} that go along" if decided.along else ""
    if decided.published:
        done = f"{counted(decided.published, 'row')} published as {_it(decided.published)} stand"
        done += "s" if decided.published == 1 else ""
    elif decided.withdrawn:
        done = f"{counted(decided.withdrawn, 'row')} withdrawn"
    else:
        done = "kept out for good"
    batch = f" (batch {decided.batch_id})" if decided.batch_id and not is_trial else ""
    would = "would be " if is_trial else ""
    return f"{would}{verb}: {counted(len(decided.ids), 'row')}{along}; {done}{batch}"


def replay_words(replay: "Replay") -> str:
    """Say in one line what a replay changed, and where it did not."""
    settled = sum(row.is_settled for row in replay.rows)
    words = f"replayed {counted(len(replay.rows), 'row')}: {settled:,} settled, {len(replay.rows) - settled:,} open"
    if replay.lost:
        words += f"; {counted(replay.lost, 'article')} could not be read again"
    if replay.report is not None:
        words += f"; {replay.report.message}"
    return words


def _it(count: int) -> str:
    return "it" if count == 1 else "they"
