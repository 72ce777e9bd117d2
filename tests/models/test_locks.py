"""The lock of a run: refused, waited for, and gone with its holder, also one that was killed."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from models.database import open_database
from models.errors import LockedError
from models.locks import Window, is_free, locked
from tests.models.making import rows

PROJECT = Path(__file__).resolve().parents[2]
APRIL = Window("feed", date(2022, 4, 1), date(2022, 4, 30))
MAY = Window("feed", date(2022, 5, 1), date(2022, 5, 31))
HOLDER = """
import sys
from datetime import date
from models.database import open_database
from models.locks import Window, locked
with locked(open_database(sys.argv[1]), Window("feed", date(2022, 4, 1), date(2022, 4, 30))):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def held_elsewhere(url: str) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock of April until its input ends."""
    command = [sys.executable, "-c", HOLDER, url]
    with subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        yield holder
        holder.kill()


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (APRIL, MAY, False),
        (APRIL, Window("feed", date(2022, 4, 30), date(2022, 5, 2)), True),
        (APRIL, Window("feed"), True),
        (APRIL, Window("feed", None, date(2022, 3, 31)), False),
        (APRIL, Window("feed", date(2022, 4, 30), None), True),
        (APRIL, Window("site", date(2022, 4, 1), date(2022, 4, 30)), False),
        (Window("feed", None, date(2022, 3, 31)), Window("feed", date(2022, 3, 31)), True),
    ],
)
def test_the_days_that_two_runs_share(engine: Engine, one: Window, other: Window, both: bool) -> None:
    assert one.overlaps(other) is both
    assert other.overlaps(one) is both
    with locked(engine, one):
        assert is_free(engine, other) is not both
    with locked(engine, other):
        assert is_free(engine, one) is not both


def test_a_second_run_is_refused_in_one_message_and_goes_on_after_the_first(engine: Engine) -> None:
    with locked(engine, APRIL), pytest.raises(LockedError) as caught, locked(engine, APRIL):
        pass
    fact, next_step = str(caught.value).splitlines()
    assert fact.startswith("another run works on feed from 2022-04-01 until 2022-04-30 since ")
    assert ": process " in fact
    assert next_step.startswith("next: wait until it ends, or end it; then run feed from 2022-04-01")
    with locked(engine, APRIL), locked(engine, MAY), locked(engine, Window("site")):
        assert len(rows(engine, "SELECT id FROM run_lock")) == 3
    assert rows(engine, "SELECT id FROM run_lock") == []


def test_ones_own_lock_leaves_the_days_free(engine: Engine) -> None:
    with locked(engine, APRIL) as ours:
        assert is_free(engine, APRIL, ours=ours)
        assert not is_free(engine, APRIL)


def test_a_run_of_another_process_is_waited_for(database_url: str) -> None:
    engine = open_database(database_url)
    with held_elsewhere(database_url) as holder:
        with pytest.raises(LockedError, match=f"process {holder.pid} on "), locked(engine, APRIL):
            pass
        assert holder.stdin is not None
        holder.stdin.close()
        with locked(engine, APRIL, wait_seconds=20):
            pass
    engine.dispose()


def test_the_lock_of_a_killed_process_is_free_at_once_and_leaves_nothing(database_url: str, tmp_path: Path) -> None:
    engine = open_database(database_url)
    with held_elsewhere(database_url) as holder:
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        with locked(engine, APRIL, wait_seconds=5):
            assert len(rows(engine, "SELECT id FROM run_lock")) == 1
    assert rows(engine, "SELECT id FROM run_lock") == []
    assert list(tmp_path.glob("*-run-*")) == []
    engine.dispose()
