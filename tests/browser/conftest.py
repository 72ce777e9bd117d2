"""A browser for the tests: Debian's Chromium with fonts for Chinese, installed where it is missing and may be."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

PACKAGES = ("chromium", "fonts-noto-cjk")
# Kept, and looked at: what CI hands on.
PICTURES = Path(__file__).resolve().parents[2] / ".cache" / "browser"


def _chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser")


def _has_chinese_fonts() -> bool:
    if shutil.which("fc-list") is None:
        return False
    return bool(subprocess.run(["fc-list", ":lang=zh"], capture_output=True, text=True, check=False).stdout.strip())


def _install() -> str:
    """Install what is missing, and say why that could not be done."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return "only root with apt-get can install them"
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-q"], ["apt-get", "install", "-q", "-y", *PACKAGES]):
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            return f"{' '.join(command)} failed: {done.stderr.strip().splitlines()[-1:]}"
    return ""


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    reason = "" if _chromium() and _has_chinese_fonts() else _install()
    if not _chromium():
        pytest.skip(f"NO BROWSER: {' and '.join(PACKAGES)} are missing, and {reason}")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=_chromium(), args=["--no-sandbox"])
        yield chromium
        chromium.close()
