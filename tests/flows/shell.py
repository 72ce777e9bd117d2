"""The command as a shell runs it."""

import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent
PROGRAM = f"{sys.executable} -c 'from flows.cli import main; main()'"


def tongbi(arguments: str, *, cwd: Path = PROJECT, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run `tongbi ARGUMENTS` in a shell (so pipes work) with `variables` in its environment."""
    environment = os.environ | {"PYTHONPATH": str(PROJECT)} | variables
    command = f"{PROGRAM} {arguments}"
    return subprocess.run(command, shell=True, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
