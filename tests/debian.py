"""Packages of Debian for the tests: installed where they are missing and may be."""

import os
import shutil
import subprocess


def install(*packages: str) -> str:
    """Install packages; give "", or why that could not be done."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return "only root with apt-get can install them"
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-q"], ["apt-get", "install", "-q", "-y", *packages]):
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            return f"{' '.join(command)} failed: {done.stderr.strip().splitlines()[-1:]}"
    return ""
