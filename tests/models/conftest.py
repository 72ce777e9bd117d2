import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from models.database import open_database


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new database, made once: to copy a file takes less than to make the tables."""
    path = tmp_path_factory.mktemp("database") / "tongbi.db"
    open_database(f"sqlite:///{path}").dispose()
    return path


@pytest.fixture
def engine(tmp_path: Path, empty_database: Path) -> Iterator[Engine]:
    shutil.copy(empty_database, tmp_path / "tongbi.db")
    engine = open_database(f"sqlite:///{tmp_path}/tongbi.db")
    yield engine
    engine.dispose()
