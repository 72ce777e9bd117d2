"""The task that has one partition worked on; what it does is one plain function, wherever it runs."""

from collections.abc import Callable
from typing import Any, Protocol

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed


class Told(Protocol):
    """What came of a partition, as far as Prefect's pages show it."""

    @property
    def is_good(self) -> bool:
        """Whether the partition was ended."""

    @property
    def message(self) -> str:
        """What came of it, in one line."""


@task(name="partition", task_run_name="partition {label}", cache_policy=NO_CACHE, persist_result=False)
def partition(label: str, work: Callable[[], Told]) -> State[Any]:
    """Do the work, and give Completed, or Failed with the reason, and what came of it in either."""
    outcome = work()
    ended = Completed if outcome.is_good else Failed
    return ended(message=f"{label}: {outcome.message}", data=outcome)
