"""`tongbi serve` as its user has it: start, runs, Ctrl-C, SIGTERM, two at once, days off, a killed one."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.flows.posts import CLEAN, write_post
from tests.served import ENDED, PROJECT, Served, bare_environment, free_port, processes_of, serving
from tests.serving.receiver import receiving

pytestmark = pytest.mark.serving

TABLES = ("article", "figure", "number", "quarantine", "watermark")


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Give an archive of 600 posts, on which a run works for a while."""
    for number in range(1, 601):
        write_post(tmp_path / "archive", number, CLEAN, f"2022-04-{number % 28 + 1:02}")
    return tmp_path / "archive"


def counted(home: Path) -> dict[str, int]:
    """Give the number of rows of each table, and of the staged ones."""
    with sqlite3.connect(home / "tongbi.db") as connection:
        names = (*TABLES, "staged_article")
        return {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names}


def nothing_is_left(home: Path) -> None:
    assert processes_of(home) == []
    assert not (home / "prefect" / "server.url").exists()
    assert list(home.glob("tongbi.db-run-*")) == []


def tongbi(served: Served, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", "from flows.cli import main; main()", *arguments]
    return subprocess.run(command, cwd=PROJECT, env=served.variables, capture_output=True, text=True, check=False)


def in_hand(served: Served, run_id: str) -> None:
    """Wait until a run has staged articles that are not published yet."""
    served.ended(run_id, ("RUNNING",))
    for _ in range(3_000):
        if counted(served.home)["staged_article"]:
            return
        time.sleep(0.02)
    raise AssertionError(served.logs(run_id))


def test_a_daily_run_with_nothing_new_changes_no_row_and_takes_seconds(fresh: Path) -> None:
    with serving(fresh) as served:
        first = served.run("daily", source="sample")
        assert served.ended(first)["type"] == "COMPLETED"
        before = counted(fresh)
        began = time.monotonic()
        second = served.run("daily", source="sample")
        state = served.ended(second)
        took = time.monotonic() - began
        assert (state["type"], state["message"]) == ("COMPLETED", "no row changed")
        assert counted(fresh) == before
        print(f"a daily run with nothing new: {took:.1f} s, load {os.getloadavg()[0]:.1f}")
        # 15 s where the machine is ours; a busy one divides itself.
        assert took < 15 * max(1.0, os.getloadavg()[0] / 1.5)
        lines = served.logs(second, last="published batch=2")
        assert any(line.startswith("staged batch=2 source=sample articles=") for line in lines), lines
        assert any(line == 'published batch=2 what="no row changed"' for line in lines), lines
        assert served.artifact(first, "published")
        assert "stopped" in served.stop(signal.SIGTERM)
    assert served.process.returncode == 0
    nothing_is_left(fresh)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_in_hand_is_taken_back_and_the_next_start_goes_on(
    fresh: Path, archive: Path, number: signal.Signals
) -> None:
    with serving(fresh, TONGBI_DAILY_SOURCES=str(archive), TONGBI_CHUNK="50") as served:
        run_id = served.run("daily", source=str(archive))
        in_hand(served, run_id)
        assert "stopping" in served.stop(number)
        assert served.process.returncode == 0
    nothing_is_left(fresh)
    assert counted(fresh)["article"] == 0
    with serving(fresh, TONGBI_DAILY_SOURCES=str(archive)) as served:
        assert served.state(run_id)["type"] in ("CANCELLED", "CRASHED")
        again = served.run("daily", source=str(archive))
        assert served.ended(again)["type"] == "COMPLETED"
    found = counted(fresh)
    assert (found["article"], found["figure"], found["staged_article"]) == (600, 1_200, 0)


def test_a_stop_at_once_takes_two_lines_and_leaves_nothing(fresh: Path, tmp_path: Path) -> None:
    (tmp_path / "tmp").mkdir()
    with serving(fresh, TMPDIR=str(tmp_path / "tmp")) as served:
        assert served.stop().splitlines() == ["stopping; a run in hand takes its batch back", "stopped"]
    assert served.process.returncode == 0
    assert list((tmp_path / "tmp").iterdir()) == []
    nothing_is_left(fresh)


def test_two_at_once_do_no_harm_and_one_goes_on_without_the_other(fresh: Path, archive: Path) -> None:
    port = free_port()
    with serving(fresh, port=port) as first, serving(fresh, port=port) as second:
        assert any("a server that was there" in line for line in second.lines), second.lines
        runs = [first.run("daily", source=str(archive)) for _ in range(2)]
        messages = [second.ended(run_id) for run_id in runs]
        assert [state["type"] for state in messages] == ["COMPLETED"] * 2
        assert sum(state["message"] == "no row changed" for state in messages) == 1
        assert counted(fresh)["article"] == 600
        first.stop()
        second.wait_for("going on with another")
        second.wait_for("serving ")
        again = second.run("daily", source=str(archive))
        assert second.ended(again)["message"] == "no row changed"
    nothing_is_left(fresh)


def test_after_days_off_one_run_catches_up_and_the_late_ones_end(fresh: Path, archive: Path) -> None:
    with serving(fresh, TONGBI_DAILY_SOURCES=str(archive)) as served:
        first = served.run("daily", source=str(archive))
        assert served.ended(first)["type"] == "COMPLETED"
        daily = served.deployment("daily")
    # Evenings pass while nobody serves: the runs that Prefect makes ahead of time, three, stand late in the queue.
    with sqlite3.connect(fresh / "prefect" / "prefect.db") as connection:
        rows = connection.execute(
            "SELECT id FROM flow_run WHERE replace(deployment_id, '-', '') = ? AND auto_scheduled = 1"
            " AND state_type = 'SCHEDULED' ORDER BY expected_start_time",
            (daily.replace("-", ""),),
        ).fetchall()
        assert len(rows) == 3
        for days, (run_id,) in enumerate(rows):
            late = time.strftime("%Y-%m-%d 10:30:00.000000", time.gmtime(time.time() - 86_400 * (3 - days)))
            connection.execute(
                "UPDATE flow_run SET expected_start_time = ?, next_scheduled_start_time = ? WHERE id = ?",
                (late, late, run_id),
            )
    with sqlite3.connect(fresh / "tongbi.db") as connection:
        connection.execute("UPDATE watermark SET checked_at = '2022-04-29 00:00:00.000000'")
    write_post(archive, 1_300, CLEAN, "2022-04-29")
    with serving(fresh, TONGBI_DAILY_SOURCES=str(archive)) as served:
        assert any("catches up" in line for line in served.lines), served.lines
        runs = [run for run in ended_by_now(served, daily) if run["id"] != first]
        # Prefect itself drops late runs where it is given the schedule anew; what is left of them ends without work.
        (worked,) = [run for run in runs if run["state"]["name"] == "Completed"]
        assert worked["state"]["message"].startswith("2 figures of 1 articles published")
        assert {run["state"]["name"] for run in runs if run is not worked} <= {"CaughtUp"}
    assert counted(fresh)["article"] == 601


def ended_by_now(served: Served, deployment: str) -> list[dict[str, Any]]:
    """Wait until all runs of a deployment that should have begun by now have ended, one with work, and give them."""
    for _ in range(1_200):
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        filters = {"deployment_id": {"any_": [deployment]}, "expected_start_time": {"before_": now}}
        runs: list[dict[str, Any]] = served.ask("/flow_runs/filter", flow_runs=filters)
        if len(runs) > 1 and all(run["state_type"] in ENDED for run in runs):
            return runs
        time.sleep(0.5)
    raise AssertionError(runs)


def test_a_webhook_is_told_of_a_failed_and_of_a_lost_run_and_the_lost_one_is_marked(fresh: Path, archive: Path) -> None:
    with receiving() as receiver, serving(fresh) as served:
        assert (
            "runs that fail or are lost are told"
            in tongbi(served, "notify", "--webhook", receiver.url, "--lost-after", "45").stdout
        )
        assert tongbi(served, "notify", "--webhook", receiver.url, "--lost-after", "45").returncode == 0
        names = sorted(each["name"] for each in served.ask("/automations/filter"))
        assert names == ["tongbi: failed runs", "tongbi: lost runs"], "the second time changes nothing"
        failed = served.run("manual", source="sample-malformed")
        assert served.ended(failed)["type"] == "FAILED"
        told = receiver.wait_for(served.get(f"/flow_runs/{failed}")["name"], 60)
        assert (told["state"], told["flow"], told["deployment"]) == ("Failed", "ingest", "manual")
        assert "share_is_within_whole" in told["message"]
        assert told["url"].startswith(served.url)
        lost = served.run("manual", source=str(archive))
        in_hand(served, lost)
        # The runner and the run die at once, so nobody can say how it ended.
        for pid in pids(fresh, "flows.serving.runner"), pids(fresh, "prefect.engine"):
            for each in pid:
                os.kill(each, signal.SIGKILL)
        state = served.ended(lost, ("CRASHED",))
        assert state["message"].startswith("the heartbeat was lost")
        told = receiver.wait_for(served.get(f"/flow_runs/{lost}")["name"], 60)
        assert told["state"] == "Crashed"
        # The runner was started again, and what the killed run left locks nobody.
        again = served.run("manual", source=str(archive))
        assert served.ended(again)["type"] == "COMPLETED"
        assert tongbi(served, "notify", "--remove").stdout == "nobody is told any more\n"
        assert tongbi(served, "notify", "--remove").stdout == "nobody was told\n"
    nothing_is_left(fresh)


def pids(home: Path, words: str) -> list[int]:
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                ours = f"TONGBI_HOME={home}\0".encode() in (folder / "environ").read_bytes()
                if ours and words in (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode():
                    found.append(int(folder.name))
            except OSError:
                continue
    return found


def test_a_daily_run_a_manual_run_and_a_backfill_at_once_find_no_locked_database(fresh: Path, archive: Path) -> None:
    posts = sorted((archive / "_posts").iterdir())
    other = archive.parent / "other"
    for post in posts[:200]:
        (other / "_posts").mkdir(parents=True, exist_ok=True)
        text = post.read_text(encoding="utf-8").replace("2204182200", "2204182299")
        (other / "_posts" / post.name.replace("2204182200", "2204182299")).write_text(text, encoding="utf-8")
    with serving(fresh) as served:
        runs = {
            "daily": served.run("daily", source="sample"),
            "manual": served.run("manual", source=str(other)),
            "backfill": served.run("backfill", source=str(archive), by="week"),
        }
        watching: list[str] = []
        thread = threading.Thread(target=lambda: watching.extend(watched(served, list(runs.values()))))
        thread.start()
        states = {name: served.ended(run_id) for name, run_id in runs.items()}
        thread.join()
        assert {name: state["type"] for name, state in states.items()} == dict.fromkeys(runs, "COMPLETED"), states
        said = [line for run_id in runs.values() for line in served.logs(run_id)]
        said += [str(state["message"]) for state in states.values()]
    said += (fresh / "prefect" / "server.log").read_text(encoding="utf-8").splitlines() + served.lines
    assert [line for line in said if "locked" in line] == []


def watched(served: Served, runs: list[str]) -> Iterator[str]:
    """Read the pages' answers while the runs work, as a reader of the pages does."""
    while any(served.state(run_id)["type"] not in ("COMPLETED", "FAILED", "CRASHED", "CANCELLED") for run_id in runs):
        yield from (run["name"] for run in served.ask("/flow_runs/filter", limit=50))
        time.sleep(0.2)


def test_what_cannot_be_is_said_in_two_lines(fresh: Path) -> None:
    def said(**variables: str) -> tuple[int, str]:
        environment = bare_environment() | {"TONGBI_HOME": str(fresh)} | variables
        command = [sys.executable, "-c", "from flows.cli import main; main()", "serve", "--port", port]
        done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
        return done.returncode, done.stderr

    port = str(free_port())
    status, words = said(PREFECT_API_URL="http://203.0.113.1:9/api")
    assert (status, words.splitlines()[0]) == (2, "no Prefect server answers at http://203.0.113.1:9/api")
    status, words = said(TONGBI_DAILY_SOURCES="nothing-like-it")
    assert (status, len(words.splitlines())) == (2, 2)
    with receiving() as receiver:
        port = receiver.url.split(":")[2].split("/")[0]
        status, words = said()
    assert status == 2
    assert "cannot listen at 127.0.0.1, port" in words
    nothing_is_left(fresh)
