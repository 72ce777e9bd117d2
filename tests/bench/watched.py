"""A backfill as a process that is watched: the processor time and the memory of all that it starts."""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
SERVER, IMPORTS, WORKERS, COMMAND = "Prefect's server", "imports, once", "workers", "command"
BACKFILL = ("-c", "from flows.cli import main; main()", "backfill")
PLAIN = ("-m", "tests.bench.plain")
_SAMPLE_SECONDS = 0.5
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Watch:
    """Samples all processes that descend from one; pages that they share count once.

    `seconds` has the processor time of each process by its role, `memory` the megabytes of all together.
    """

    root: int
    memory: list[float] = field(default_factory=list)
    _roles: dict[int, str] = field(default_factory=dict)
    _spent: dict[int, float] = field(default_factory=dict)

    @property
    def seconds(self) -> Counter[str]:
        """Give the processor seconds of each role."""
        found: Counter[str] = Counter()
        for pid, spent in self._spent.items():
            found[self._roles[pid]] += spent
        return found

    def sample(self) -> None:
        """Look at all of them once."""
        parents = dict(filter(None, map(_parent, Path("/proc").glob("[0-9]*"))))
        memory = 0.0
        for pid, parent in parents.items():
            if pid not in self._roles and self._is_ours(pid, parents):
                self._roles[pid] = self._role(pid, parent)
            if pid in self._roles:
                memory += self._look_at(pid)
        self.memory.append(memory)

    def _is_ours(self, pid: int, parents: dict[int, int]) -> bool:
        while pid not in (self.root, 0, 1) and pid in parents:
            pid = parents[pid]
        return pid == self.root

    def _role(self, pid: int, parent: int) -> str:
        words = _read(pid, "cmdline").replace("\0", " ")
        if pid == self.root:
            return COMMAND
        if "flows.serving.brief" in words:
            return SERVER
        return IMPORTS if "multiprocessing.forkserver" in words and parent == self.root else WORKERS

    def _look_at(self, pid: int) -> float:
        stat = _read(pid, "stat").rpartition(")")[2].split()
        if stat:
            self._spent[pid] = (int(stat[11]) + int(stat[12])) / _TICKS
        lines = _read(pid, "smaps_rollup").splitlines()
        return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


@dataclass(frozen=True)
class Ran:
    """One command that has ended: its seconds, what it printed, and what was seen of its processes.

    `parts` are the processor seconds of the parts of the work, as its report has them.
    """

    wall: float
    printed: str
    parts: dict[str, float]
    seconds: Counter[str]
    memory: list[float]

    @property
    def processors(self) -> float:
        """Give the processor seconds of all processes."""
        return self.seconds.total()


def command(
    source: Path, home: Path, *options: str, url: str = "", program: Sequence[str] = BACKFILL
) -> "subprocess.Popen[str]":
    """Start `tongbi backfill`, or another program that takes its options, in a session of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "TONGBI_"))}
    environment |= {"PYTHONPATH": str(PROJECT), "TONGBI_HOME": str(home)}
    environment |= {"TONGBI_DATABASE_URL": url} if url else {}
    return subprocess.Popen(
        [sys.executable, *program, "--source", str(source), *options],
        env=environment,
        cwd=PROJECT,
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def run(source: Path, home: Path, *options: str, url: str = "", program: Sequence[str] = BACKFILL) -> Ran:
    """Run it to its end; a status of 2 or more is an error."""
    began = time.perf_counter()
    running = command(source, home, *options, url=url, program=program)
    watch = Watch(running.pid)
    while running.poll() is None:
        watch.sample()
        time.sleep(_SAMPLE_SECONDS)
    wall = time.perf_counter() - began
    printed = running.stdout.read() if running.stdout else ""
    if running.returncode not in (0, 1):
        raise SystemExit(printed)
    return Ran(wall, printed, _parts(printed), watch.seconds, watch.memory)


def _parts(printed: str) -> dict[str, float]:
    """Read the line `processor time` of the report."""
    line = next((line for line in printed.splitlines() if line.startswith("processor time")), "processor time")
    words = line.removeprefix("processor time").split(",")
    return {word.split()[0]: float(word.split()[1]) for word in words if word.strip()}


def _parent(process: Path) -> tuple[int, int] | None:
    stat = _read(int(process.name), "stat").rpartition(")")[2].split()
    return (int(process.name), int(stat[1])) if stat else None


def _read(pid: int, name: str) -> str:
    try:
        return Path(f"/proc/{pid}/{name}").read_text(errors="replace")
    except OSError:  # it has ended
        return ""
