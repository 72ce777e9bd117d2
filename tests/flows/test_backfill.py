"""The flows `backfill` and `reextract`, in Prefect, with a real database and threads."""

import json
import shutil
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from flows.cli import app
from flows.progress import heard_by
from models.partitions import begin, enter, list_partitions
from models.queries import FigureFilter, count_current, find_figures
from models.vocabulary import PartitionState, Purpose
from tasks.engine import ENGINE_VERSION
from tests.flows.posts import CLEAN, MALFORMED, write_post

server = pytest.mark.usefixtures("prefect_server")
pytestmark = pytest.mark.databases
DAYS = ("2022-04-17", "2022-04-18", "2022-04-19")


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Three days with a post each, of which the second has a malformed one too."""
    folder = tmp_path / "archive"
    for number, day in enumerate(DAYS, start=1):
        write_post(folder, number, CLEAN, day)
    write_post(folder, 9, MALFORMED, DAYS[1])
    return folder


def run(name: str, source: Path, **parameters: Any) -> Any:
    from flows import backfill, reextract

    flow = {"backfill": backfill.backfill, "reextract": reextract.reextract}[name]
    return flow(source=str(source), return_state=True, workers=1, **parameters)


def ledger(engine: Any, source: Path, purpose: Purpose = Purpose.BACKFILL) -> dict[str, tuple[str, int, int, int]]:
    found = list_partitions(engine, purpose, str(source))
    return {str(p.first_day): (p.state.value, p.attempts, p.documents, p.rows_failed) for p in found}


def published(engine: Any) -> list[tuple[Any, ...]]:
    figures = find_figures(engine, FigureFilter()).sort("info_code", "start")
    return figures.select("info_code", "start", "text", "value").rows()


@server
def test_each_day_is_worked_on_once_and_what_is_done_stays_done(archive: Path, engine: Any) -> None:
    heard: list[tuple[str, int, int]] = []
    with heard_by(lambda *said: heard.append(said)):
        state = run("backfill", archive)
    assert state.is_failed()
    assert state.message == (
        "3 of 3 partitions done, 4 documents, 7 figures published; 1 rows malformed, 0 documents unreadable; "
        "next: tongbi quarantine list"
    )
    assert ledger(engine, archive) == {
        "2022-04-17": ("done", 1, 1, 0),
        "2022-04-18": ("done", 1, 2, 1),
        "2022-04-19": ("done", 1, 1, 0),
    }
    assert heard[-2:] == [("partitions", 3, 3), ("documents", 4, 4)]
    before = published(engine)
    assert run("backfill", archive).message == "nothing to do: 3 partitions ended before"
    assert ledger(engine, archive)["2022-04-18"] == ("done", 1, 2, 1)
    run("backfill", archive, since=date(2022, 4, 18), until=date(2022, 4, 18), only="all")
    assert (published(engine), ledger(engine, archive)["2022-04-18"]) == (before, ("done", 2, 2, 1))


@pytest.mark.long
@server
def test_a_partition_that_fails_stops_no_other_and_can_be_tried_alone(archive: Path, engine: Any) -> None:
    state = run("backfill", archive, strict=True)
    assert state.is_failed()
    assert "2 of 3 partitions done" in state.message
    assert "1 failed: 2022-04-18 (1 failures in a strict batch" in state.message
    assert state.message.endswith("next: tongbi backfill --only failed, tongbi quarantine list")
    assert count_current(engine).articles == 2
    assert "1 failed in an earlier run: 2022-04-18" in run("backfill", archive, strict=True).message
    again = run("backfill", archive, only="failed")
    assert "1 of 1 partition done" in again.message
    assert ledger(engine, archive)["2022-04-18"] == ("done", 2, 2, 1)
    assert count_current(engine).articles == 4


@server
def test_a_partition_of_a_dead_worker_is_taken_over(archive: Path, engine: Any) -> None:
    day = date.fromisoformat(DAYS[0])
    dead = enter(engine, Purpose.BACKFILL, str(archive), [(day, day)])[day, day]
    begin(engine, dead.id, 0, "elsewhere:1", datetime.now(UTC))
    run("backfill", archive, until=day)
    assert ledger(engine, archive) == {"2022-04-17": ("done", 2, 1, 0)}


@server
def test_the_archive_is_enough_and_nobody_is_asked(archive: Path, engine: Any) -> None:
    run("backfill", archive, by="month")
    before = published(engine)
    shutil.rmtree(archive)
    state = run("backfill", archive, only="all", replay=True, by="month")
    assert "1 of 1 partition done, 4 documents, 7 figures published" in state.message
    assert published(engine) == before


@pytest.mark.long
@server
def test_a_new_engine_reads_the_archive_anew(archive: Path, engine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    run("backfill", archive, by="month")
    shutil.rmtree(archive)
    assert run("reextract", archive).message == "nothing to do: 0 partitions ended before"
    for module in ("opening", "running", "work"):
        monkeypatch.setattr(f"flows.partitions.{module}.ENGINE_VERSION", "99")
    state = run("reextract", archive, since=date(2022, 4, 18))
    assert "2 of 2 partitions done, 3 documents, 5 figures published" in state.message
    versions = find_figures(engine, FigureFilter())
    assert versions.group_by("engine_version").len().sort("engine_version").rows() == [(ENGINE_VERSION, 2), ("99", 5)]
    assert set(ledger(engine, archive, Purpose.REEXTRACT)) == {"2022-04-18", "2022-04-19"}
    assert "1 of 1 partition done" in run("reextract", archive, by="month").message
    assert run("reextract", archive).message.startswith("nothing to do")


@server
def test_the_run_forms_describe_every_parameter() -> None:
    from flows import backfill, reextract

    for flow in (backfill.backfill, reextract.reextract):
        described = flow.parameters.properties
        assert all(field.get("description") for field in described.values()), flow.name
    assert backfill.backfill.parameters.properties["runner"]["enum"] == ["threads", "processes", "dask", "ray"]


@server
def test_a_run_leaves_its_progress_its_report_and_its_partitions(archive: Path, engine: Any) -> None:
    from prefect.client.orchestration import get_client

    run("backfill", archive, until=date(2022, 4, 17))
    with get_client(sync_client=True) as client:
        left = {each.key: each for each in sorted(client.read_artifacts(), key=lambda each: each.created)}
    assert left["backfill"].data == 100
    assert left["backfill"].description.startswith("1 of 1 partition, 1 of 1 document, ")
    (row,) = json.loads(left["backfill-partitions"].data)
    assert (row["partition"], row["state"], row["documents"]) == ("2022-04-17", PartitionState.DONE, "1")
    assert "1 of 1 partition done" in left["backfill-report"].data


def invoke(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_a_dry_run_shows_the_partitions_and_touches_nothing(archive: Path, engine: Any) -> None:
    done = invoke("backfill", "--source", archive, "--by", "week", "--dry-run")
    assert done.exit_code == 0
    cells = [[cell.strip() for cell in line.split("│")[1:-1]] for line in done.stdout.splitlines() if "…" in line]
    assert cells == [
        ["2022-04-11 … 2022-04-17", "1", "0", "1", "new", "worked on"],
        ["2022-04-18 … 2022-04-24", "3", "0", "3", "new", "worked on"],
    ]
    last = done.stdout.splitlines()[-1]
    assert last == "2 of 2 partitions would be worked on: 0 documents from the raw archive, 4 from the source"
    assert ledger(engine, archive) == {}


@pytest.mark.parametrize(
    ("arguments", "fact"),
    [
        (("--runner", "dask", "--address", "tcp://127.0.0.1:1"), "the database is SQLite, a file of this machine"),
        (("--address", "tcp://127.0.0.1:1"), "the runner threads has no address"),
        (("--replay", "--dry-run"), "nothing is kept of the source"),
        (("--since", "2022-04-19", "--until", "2022-04-18"), "is after --until"),
        (("--workers", "0"), "Invalid value for '--workers'"),
        (("--only", "some"), "'some' is not one of"),
        (("--since", "2030-01-01", "--dry-run"), "has no documents between 2030-01-01 and today"),
    ],
)
def test_wrong_use_is_said_in_plain_lines(
    home: Path, archive: Path, arguments: tuple[str, ...], fact: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TONGBI_DATABASE_URL", raising=False)
    done = invoke("backfill", "--source", archive, *arguments)
    assert done.exit_code == 2
    assert fact in done.stderr
    assert "Traceback" not in done.stderr
