"""Where the processor time of a partition goes."""

import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager


class Clock:
    """Processor seconds of this thread by part; what a part does inside another counts for itself alone."""

    def __init__(self) -> None:
        self._spent: defaultdict[str, float] = defaultdict(float)
        self._open: list[str] = []
        self._since = time.thread_time()

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Charge the time of the block to `name`."""
        self._charge()
        self._open.append(name)
        try:
            yield
        finally:
            self._charge()
            self._open.pop()

    def seconds(self) -> tuple[tuple[str, float], ...]:
        """Give what each part has taken."""
        return tuple(self._spent.items())

    def _charge(self) -> None:
        now = time.thread_time()
        if self._open:
            self._spent[self._open[-1]] += now - self._since
        self._since = now
