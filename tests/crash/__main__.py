"""`python -m tests.crash`: kill a running ingest 300 times on SQLite and 100 times on Postgres; see `make crash`."""

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.crash.harness import Files, Nursery, Place, Server, crashes
from tests.crash.whole import kill_whole_runs
from tests.databases import a_server


def main() -> int:
    """Kill and print; give 1 where one kill lost or half-published anything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sqlite", type=int, default=300, help="kills on SQLite")
    parser.add_argument("--postgres", type=int, default=100, help="kills on Postgres")
    parser.add_argument("--whole", type=int, default=4, help="kills of the real command, with its Prefect")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        nursery = Nursery()
        try:
            faults = _kill("sqlite", Files(_made(Path(folder) / "files")), Path(folder) / "a", nursery, asked)
            if asked.postgres:
                with a_server() as postgres:
                    faults += _kill("postgres", Server(postgres), Path(folder) / "b", nursery, asked)
        finally:
            nursery.close()
        faults += kill_whole_runs(_made(Path(folder) / "whole"), asked.whole, asked.seed)
    return 1 if faults else 0


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _kill(kind: str, place: Place, folder: Path, nursery: Nursery, asked: argparse.Namespace) -> int:
    began = time.monotonic()
    seen: Counter[str] = Counter()
    faults = 0
    with crashes(place, folder, nursery) as prepared:
        for moment in prepared.moments(getattr(asked, kind), asked.seed):
            try:
                seen[prepared.kill(**moment)] += 1
            except AssertionError as error:
                faults += 1
                print(f"{kind}, killed at {moment}: {error}", flush=True)
        print(
            f"{kind}: {prepared.kills} kills, {prepared.in_time} before the run had ended; readers saw the tables of "
            f"before {seen['before']} times and of after {seen['after']} times, {faults} faults; "
            f"{time.monotonic() - began:.0f} s",
            flush=True,
        )
    return faults


if __name__ == "__main__":
    sys.exit(main())
