"""How far the partitions have come: told to the terminal that listens, and to a progress artifact in Prefect."""

import time
from typing import cast
from uuid import UUID

from prefect.artifacts import create_progress_artifact, update_progress_artifact

from flows.messages import counted
from flows.progress import say

# Each update is a request to Prefect's server.
_EVERY = 2.0


class Advance:
    """Counts what is done of a run; rate and time left are those of the documents."""

    def __init__(self, purpose: str, partitions: int, documents: int) -> None:
        self._partitions, self._documents = partitions, documents
        self._ended = self._done = 0
        self._began = self._told = time.monotonic()
        self._artifact = cast(UUID, create_progress_artifact(0.0, key=purpose, description=self._words()))
        self._say()

    def add(self, documents: int) -> None:
        """One more partition has ended."""
        self._ended += 1
        self._done += documents
        self._say()
        now = time.monotonic()
        if now - self._told >= _EVERY or self._ended == self._partitions:
            self._told = now
            share = 100.0 * self._ended / self._partitions
            update_progress_artifact(self._artifact, share, description=self._words())

    def _say(self) -> None:
        say("partitions", self._ended, self._partitions)
        say("documents", self._done, self._documents)

    def _words(self) -> str:
        words = f"{self._ended} of {counted(self._partitions, 'partition')}"
        words += f", {self._done:,} of {counted(self._documents, 'document')}"
        if not self._done:
            return words
        rate = self._done / max(time.monotonic() - self._began, 1e-9)
        left = (self._documents - self._done) / rate
        return f"{words}, {rate:,.0f} documents/s, {clock_time(left)} left"


def clock_time(seconds: float) -> str:
    """Write a duration.

    >>> clock_time(4000)
    '1:06:40'
    """
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}"
