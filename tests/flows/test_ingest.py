"""The flow from a folder of posts to published figures, in Prefect, with a real database."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from flows.progress import heard_by
from models.database import open_database
from models.errors import SourceError
from models.queries import (
    FigureFilter,
    count_current,
    find_batch,
    find_figures,
    list_quarantine,
    list_unreadable,
)
from tests.flows.posts import CLEAN, MALFORMED, code_of, write_post

pytestmark = [pytest.mark.slow, pytest.mark.databases, pytest.mark.usefixtures("prefect_server")]


def run(source: Path, **parameters: Any) -> Any:
    from flows.ingest import ingest

    return ingest(str(source), return_state=True, **parameters)


def artifact(key: str) -> list[dict[str, Any]]:
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterKey

    with get_client(sync_client=True) as client:
        found = client.read_artifacts(artifact_filter=ArtifactFilter(key=ArtifactFilterKey(any_=[key])))
    import json

    return json.loads(max(found, key=lambda each: each.created).data)


def test_what_is_clean_is_published(archive: Path, engine: Any) -> None:
    write_post(archive, 1, CLEAN)
    state = run(archive)
    assert state.is_completed()
    revenue, growth = find_figures(engine, FigureFilter()).sort("start").to_dicts()
    assert Decimal(revenue["value"]) == 532_000_000
    assert (revenue["unit"], revenue["metric"]) == ("CNY", "营业收入")
    assert (revenue["period_start"], revenue["period_end"]) == (date(2022, 1, 1), date(2022, 3, 31))
    assert (Decimal(growth["value"]), growth["basis"]) == (Decimal("12.5"), "yoy")


def test_the_same_run_twice_changes_no_row_and_says_so(archive: Path, engine: Any) -> None:
    write_post(archive, 1, CLEAN)
    run(archive)
    before = find_figures(engine, FigureFilter())
    state = run(archive)
    assert "no row changed" in state.message
    assert find_figures(engine, FigureFilter()).equals(before)


def test_a_malformed_figure_fails_the_run_and_the_rest_is_published(archive: Path, engine: Any) -> None:
    write_post(archive, 1, CLEAN)
    write_post(archive, 2, MALFORMED)
    state = run(archive)
    assert state.is_failed()
    for part in (code_of(2), "655.58.1亿元", "numeral_is_well_formed (1)", "next: tongbi quarantine list"):
        assert part in state.message
    assert "1 malformed in 1 article" in state.message
    kept_back = list_quarantine(engine)
    assert kept_back["text"].to_list() == ["655.58.1亿元"]
    published = find_figures(engine, FigureFilter())
    assert sorted(published["text"]) == ["12.5%", "5.32亿元", "8.4%"]


def test_strict_publishes_nothing(archive: Path, engine: Any) -> None:
    write_post(archive, 1, CLEAN)
    write_post(archive, 2, MALFORMED)
    state = run(archive, strict=True)
    assert state.is_failed()
    assert state.message.startswith("nothing was published")
    assert count_current(engine).articles == 0
    assert artifact("published") == []


def test_a_document_that_cannot_be_read_is_named_and_the_others_go_on(archive: Path, engine: Any) -> None:
    write_post(archive, 1, CLEAN)
    folder = write_post(archive, 2, CLEAN)
    folder.unlink()
    folder.mkdir()
    state = run(archive)
    assert state.is_failed()
    assert f"1 document could not be read: {folder}" in state.message
    assert list_unreadable(engine)["location"].to_list() == [str(folder)]
    assert count_current(engine).articles == 1


def test_the_days_choose(archive: Path, engine: Any) -> None:
    for number, day in enumerate(["2022-04-17", "2022-04-18", "2022-04-19"], start=1):
        write_post(archive, number, CLEAN, day)
    run(archive, since=date(2022, 4, 18), until=date(2022, 4, 18))
    assert find_figures(engine, FigureFilter())["info_code"].unique().to_list() == [code_of(2)]


def test_days_without_documents_are_an_error(archive: Path, engine: Any) -> None:
    write_post(archive, 1, CLEAN)
    state = run(archive, since=date(2030, 1, 1))
    with pytest.raises(SourceError, match="has no documents between 2030-01-01 and today"):
        state.result()
    assert find_batch(engine) is None


@pytest.mark.long
def test_chunks_make_no_difference(archive: Path, engine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(1, 6):
        write_post(archive, number, CLEAN)
    monkeypatch.setenv("TONGBI_CHUNK", "2")
    heard: list[tuple[str, int, int]] = []
    with heard_by(lambda *progress: heard.append(progress)):
        state = run(archive)
    assert [progress for progress in heard if progress[0] == "documents"] == [
        ("documents", done, 5) for done in (0, 2, 4, 5)
    ]
    assert state.result().documents == 5
    assert count_current(engine).figures == 10


def test_the_artifacts_show_rows_as_they_are_written(archive: Path, engine: Any) -> None:
    write_post(archive, 1, "今年一季度，*青禾*物流净利润下降3.5%。")
    write_post(archive, 2, MALFORMED)
    run(archive)
    fall = next(row for row in artifact("published") if row["text"] == "3.5%")
    assert fall["value"] == "-3.5"
    assert fall["sentence"] == r"今年一季度，\*青禾\*物流净利润下降3.5%。"
    (caught,) = artifact("quarantined")
    assert (caught["article"], caught["expectation"]) == (code_of(2), "numeral_is_well_formed")


def test_an_engine_that_fails_costs_one_article(archive: Path, engine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from tasks import reading

    read_text = reading.read_text

    def fail_on_one(text: str, published: date) -> Any:
        if "远川" in text:
            raise ZeroDivisionError("no such thing")
        return read_text(text, published)

    monkeypatch.setattr(reading, "read_text", fail_on_one)
    write_post(archive, 1, CLEAN)
    lost = write_post(archive, 2, "远川股份营业收入3亿元。")
    state = run(archive)
    assert state.is_failed()
    (row,) = list_unreadable(engine).to_dicts()
    assert row["location"] == str(lost)
    assert "the engine failed" in row["error"]
    assert "ZeroDivisionError" in row["error"]


@pytest.mark.parametrize("database_url", ["postgresql", pytest.param("sqlite", marks=pytest.mark.long)], indirect=True)
def test_a_run_is_the_same_on_each_database(
    archive: Path, home: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Clean, malformed, unreadable; and a batch that a killed run has staged is finished by the next."""
    monkeypatch.setenv("TONGBI_DATABASE_URL", database_url)
    write_post(archive, 1, CLEAN)
    write_post(archive, 2, MALFORMED)
    write_post(archive, 3, CLEAN).write_bytes(b"")
    engine = open_database(database_url)
    with pytest.MonkeyPatch.context() as killed:
        killed.setattr("tasks.publish.publish_batch", lambda *_, **__: 1 / 0)
        assert run(archive).is_failed()
    assert count_current(engine).figures == 0
    messages = [run(archive).message, run(archive).message]
    assert "1 malformed in 1 article" in messages[0]
    assert messages[1].startswith("no row changed")
    counts = count_current(engine)
    assert (counts.articles, counts.figures, counts.quarantined, counts.unreadable) == (2, 3, 1, 1)
    batches = [find_batch(engine, number) for number in (1, 2, 3)]
    assert [(each.state, each.figures_published) for each in batches if each] == [
        ("published", 3),
        ("published", 0),
        ("published", 0),
    ]
    engine.dispose()


def test_the_run_form_describes_every_parameter() -> None:
    from flows.ingest import ingest

    described = ingest.parameters.properties
    assert set(described) == {"source", "since", "until", "strict", "replay", "allow_shrink"}
    assert all(field.get("description") for field in described.values())
