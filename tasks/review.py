"""The tasks of a review: decisions on quarantined rows, and their replay."""

from collections.abc import Sequence
from datetime import datetime

from prefect import task
from prefect.cache_policies import NO_CACHE
from sqlalchemy import Engine

from models.corrections import Corrections
from models.raw_archive import RawArchive
from models.reviewing import Decided, Ruling
from models.reviewing import decide as decided
from tasks.engine import ENGINE_VERSION
from tasks.replaying import Replay, replay_rows


@task(
    name="decide", description="Release or reject quarantined rows, and keep who, when and why.", cache_policy=NO_CACHE
)
def decide(engine: Engine, ids: Sequence[int], ruling: Ruling) -> Decided:
    """Release or reject rows of the quarantine; raises ReviewError and DatabaseError."""
    return decided(engine, ids, ruling, ENGINE_VERSION)


@task(name="replay", description="Read quarantined rows again out of the raw archive.", cache_policy=NO_CACHE)
def replay(
    archive: RawArchive, ids: Sequence[int], who: str, reason: str, corrections: Corrections, now: datetime
) -> Replay:
    """Replay rows of the quarantine; raises ReviewError and DatabaseError."""
    return replay_rows(archive, ids, who, reason, corrections, now)
