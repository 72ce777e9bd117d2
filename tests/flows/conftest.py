"""What the tests of flows share: an archive to fill, and the database of the home."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from models.database import open_database
from tests.databases import url_of


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Give the folder of a source, without posts yet."""
    return tmp_path / "archive"


@pytest.fixture
def engine(home: Path) -> Iterator[Engine]:
    """Open the database into which the flows of this home write."""
    opened = open_database(url_of(home))
    yield opened
    opened.dispose()
