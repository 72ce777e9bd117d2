"""A `tongbi serve` of its own for a test: started as a user does, asked over Prefect's API, stopped by a signal."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

PROJECT = Path(__file__).resolve().parents[1]
# What the command must not have from the shell, or from a test that has set it.
_FOREIGN = ("PREFECT_", "TONGBI_")
PATIENCE = 600.0
ENDED = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")


def bare_environment() -> dict[str, str]:
    """Give the environment without what the shell or another test has set for Prefect and us."""
    return {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Served:
    """A running `tongbi serve`: its process, its address, and what it has said."""

    home: Path
    url: str
    process: "subprocess.Popen[str]"
    variables: dict[str, str]
    lines: list[str] = field(default_factory=list)

    def wait_for(self, words: str) -> str:
        """Read what it says up to a line with these words, and give that line."""
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(line.rstrip())
            if words in line:
                return line.rstrip()
        raise AssertionError(f"it ended before it said {words!r}: {self.lines}")

    def stop(self, number: int = signal.SIGINT) -> str:
        """Send a signal, wait for the end and give the rest of what it says."""
        self.process.send_signal(number)
        rest, _ = self.process.communicate(timeout=PATIENCE)
        return rest

    def ask(self, path: str, **body: Any) -> Any:
        answer = httpx.post(f"{self.url}/api{path}", json=body, timeout=60, trust_env=False)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def get(self, path: str) -> Any:
        return httpx.get(f"{self.url}/api{path}", timeout=60, trust_env=False).raise_for_status().json()

    def deployment(self, name: str) -> str:
        (found,) = self.ask("/deployments/filter", deployments={"name": {"any_": [name]}})
        return str(found["id"])

    def run(self, name: str, **parameters: Any) -> str:
        """Start a run of a deployment and give its id."""
        return str(self.ask(f"/deployments/{self.deployment(name)}/create_flow_run", parameters=parameters)["id"])

    def state(self, run_id: str) -> dict[str, Any]:
        return dict(self.get(f"/flow_runs/{run_id}")["state"])

    def ended(self, run_id: str, types: tuple[str, ...] = ENDED) -> dict[str, Any]:
        """Wait until a run is in a state of these types and give that state."""
        last = time.monotonic() + PATIENCE
        while (state := self.state(run_id))["type"] not in types:
            assert time.monotonic() < last, state
            time.sleep(0.3)
        return state

    def logs(self, run_id: str, last: str = "") -> list[str]:
        """Give the lines of a run's log once one begins with `last`: they reach the server some seconds late."""
        lines: list[str] = []
        for _ in range(100):
            found = self.ask("/logs/filter", logs={"flow_run_id": {"any_": [run_id]}}, sort="TIMESTAMP_ASC", limit=200)
            lines = [each["message"] for each in found]
            if any(line.startswith(last) for line in lines):
                break
            time.sleep(0.1)
        return lines

    def artifact(self, run_id: str, key: str) -> Any:
        return self._artifact(run_id, key)["data"]

    def artifact_id(self, run_id: str, key: str) -> str:
        return str(self._artifact(run_id, key)["id"])

    def _artifact(self, run_id: str, key: str) -> dict[str, Any]:
        wanted = {"flow_run_id": {"any_": [run_id]}, "key": {"any_": [key]}}
        (found,) = self.ask("/artifacts/filter", artifacts=wanted)
        return dict(found)


@contextmanager
def serving(home: Path, *, port: int | None = None, **variables: str) -> Iterator[Served]:
    """Serve a home until the block ends; it is ready where the block begins."""
    port = port or free_port()
    environment = bare_environment() | {"TONGBI_HOME": str(home), "PYTHONPATH": str(PROJECT), "PYTHONUNBUFFERED": "1"}
    environment |= variables
    program = "from flows.cli import main; main()"
    command = [sys.executable, "-c", program, "serve", "--port", str(port)]
    process = subprocess.Popen(
        command,
        cwd=PROJECT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    served = Served(home, f"http://127.0.0.1:{port}", process, environment)
    try:
        served.wait_for("serving ")
        yield served
    finally:
        if process.poll() is None:
            served.stop()
        assert process.stdout
        process.stdout.close()


def processes_of(home: Path) -> list[str]:
    """Give the command lines of all processes that live in a home."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and int(folder.name) != os.getpid():
            try:
                if f"TONGBI_HOME={home}\0".encode() in (folder / "environ").read_bytes():
                    found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode())
            except OSError:
                continue
    return found
