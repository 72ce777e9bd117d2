"""A bounded part of `make crash`: some kills on each database, and two runs at once."""

from collections.abc import Iterator

import pytest

from tests.crash.harness import Crashes, Files, Nursery, Server, crashes, published, tables_left
from tests.databases import DIALECTS

pytestmark = pytest.mark.slow

# Before the lock, while it stages, between its transactions, and within the one that publishes.
MOMENTS = ({"step": "locked"}, {"statement": 30}, {"step": "staged"}, {"step": "audited"}, {"statement": 108})


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    started = Nursery()
    yield started
    started.close()


@pytest.fixture(scope="module", params=DIALECTS)
def prepared(
    request: pytest.FixtureRequest, nursery: Nursery, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Crashes]:
    folder = tmp_path_factory.mktemp("crashes")
    on_files = request.param == "sqlite"
    place = Files(folder) if on_files else Server(request.getfixturevalue("postgres"))
    with crashes(place, folder / "run", nursery) as made:
        yield made


def test_a_killed_run_publishes_nothing_or_all_and_the_next_completes(prepared: Crashes) -> None:
    seen = [prepared.kill(**moment) for moment in (*MOMENTS, {"step": "published"})]
    assert seen == ["before"] * len(MOMENTS) + ["after"]
    assert prepared.in_time == len(MOMENTS) + 1


def test_two_runs_at_once_end_as_if_one_had_run(prepared: Crashes, nursery: Nursery) -> None:
    with prepared.attempt() as job:
        messages = [outcome.get("message", outcome.get("error")) for outcome in nursery.run(job, job)]
        assert "no row changed" in messages
        assert published(job["url"]) == prepared.after
        assert tables_left(job["url"]) == prepared.rest
