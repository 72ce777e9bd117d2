"""The database itself refuses what is malformed, whatever wrote it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, Table, insert, text

from models.audit import AuditOutcome
from models.database import open_database, writing
from models.errors import DatabaseError
from models.publishing import publish_batch
from models.tables import ArticleRow, FigureRow, NumberRow, QuarantineRow, all_tables, table_of
from models.tables.staged import StagedFigureRow
from tests.databases import DIALECTS, migrated_database
from tests.models.making import NOW, SENTENCE, read_as, rows, stage


@pytest.fixture(scope="module", params=DIALECTS)
def refusing(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """One article, its two figures and two numbers, for tests whose rows are refused, so that nothing changes."""
    folder = tmp_path_factory.mktemp("refusing")
    with migrated_database(request.param, folder, request) as url:
        engine = open_database(url)
        publish_batch(engine, stage(engine, [read_as()]).batch_id, AuditOutcome(), now=NOW)
        yield engine
        engine.dispose()


@pytest.fixture
def published(engine: Engine) -> Engine:
    """The same, for tests that add to it."""
    publish_batch(engine, stage(engine, [read_as()]).batch_id, AuditOutcome(), now=NOW)
    return engine


def add_copy(engine: Engine, table: Table, **changes: Any) -> None:
    """Insert a copy of the first row of a table with some columns changed."""
    with writing(engine) as connection:
        row = dict(connection.execute(table.select().order_by(table.c.id).limit(1)).mappings().one())
        del row["id"]
        connection.execute(insert(table), row | changes)


# 一季度 stands at 4 … 7 of the sentence, where no figure is yet.
FREE = {"start": 4, "end": 7, "text": "一季度"}


def test_a_copy_at_another_place_is_accepted(published: Engine) -> None:
    assert SENTENCE[4:7] == "一季度"
    add_copy(published, table_of(FigureRow), **FREE)
    a_range = {"bound": "range", "value": None, "low": Decimal("5E+8"), "high": Decimal("6E+8")}
    add_copy(published, table_of(FigureRow), start=0, end=4, text="海峡重工", **a_range)
    assert rows(published, "SELECT low, high FROM figure WHERE bound = 'range'") == [("500000000", "600000000")]


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"kind": "amount"}, "ck_figure_kind"),
        ({"bound": "around"}, "ck_figure_bound"),
        ({"basis": "同比"}, "ck_figure_basis"),
        ({"status": "ACTUAL"}, "ck_figure_status"),
        ({"bound": "range"}, "ck_figure_range"),
        ({"value": None}, "ck_figure_value_or_range"),
        ({"bound": "range", "low": Decimal(1), "high": Decimal(2)}, "ck_figure_value_or_range"),
        ({"low": Decimal(1), "high": Decimal(2)}, "ck_figure_range"),
        ({"bound": "range", "value": None, "low": Decimal(1)}, "ck_figure_range_ends"),
        ({"bound": "range", "value": None, "low": Decimal(10), "high": Decimal(9)}, "ck_figure_low_high"),
        (
            {"bound": "range", "value": None, "low": Decimal("-1"), "high": Decimal("-1.01")},
            "ck_figure_low_high",
        ),
        ({"value": Decimal("NaN")}, "ck_figure_value"),
        ({"value": Decimal("-Infinity")}, "ck_figure_value"),
        ({"period_end": None}, "ck_figure_period_ends"),
        ({"period_start": "2022-04-01"}, "ck_figure_period"),
        (
            {"start": -2, "end": -1, "text": "。"},
            "ck_figure_span",
        ),  # SQLite's substr counts these from the end
        ({"end": 4, "text": ""}, "ck_figure_span"),
        ({"metric_id": "no_such_metric"}, "FOREIGN KEY"),
        ({"entity_id": "no_such_entity"}, "FOREIGN KEY"),
        ({"batch_id": 99}, "FOREIGN KEY"),
        ({"known_to": "2022-04-18"}, "ck_figure_known"),
        ({"unit": None}, "NOT.NULL"),
        ({"start": 9, "end": 17, "text": "655.58亿元"}, "UNIQUE"),
    ],
)
def test_a_malformed_figure_is_refused(refusing: Engine, changes: dict[str, Any], constraint: str) -> None:
    days = {name: _day(value) for name, value in changes.items()}
    with pytest.raises(DatabaseError, match=rf"(?i)refuses a row: .*({constraint})"):
        add_copy(refusing, table_of(FigureRow), **(FREE | days))


def _day(value: Any) -> Any:
    if value == "2022-04-18":
        return datetime(2022, 4, 18, tzinfo=UTC)
    return date.fromisoformat(value) if isinstance(value, str) and value.startswith("2022-") else value


def test_amounts_are_compared_as_numbers_and_not_as_text(published: Engine) -> None:
    ends = {"low": Decimal("9"), "high": Decimal("10")}
    add_copy(published, table_of(FigureRow), **FREE, bound="range", value=None, **ends)
    assert rows(published, "SELECT count(*) FROM figure") == [(3,)]


def test_ends_that_differ_beyond_a_double_are_no_reason_to_refuse(published: Engine) -> None:
    ends = {"low": Decimal("12345678901234567.12345677"), "high": Decimal("12345678901234567.12345678")}
    add_copy(published, table_of(FigureRow), **FREE, bound="range", value=None, **ends)
    assert rows(published, "SELECT low FROM figure WHERE bound = 'range'") == [(str(ends["low"]),)]


@pytest.mark.parametrize("model", [FigureRow, NumberRow])
@pytest.mark.parametrize(
    "changes", [{"text": "二季度"}, {"start": 5}, {"end": 8}, {"revision": 2}, {"info_code": "another"}]
)
def test_text_that_is_not_the_slice_is_refused(
    refusing: Engine, model: type[FigureRow | NumberRow], changes: dict[str, Any]
) -> None:
    table = table_of(model)
    with pytest.raises(DatabaseError, match=f"{table.name}: text is not the slice of its article at start, end"):
        add_copy(refusing, table, **(FREE | changes))
    name, value = next(iter(changes.items()))
    with pytest.raises(DatabaseError, match="text is not the slice"), writing(refusing) as connection:
        connection.execute(table.update().values({name: value}))


def test_offsets_count_characters_and_not_bytes(engine: Engine) -> None:
    words = "𠮷野家Ａ股营收655.58亿元，同比增长84.32%。"
    publish_batch(engine, stage(engine, [read_as(words)]).batch_id, AuditOutcome(), now=NOW)
    found = rows(engine, "SELECT start, text FROM figure ORDER BY start")
    assert found == [(7, "655.58亿元"), (20, "84.32%")]


def test_the_text_of_a_published_article_is_fixed(refusing: Engine) -> None:
    for change in ("text = 'x'", "revision = 2", "info_code = 'x'"):
        with (
            pytest.raises(DatabaseError, match="the text of a revision never changes"),
            writing(refusing) as connection,
        ):
            connection.execute(text(f"UPDATE article SET {change}"))


def test_a_published_article_with_rows_cannot_be_deleted(refusing: Engine) -> None:
    with pytest.raises(DatabaseError, match=r"(?i)foreign key"), writing(refusing) as connection:
        connection.execute(text("DELETE FROM article"))


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({}, "UNIQUE"),  # a second current row of the same article
        ({"shape": "pdf"}, "ck_article_shape"),
        ({"published_from": "guess"}, "ck_article_published_from"),
        ({"text_sha256": "abc"}, "ck_article_text_sha256"),
        ({"known_to": NOW, "revision": 7}, "FOREIGN KEY"),
        ({"known_to": NOW, "raw_sha256": "0" * 64}, "FOREIGN KEY"),
    ],
)
def test_a_malformed_article_is_refused(refusing: Engine, changes: dict[str, Any], constraint: str) -> None:
    with pytest.raises(DatabaseError, match=f"(?i){constraint}"):
        add_copy(refusing, table_of(ArticleRow), **changes)


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [({"role": "price"}, "ck_number_role"), ({"article_id": 99}, "text is not the slice|foreign key")],
)
def test_a_malformed_number_is_refused(refusing: Engine, changes: dict[str, Any], constraint: str) -> None:
    with pytest.raises(DatabaseError, match=f"(?i){constraint}"):
        add_copy(refusing, table_of(NumberRow), **(FREE | changes))


@pytest.mark.parametrize("column", ["row_kind", "severity", "state"])
def test_the_words_of_the_quarantine_are_closed(refusing: Engine, column: str) -> None:
    row = dict.fromkeys(("row_key", "info_code", "expectation", "observed", "allowed", "why"), "x")
    row |= {"row_kind": "figure", "severity": "row", "state": "open"}
    values = row | {"revision": 1, "row": {}, "first_seen_batch_id": 1, "last_seen_batch_id": 1}
    table = table_of(QuarantineRow)
    with pytest.raises(DatabaseError, match=f"ck_quarantine_{column}"), writing(refusing) as connection:
        connection.execute(insert(table), values | {column: "something"})


def test_staged_rows_may_be_malformed(engine: Engine) -> None:
    staged = stage(engine, [read_as()])
    table = table_of(StagedFigureRow)
    with writing(engine) as connection:
        bad = {"kind": "amount", "bound": "range", "start": -5, "end": -7, "text": "nowhere"}
        connection.execute(table.update().values(bad))
    assert rows(engine, "SELECT DISTINCT kind, start, text FROM staged_figure") == [("amount", -5, "nowhere")]
    assert staged.figures.height == 2


def test_published_and_staged_rows_have_the_same_fields() -> None:
    by_name = {table.name: set(table.columns.keys()) for table in all_tables()}
    keys = {
        "id",
        "article_id",
        "info_code",
        "revision",
        "engine_version",
        "batch_id",
        "known_from",
        "known_to",
    }
    staging = {"row_id", "article_row_id", "fingerprint", "condemned"}
    for name, of_article in (("figure", {"published"}), ("number", set())):
        assert by_name[name] - keys - of_article == by_name[f"staged_{name}"] - staging
