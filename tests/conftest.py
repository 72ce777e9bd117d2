"""What all tests share: one Prefect server for the whole session, and homes of their own."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import (
    database_url,
    engine,
    file_engine,
    migrated_database,
    migrated_file,
    migrated_template,
    new_database_url,
    postgres,
    server_engine,
)

__all__ = [
    "database_url",
    "engine",
    "file_engine",
    "migrated_file",
    "migrated_template",
    "new_database_url",
    "postgres",
    "server_engine",
]


@pytest.fixture(scope="session")
def prefect_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Give every flow of the session one server on a database of its own; it takes a while to start."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PREFECT_HOME", str(tmp_path_factory.mktemp("prefect")))
        environment.setenv("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
        environment.setenv("DO_NOT_TRACK", "1")
        environment.setenv("PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", "CRITICAL")
        from prefect.testing.utilities import prefect_test_harness

        with prefect_test_harness(server_startup_timeout=120):
            yield


@pytest.fixture
def home(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give an empty TONGBI_HOME that the settings read; its database is a file, or where that is asked for on Postgres.

    Asked for by TONGBI_TEST_DATABASE=postgresql, of the tests that are marked `databases`.
    """
    folder = tmp_path / "home"
    monkeypatch.setenv("TONGBI_HOME", str(folder))
    monkeypatch.delenv("TONGBI_DATABASE_URL", raising=False)
    is_file = os.environ.get("TONGBI_TEST_DATABASE", "sqlite") == "sqlite"
    if is_file or request.node.get_closest_marker("databases") is None:
        yield folder
        return
    with migrated_database("postgresql", tmp_path, request) as url:
        monkeypatch.setenv("TONGBI_DATABASE_URL", url)
        yield folder
