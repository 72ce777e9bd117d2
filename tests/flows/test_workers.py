"""Lines read by several processes: their order, a process that dies, and one that cannot start."""

import io
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from flows.extraction import LONGEST_LINE, Line, Outcome, lines_of
from flows.workers import Work, read_in_order
from models.errors import TongbiError


def shout(line: Line) -> Outcome:
    return Outcome(line.place, line.content.upper())


def dies_on_x(line: Line) -> Outcome:
    if line.content == b"x":
        os.kill(os.getpid(), signal.SIGKILL)
    return shout(line)


def leaves_on_x(line: Line) -> Outcome:
    if line.content == b"x":
        os._exit(3)
    return shout(line)


def waits_now_and_then(line: Line) -> Outcome:
    time.sleep(0.05 if line.place % 97 == 0 else 0)
    return shout(line)


class Unloadable:
    """Work that no other process can load."""

    def __call__(self, line: Line) -> Outcome:
        return shout(line)

    def __reduce__(self) -> tuple[object, tuple[int]]:
        return sys.exit, (7,)


def numbered(count: int, **named: bytes) -> Iterator[Line]:
    return (Line(place, named.get(f"at_{place}", b"a%d" % place)) for place in range(1, count + 1))


def read(work: Work, lines: Iterator[Line], jobs: int = 2) -> list[Outcome]:
    return list(read_in_order(lines, work, jobs))


@pytest.mark.parametrize("jobs", [1, 2, 5])
@pytest.mark.parametrize("count", [0, 1, 700])
def test_each_line_is_read_once_and_in_its_order(jobs: int, count: int) -> None:
    found = read(waits_now_and_then, numbered(count), jobs)
    assert found == [Outcome(place, b"A%d" % place) for place in range(1, count + 1)]


@pytest.mark.parametrize(
    ("work", "fault"),
    [
        (dies_on_x, "the process that read it was killed by SIGKILL"),
        (leaves_on_x, "the process that read it ended with status 3"),
    ],
)
def test_a_process_that_dies_costs_the_one_line(work: Work, fault: str) -> None:
    found = read(work, numbered(300, at_70=b"x", at_71=b"x", at_300=b"x"))
    assert [outcome.place for outcome in found] == list(range(1, 301))
    assert {outcome.place: outcome.fault for outcome in found if outcome.fault} == dict.fromkeys((70, 71, 300), fault)
    assert found[71] == Outcome(72, b"A72")


def test_processes_that_cannot_start_are_an_error_and_no_endless_attempt() -> None:
    with pytest.raises(TongbiError, match="a process for reading ended with status 7 before it began"):
        read(Unloadable(), numbered(10))


def test_no_more_lines_are_taken_than_can_be_worked_on() -> None:
    taken = 0

    def lines() -> Iterator[Line]:
        nonlocal taken
        for line in numbered(20_000):
            taken = line.place
            yield line

    with closing(read_in_order(lines(), shout, 2)) as outcomes:
        assert next(outcomes) == Outcome(1, b"A1")
        assert taken <= 64 * 2 * 6


def test_blank_lines_are_no_lines_but_count() -> None:
    source = io.BytesIO(b"\xef\xbb\xbfa\n\n  \r\nb")
    assert list(lines_of(source)) == [Line(1, b"a\n"), Line(4, b"b")]


def test_of_a_line_without_end_only_the_beginning_is_kept() -> None:
    source = io.BytesIO(b"a" * (2 * LONGEST_LINE + 5) + b"\nb\n")
    first, second = lines_of(source)
    assert len(first.content) == LONGEST_LINE + 1
    assert second == Line(2, b"b\n")
