"""Lines read by several processes: each line once, the outcomes in their order, a process that dies replaced."""

import signal
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import chain, count, islice
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from typing import Any

from flows.extraction import Line, Outcome
from models.errors import TongbiError

Work = Callable[[Line], Outcome]

# A chunk is worth its way to another process and back, and so small that the last ones are done together.
_CHUNK_LINES = 64
_CHUNK_BYTES = 256 * 1024
# How many chunks a process may have done before their turn comes: it bounds the memory.
_AHEAD = 4
_PATIENCE = 5.0
# A child of a plain start holds nothing of its parent, and sees by the end of its pipe that the parent is gone.
_CONTEXT = get_context("spawn")


def read_in_order(lines: Iterable[Line], work: Work, jobs: int) -> Generator[Outcome]:
    """Give the outcome of each line in the order of the lines, `jobs` processes at work.

    A line whose process dies has an outcome that says so, and the other lines are read all the same. Raises
    `TongbiError` where no process can be started.
    """
    if jobs == 1:
        yield from map(work, lines)
        return
    chunks = _chunks(lines)
    # No more processes than there are chunks for.
    first = list(islice(chunks, jobs))
    with _crew(work, len(first)) as crew:
        yield from _through(crew, enumerate(chain(first, chunks)))


def _chunks(lines: Iterable[Line]) -> Iterator[list[Line]]:
    chunk: list[Line] = []
    size = 0
    for line in lines:
        chunk.append(line)
        size += len(line.content)
        if len(chunk) == _CHUNK_LINES or size >= _CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _through(crew: "list[_Worker]", chunks: Iterator[tuple[int, list[Line]]]) -> Iterator[Outcome]:
    """Give what is done as soon as its turn has come, everybody at work meanwhile."""
    done: dict[int, list[Outcome]] = {}
    for turn in count():
        _hand_out(crew, chunks, done)
        while turn not in done:
            busy = [worker for worker in crew if worker.chunk]
            if not busy:
                return
            heard = wait([worker.connection for worker in busy])
            done |= {worker.index: worker.take() for worker in busy if worker.connection in heard}
            _hand_out(crew, chunks, done)
        yield from done.pop(turn)


def _hand_out(crew: "list[_Worker]", chunks: Iterator[tuple[int, list[Line]]], done: dict[int, list[Outcome]]) -> None:
    for worker in crew:
        if not worker.chunk and len(done) < _AHEAD * len(crew):
            worker.give(*next(chunks, (0, [])))


@contextmanager
def _crew(work: Work, jobs: int) -> Iterator["list[_Worker]"]:
    crew: list[_Worker] = []
    try:
        crew += (_Worker(work) for _ in range(jobs))
        yield crew
    finally:
        for worker in crew:
            worker.dismiss()


class _Worker:
    """A process that reads one chunk after the other; `chunk` is what it has in hand."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self.index = 0
        self.chunk: list[Line] = []
        self._begin()

    def _begin(self) -> None:
        self.connection, other_end = _CONTEXT.Pipe()
        self._process = _CONTEXT.Process(target=_serve, args=(other_end, self._work), daemon=True)
        self._process.start()
        other_end.close()
        self._is_ready = False

    def give(self, index: int, chunk: list[Line]) -> None:
        """Let it read a chunk; an empty one is none."""
        self.index, self.chunk = index, chunk
        if chunk:
            # Where the process is gone, `take` finds out.
            with suppress(OSError):
                self.connection.send(chunk)

    def take(self) -> list[Outcome]:
        """Wait for what became of the chunk."""
        chunk, self.chunk = self.chunk, []
        try:
            if not self._is_ready:
                self._is_ready = self.connection.recv()
            outcomes: list[Outcome] = self.connection.recv()
        except (EOFError, OSError):
            return self._read_again(chunk)
        return outcomes

    def _read_again(self, chunk: list[Line]) -> list[Outcome]:
        """Read the lines of a chunk whose process died one at a time; the one that kills is reported."""
        died = self._replace()
        if len(chunk) == 1:
            return [Outcome(chunk[0].place, None, f"the process that read it {died}")]
        outcomes: list[Outcome] = []
        for line in chunk:
            self.give(self.index, [line])
            outcomes += self.take()
        return outcomes

    def _replace(self) -> str:
        """Start another process, and give how the last one ended."""
        self._process.join()
        code = self._process.exitcode or 0
        died = f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with status {code}"
        if not self._is_ready:
            raise TongbiError(f"a process for reading {died} before it began", "run it with --jobs 1")
        self.connection.close()
        self._begin()
        return died

    def dismiss(self) -> None:
        """End the process, at once where it still reads what nobody waits for."""
        self.connection.close()
        if self.chunk:
            self._process.terminate()
        self._process.join(_PATIENCE)
        self._process.kill()


def _serve(connection: "Connection[Any, Any]", work: Work) -> None:
    """Read chunks until the other end is closed; an interruption is the parent's to handle."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(EOFError, OSError):
        connection.send(True)
        while True:
            chunk: list[Line] = connection.recv()
            connection.send([work(line) for line in chunk])
