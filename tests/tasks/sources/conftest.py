"""One played site for the tests of the sources; its switches are off at the beginning of each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.raw_archive import RawArchive
from tests.site.playing import Site, playing
from tests.tasks.sources.web import few_posts, new_archive


@pytest.fixture(scope="session")
def running_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("small")
    few_posts(folder)
    with playing(folder) as site:
        yield site


@pytest.fixture
def site(running_site: Site) -> Site:
    running_site.go_wrong({})
    running_site.log()
    return running_site


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[RawArchive]:
    archive = new_archive(tmp_path)
    yield archive
    archive.engine.dispose()
