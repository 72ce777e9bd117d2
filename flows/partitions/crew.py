"""Processes that work on partitions, one at a time each; one that dies is replaced, and its partition tried again.

All are forked from one server of `multiprocessing` that has imported the heavy things once (4 s, 200 MB), and each
lives as long as the run. They hold nothing of the process that runs the flow: when that is gone, however that went,
they end their partition, see the end of their pipe, and end too.
"""

import gc
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import forkserver, get_context, resource_tracker
from multiprocessing.connection import Connection
from queue import Queue
from threading import Lock
from typing import Any

from flows.partitions.jobs import Job, Outcome, Work
from models.errors import TongbiError

_TRIES = 3
_PATIENCE = 5.0
_CONTEXT = get_context("forkserver")


def import_ahead() -> None:
    """Begin to import what a crew will need, in a process beside this one, which keeps the environment of now."""
    _CONTEXT.set_forkserver_preload(["flows.partitions.heavy"])
    resource_tracker.ensure_running()
    # A terminal interrupts the process beside this one too, and it would die of that with a traceback where it
    # still imports. What is blocked here is so for whom it starts; this process gets it a moment later.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class Crew:
    """Some processes; `work` may be called by as many threads at once."""

    def __init__(self, work: Work, size: int) -> None:
        self._members = [_Member(work) for _ in range(size)]
        self._idle: Queue[_Member] = Queue()
        self._is_dismissed = False
        for member in self._members:
            self._idle.put(member)

    def work(self, job: Job) -> Outcome:
        """Have a process work on the partition, and give what came of it.

        Raises TongbiError where the partition has ended three processes, and what the work itself raises.
        """
        member = self._idle.get()
        try:
            for _ in range(_TRIES):
                outcome = member.work(job)
                if outcome is not None:
                    return outcome
                died = member.bury()
                if self._is_dismissed:
                    break
                member.begin()
        finally:
            self._idle.put(member)
        raise TongbiError(f"the process that worked on {job.label} {died}", "see the machine's log, and its memory")

    def dismiss(self) -> None:
        """End all processes, at once those that still work."""
        self._is_dismissed = True
        for member in self._members:
            member.dismiss()


@contextmanager
def crew_of(work: Work, size: int) -> Iterator[Crew]:
    """Give a crew for the time of the block."""
    import_ahead()
    crew = Crew(work, size)
    try:
        yield crew
    finally:
        crew.dismiss()


class _Member:
    """One process and the pipe to it."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._is_busy = False
        self._ending = Lock()
        self.begin()

    def begin(self) -> None:
        self._connection, other_end = _CONTEXT.Pipe()
        self._process = _CONTEXT.Process(target=_serve, args=(other_end, self._work), daemon=True)
        self._process.start()
        other_end.close()

    def work(self, job: Job) -> Outcome | None:
        """Give what came of a job, None where the process is gone."""
        self._is_busy = True
        try:
            self._connection.send(job)
            outcome = self._connection.recv()
        except (EOFError, OSError):
            return None
        finally:
            self._is_busy = False
        if isinstance(outcome, BaseException):
            raise outcome
        found: Outcome = outcome
        return found

    def bury(self) -> str:
        """Say how the process ended."""
        code = self._join()
        self._connection.close()
        return f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with status {code}"

    def dismiss(self) -> None:
        if self._is_busy:
            self._process.terminate()
        else:
            self._connection.close()
        self._join()
        self._process.kill()

    def _join(self) -> int:
        # The fork server tells a status once: of two threads that wait, one would hear another.
        with self._ending:
            self._process.join(_PATIENCE)
            return self._process.exitcode or 0


def _serve(connection: "Connection[Any, Any]", work: Work) -> None:
    """Work on what comes until the other end is closed; an interruption is the parent's to handle."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()
    with suppress(EOFError, OSError):
        while True:
            job: Job = connection.recv()
            try:
                outcome: Outcome | Exception = work(job)
            except Exception as error:
                outcome = error
            connection.send(outcome)
