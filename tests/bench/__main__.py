"""`python -m tests.bench`: every measurement, one after the other, each in a process of its own."""

import subprocess
import sys
from pathlib import Path

_FOLDER = Path(__file__).parent


def _names() -> list[str]:
    """Give the modules that measure: those with a function `main`."""
    modules = (path for path in sorted(_FOLDER.glob("[a-z]*.py")))
    return [path.stem for path in modules if "\ndef main(" in path.read_text(encoding="utf-8")]


def main() -> int:
    """Run all measurements; give 1 where one of them failed."""
    failed = 0
    for name in _names():
        print(f"\n## {name}\n", flush=True)
        command = [sys.executable, "-m", f"tests.bench.{name}"]
        failed |= subprocess.run(command, cwd=_FOLDER.parents[1], check=False).returncode != 0
    return failed


if __name__ == "__main__":
    sys.exit(main())
