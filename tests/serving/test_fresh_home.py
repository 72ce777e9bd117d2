"""The first run on a machine, on which Prefect's server takes longer to start than Prefect itself would wait."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.served import PROJECT, bare_environment, serving

pytestmark = pytest.mark.serving

# Prefect gives up on a server of its own after 20.
SECONDS = 25
SERVERS = ["flows.serving.brief", "flows.serving.prefect_server"]
# Python runs it at the start of every process; the servers are late then.
SLOW = f"""
import sys, time
if any(each in {SERVERS} for each in sys.orig_argv):
    time.sleep({SECONDS})
"""


@pytest.fixture
def slow(tmp_path: Path) -> str:
    """Give a PYTHONPATH with which each server starts late."""
    (tmp_path / "slow").mkdir()
    (tmp_path / "slow" / "sitecustomize.py").write_text(SLOW, encoding="utf-8")
    return os.pathsep.join((str(tmp_path / "slow"), str(PROJECT)))


def test_the_first_run_waits_for_a_server_that_starts_late(tmp_path: Path, slow: str) -> None:
    command = [sys.executable, "-c", "from flows.cli import main; main()", "run", "--source", "sample"]
    environment = bare_environment() | {"TONGBI_HOME": str(tmp_path / "home"), "PYTHONPATH": slow}
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "figures of 24 articles" in done.stdout


def test_serve_waits_for_a_server_that_starts_late(tmp_path: Path, slow: str) -> None:
    with serving(tmp_path / "home", PYTHONPATH=slow) as served:
        assert len(served.ask("/deployments/filter")) == 5


def test_the_pages_offer_blocks_also_where_a_run_came_first(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from flows.cli import main; main()", "run", "--source", "sample"]
    environment = bare_environment() | {"TONGBI_HOME": str(tmp_path / "home"), "PYTHONPATH": str(PROJECT)}
    subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, check=True)
    with serving(tmp_path / "home") as served:
        assert "webhook" in {each["slug"] for each in served.ask("/block_types/filter")}
