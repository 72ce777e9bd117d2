"""Kills of the real command: `tongbi run` with its Prefect server, the whole group of processes at once."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.crash.harness import PROJECT, Tables, published, tables_left, write_first, write_second

_COMMAND = [sys.executable, "-c", "from flows.cli import main; main()", "run"]


def kill_whole_runs(folder: Path, count: int, seed: int) -> int:
    """Kill the command so many times at times that chance gives, and print and give how many faults there were."""
    if not count:
        return 0
    posts, chance, faults = folder / "posts", random.Random(seed), 0
    write_first(posts)
    took = _run(folder / "calm", posts)
    _run(folder / "killed", posts)
    before = _published(folder / "killed")
    write_second(posts)
    _run(folder / "calm", posts)
    after = _published(folder / "calm")
    killed = 0
    for _ in range(count):
        killed += _kill(folder / "killed", posts, chance.uniform(0.5, took))
        faults += _published(folder / "killed") not in (before, after)
    _run(folder / "killed", posts)
    faults += _published(folder / "killed") != after
    faults += tables_left(_url(folder / "killed")) != tables_left(_url(folder / "calm"))
    print(f"tongbi run: {count} kills, {killed} before the run had ended, {faults} faults", flush=True)
    return faults


def _published(home: Path) -> Tables:
    return published(_url(home))


def _url(home: Path) -> str:
    return f"sqlite:///{home}/tongbi.db"


def _start(home: Path, posts: Path) -> subprocess.Popen[bytes]:
    environment = os.environ | {"TONGBI_HOME": str(home), "PYTHONPATH": str(PROJECT)}
    environment.pop("TONGBI_DATABASE_URL", None)
    return subprocess.Popen(
        [*_COMMAND, "--source", str(posts)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def _run(home: Path, posts: Path) -> float:
    began = time.monotonic()
    running = _start(home, posts)
    _, said = running.communicate(timeout=300)
    # 1: the audit failed the run, for one post is malformed and one cannot be read
    assert running.returncode in (0, 1), said.decode()
    return time.monotonic() - began


def _kill(home: Path, posts: Path, seconds: float) -> bool:
    running = _start(home, posts)
    try:
        running.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(running.pid, signal.SIGKILL)
        running.communicate()
        return True
    return False
