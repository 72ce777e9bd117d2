"""The database as the reading commands open it: it has to be there already."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from flows.settings import read_settings
from models.database import open_database
from models.errors import DatabaseError

if TYPE_CHECKING:
    from sqlalchemy import Engine


def open_store(home: Path | None) -> "Engine":
    """Open the database of the settings; raises `DatabaseError` where there is none yet.

    A command that only reads must not leave an empty database where somebody has mistyped a path.
    """
    return open_database(find_store(home))


def find_store(home: Path | None) -> str:
    """Give the URL of the database of the settings; raises `DatabaseError` where it is a file that is not there."""
    settings = read_settings(home=home)
    file = _file(settings.database)
    if file is not None and not file.exists():
        raise DatabaseError(f"there is no database at {file}", "run `tongbi run --source sample` first, or name --home")
    return settings.database


def _file(url: str) -> Path | None:
    """Give the file of a SQLite URL; None for anything else, which `connect` judges."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        return None
    is_file = parsed.get_backend_name() == "sqlite" and parsed.database not in (None, "", ":memory:")
    return Path(str(parsed.database)) if is_file else None
