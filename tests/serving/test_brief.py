"""Prefect's server of one command: only where no other is known, and gone with the command."""

import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from flows.serving.brief import begin_server
from tests.flows.shell import PROJECT


@pytest.fixture
def _untold(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Have Prefect know of no server: it is not imported, and neither variables nor files speak of one."""
    monkeypatch.delitem(sys.modules, "prefect", raising=False)
    for name in ("PREFECT_API_URL", "PREFECT_PROFILE", "PREFECT_PROFILES_PATH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "prefect"))
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("_untold")
@pytest.mark.parametrize("told", ["variable", "profile", "file", "imported"])
def test_none_is_started_where_prefect_is_told_of_one(
    told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    if told == "variable":
        monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    elif told == "profile":
        (tmp_path / "prefect").mkdir()
        (tmp_path / "prefect" / "profiles.toml").touch()
    elif told == "file":
        (tmp_path / "prefect.toml").touch()
    else:
        monkeypatch.setitem(sys.modules, "prefect", pytest)
    address = os.environ.get("PREFECT_API_URL")
    begun = begin_server(home)
    begun.wait()
    assert begun.given == address
    assert not home.exists()
    assert os.environ.get("PREFECT_API_URL") == address


@pytest.mark.long
@pytest.mark.slow
def test_the_server_of_a_command_that_is_killed_ends_too(tmp_path: Path) -> None:
    program = [sys.executable, "-c", "from flows.cli import main; main()", "run", "--source", "sample"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    environment |= {"PYTHONPATH": str(PROJECT), "TONGBI_HOME": str(tmp_path / "home")}
    command = subprocess.Popen(program, env=environment, cwd=PROJECT, stdout=subprocess.DEVNULL)
    server = _server_of(command.pid)
    assert _is_there(server)
    command.kill()
    command.wait()
    _, still_there = psutil.wait_procs([server], timeout=60)
    assert not still_there


def _server_of(pid: int) -> psutil.Process:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        for child in psutil.Process(pid).children():
            if "flows.serving.brief" in child.cmdline():
                time.sleep(2)
                return child
        time.sleep(0.1)
    raise AssertionError("no server was started")


def _is_there(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
