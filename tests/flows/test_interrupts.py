"""Ctrl-C at a terminal, which tells all processes of a command at once: one line and status 130 whenever it comes."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from flows.commands import watching
from flows.serving.brief import Beginning
from tests.flows.shell import PROJECT

SAID = "interrupted; what was published before stands as it was\n"
BACKFILL = ["backfill", "--source", "sample", "--runner", "processes"]


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [1.5, 3.0, 4.5])
def test_a_backfill_by_processes(seconds: float, tmp_path: Path) -> None:
    program = [sys.executable, "-c", "from flows.cli import main; main()", *BACKFILL]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    environment |= {"PYTHONPATH": str(PROJECT), "TONGBI_HOME": str(tmp_path / "home")}
    running = subprocess.Popen(
        program, env=environment, cwd=PROJECT, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    time.sleep(seconds)
    os.killpg(running.pid, signal.SIGINT)
    _, error = running.communicate(timeout=60)
    assert running.returncode == 130
    assert error == SAID


def test_one_that_another_error_was_made_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "_leave", lambda: None)

    def flow() -> Any:
        try:
            os.kill(os.getpid(), signal.SIGINT)
        except KeyboardInterrupt:
            raise ValueError("Error calling function: KeyboardInterrupt") from None

    with pytest.raises(KeyboardInterrupt):
        watching.run_flow(flow, (), Beginning(lambda: None), verbose=True)
