"""Rows for other programs: JSON, CSV without formulas, Parquet; each comes back as it went."""

import csv
import io
import json
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from flows.export import Format, harmless, write, write_by_month
from models.errors import ExportError, SettingsError
from models.exact import with_decimals

SHANGHAI = pl.Datetime("us", "Asia/Shanghai")
FRAME = pl.DataFrame(
    {
        "id": [1, 2, 3],
        "published": [datetime(2022, 3, 31, 16, 30, tzinfo=UTC), datetime(2022, 3, 31, 15, 59, tzinfo=UTC), None],
        "subject": ["青禾物流", "=HYPERLINK(1)", "'引号"],
        "value": ["-0.05", None, "12345678901234567.12345678"],
        "period_start": [date(2022, 1, 1), None, None],
        "text": ["-0.05元", '3亿元,\n"约"', ""],
    }
).with_columns(pl.col("published").dt.convert_time_zone("Asia/Shanghai"))
PIECES = [FRAME[:2], FRAME[2:]]


def written(form: Format, folder: Path, frames: list[pl.DataFrame] = PIECES) -> bytes:
    write(iter(frames), form, folder / "rows")
    assert [path.name for path in folder.iterdir()] == ["rows"]
    return (folder / "rows").read_bytes()


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+86 10", "'+86 10"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("\n=1", "'\n=1"),
        ("＝1+1", "'＝1+1"),
        ("-0.05元", "'-0.05元"),
        ("-1+1", "'-1+1"),
        ("-", "'-"),
        ("-5\n=1", "'-5\n=1"),
        ("'=1", "''=1"),
        ("-0.05", "-0.05"),
        ("+5", "+5"),
        ("12.5%", "12.5%"),
        ("", ""),
        (None, None),
    ],
)
def test_no_cell_starts_a_formula_and_numbers_stay_numbers(value: str | None, cell: str | None) -> None:
    assert pl.DataFrame({"a": [value]}, schema={"a": pl.String}).select(harmless(pl.col("a"))).item() == cell


def test_csv_comes_back_as_it_was(tmp_path: Path) -> None:
    content = written(Format.CSV, tmp_path).decode("utf-8")
    rows = list(csv.DictReader(io.StringIO(content, newline="")))
    assert rows[0] == {
        "id": "1",
        "published": "2022-04-01T00:30:00+08:00",
        "subject": "青禾物流",
        "value": "-0.05",
        "period_start": "2022-01-01",
        "text": "'-0.05元",
    }
    again = pl.read_csv(tmp_path / "rows", schema_overrides={"value": pl.String}, try_parse_dates=True)
    again = again.with_columns(pl.col(pl.String).str.replace("^'", ""), pl.col("published").cast(SHANGHAI))
    assert again.equals(FRAME)


def test_json_comes_back_as_it_was(tmp_path: Path) -> None:
    content = written(Format.JSON, tmp_path).decode("utf-8")
    rows = json.loads(content)
    assert rows[0] == {
        "id": 1,
        "published": "2022-04-01T00:30:00+08:00",
        "subject": "青禾物流",
        "value": "-0.05",
        "period_start": "2022-01-01",
        "text": "-0.05元",
    }
    assert "青禾物流" in content
    assert [row["text"] for row in rows] == FRAME["text"].to_list()
    assert [row["value"] for row in rows] == FRAME["value"].to_list()


def test_no_rows_are_a_json_array_and_a_csv_header(tmp_path: Path) -> None:
    assert written(Format.JSON, tmp_path, [FRAME.clear()]) == b"[]\n"
    assert written(Format.CSV, tmp_path, [FRAME.clear()]) == b"id,published,subject,value,period_start,text\n"
    written(Format.PARQUET, tmp_path, [FRAME.clear()])
    assert pl.read_parquet(tmp_path / "rows").columns == FRAME.columns


def test_parquet_comes_back_with_exact_decimals_and_days(tmp_path: Path) -> None:
    written(Format.PARQUET, tmp_path)
    again = pl.read_parquet(tmp_path / "rows")
    assert again.equals(with_decimals(FRAME))
    assert again.schema == FRAME.schema | {"value": pl.Decimal(38, 12)}
    assert again["value"].to_list() == [Decimal("-0.05"), None, Decimal("12345678901234567.12345678")]


@pytest.mark.parametrize("value", ["0.0000000000001", "1" + "0" * 26])
def test_an_amount_that_parquet_has_no_room_for_is_named_and_nothing_written(tmp_path: Path, value: str) -> None:
    with pytest.raises(ExportError, match=rf"the value {value} does not fit"):
        write(pl.DataFrame({"value": [value]}), Format.PARQUET, tmp_path / "rows")
    assert list(tmp_path.iterdir()) == []
    written(Format.CSV, tmp_path, [pl.DataFrame({"value": [value]})])


def test_trailing_zeros_are_no_digits_too_many() -> None:
    frame = with_decimals(pl.DataFrame({"value": ["1.50000000000000000000", "-007"]}))
    assert frame["value"].to_list() == [Decimal("1.5"), Decimal(-7)]


def test_by_month_each_month_of_shanghai_is_a_file(tmp_path: Path) -> None:
    write_by_month(iter(PIECES), tmp_path / "all")
    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.parquet")) == [
        "all/published_month=2022-03/figures.parquet",
        "all/published_month=2022-04/figures.parquet",
        "all/published_month=__HIVE_DEFAULT_PARTITION__/figures.parquet",
    ]
    again = pl.read_parquet(tmp_path / "all", hive_partitioning=True).sort("id")
    assert again.drop("published_month").equals(with_decimals(FRAME))
    assert again["published_month"].to_list() == ["2022-04", "2022-03", None]


def test_by_month_takes_a_place_where_nothing_is(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"there is something at .* already"):
        write_by_month(iter(PIECES), tmp_path)


def test_what_breaks_off_leaves_the_old_file(tmp_path: Path) -> None:
    def broken() -> Iterator[pl.DataFrame]:
        yield FRAME
        raise KeyboardInterrupt

    (tmp_path / "rows").write_text("old")
    for form in (Format.CSV, Format.JSON, Format.PARQUET):
        with pytest.raises(KeyboardInterrupt):
            write(broken(), form, tmp_path / "rows")
    with pytest.raises(KeyboardInterrupt):
        write_by_month(broken(), tmp_path / "months")
    assert [path.name for path in tmp_path.iterdir()] == ["rows"]
    assert (tmp_path / "rows").read_text() == "old"


def test_a_link_stays_one_and_a_pipe_is_written_to(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "data" / "rows")
    write(FRAME, Format.CSV, tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "data" / "rows").read_bytes().startswith(b"id,")
    write(FRAME, Format.CSV, Path(os.devnull))
    assert not Path(os.devnull).is_file()


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"cannot write .*missing.*: No such file or directory"):
        write(FRAME, Format.CSV, tmp_path / "missing" / "out.csv")
    with pytest.raises(SettingsError, match=r"cannot write .*: Is a directory"):
        write(FRAME, Format.CSV, tmp_path)
