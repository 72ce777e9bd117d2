"""The site from the side of a test: started as a process, told what to do wrong, asked what it was asked for."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import httpx

PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Site:
    """A running site at `url`, such as http://127.0.0.1:40123."""

    url: str

    def go_wrong(self, faults: dict[str, str | tuple[str, int]]) -> None:
        """Set the faults by the beginnings of paths, always or so many times; all others go away."""
        switches = {path: (fault, -1) if isinstance(fault, str) else fault for path, fault in faults.items()}
        _asking().put(f"{self.url}/_faults", json=switches).raise_for_status()

    def log(self) -> dict[str, int]:
        """Give how often `STATUS path` or `FAULT path` was answered since the last call."""
        answer: dict[str, int] = _asking().get(f"{self.url}/_log").json()
        return answer


@cache
def _asking() -> httpx.Client:
    # Without certificates, which take longer to read than a whole test.
    return httpx.Client(trust_env=False, verify=False)


@contextmanager
def playing(folder: Path, *options: str) -> Iterator[Site]:
    """Serve the posts of a folder in a process of its own as long as the block runs."""
    command = [sys.executable, "-m", "tests.site", str(folder), *options]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield Site(f"http://127.0.0.1:{int(process.stdout.readline())}")
        finally:
            process.kill()  # a body without end would keep it from ending by itself
