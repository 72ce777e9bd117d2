"""A browser for the tests: Debian's Chromium with fonts for Chinese, installed where it is missing and may be."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.debian import install

PACKAGES = ("chromium", "fonts-noto-cjk")
# Kept, and looked at: what CI hands on.
PICTURES = Path(__file__).resolve().parents[2] / ".cache" / "browser"


def _chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser")


def _has_chinese_fonts() -> bool:
    if shutil.which("fc-list") is None:
        return False
    return bool(subprocess.run(["fc-list", ":lang=zh"], capture_output=True, text=True, check=False).stdout.strip())


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    reason = "" if _chromium() and _has_chinese_fonts() else install(*PACKAGES)
    if not _chromium():
        pytest.skip(f"NO BROWSER: {' and '.join(PACKAGES)} are missing, and {reason}")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=_chromium(), args=["--no-sandbox"])
        yield chromium
        chromium.close()
