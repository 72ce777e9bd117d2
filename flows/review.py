"""The flow `review`: what `tongbi quarantine release`, `reject` and `replay` do, for Prefect's pages."""

from datetime import UTC, datetime
from typing import Literal

from prefect import flow, get_run_logger
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from flows.ingest import whole
from flows.reviewer import decided_words, replay_words, reviewer
from flows.settings import make_home, read_settings
from models.corrections import read_corrections
from models.database import open_database
from models.errors import TongbiError
from models.objects import open_objects
from models.raw_archive import RawArchive
from models.review_queries import Wanted, find_ids
from models.reviewing import Ruling
from models.vocabulary import ReviewAction
from tasks.review import decide, replay


@flow(name="review", description="Decide on quarantined rows, or read them again.")
def review(
    action: Literal["release", "reject", "replay"],
    ids: list[int] | None = None,
    reason: str = "",
    who: str = "",
) -> State[str]:
    """Release, reject or replay rows of the quarantine.

    Completed says what was done. Failed says why nothing was decided, or which rows fail again.

    Args:
        action: release publishes the rows as they are, reject keeps them out for good, replay reads them again
        ids: the rows, by the numbers that `tongbi quarantine list` shows; a replay without any takes all open ones
        reason: why; it is kept with the decision
        who: who decides; the login name where it is empty
    """
    try:
        words, is_good = _done(ReviewAction(action), ids or [], reason, who)
    except TongbiError as error:
        words, is_good = str(error), False
    log = get_run_logger()
    (log.info if is_good else log.error)(words)
    return Completed(message=words, data=words) if is_good else Failed(message=words, data=words)


def _done(action: ReviewAction, ids: list[int], reason: str, who: str) -> tuple[str, bool]:
    """Do it, and say what was done and whether nothing is left to do."""
    settings = read_settings()
    make_home(settings)
    corrections = read_corrections(settings.corrections_file)
    engine = open_database(settings.database)
    now = datetime.now(UTC)
    try:
        if action is not ReviewAction.REPLAY:
            ruling = Ruling(action, reviewer(who), reason, now)
            return decided_words(decide(whole(engine), ids, whole(ruling))), True
        archive = RawArchive(engine, open_objects(settings.raw))
        chosen = ids or find_ids(engine, Wanted())
        done = replay(whole(archive), chosen, reviewer(who), reason or "replayed", whole(corrections), now)
        lines = [replay_words(done), *(f"{row.id}: {row.outcome}" for row in done.rows)]
        return "\n".join(lines), done.is_good
    finally:
        engine.dispose()
