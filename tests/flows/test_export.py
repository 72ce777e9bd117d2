"""Rows for other programs: JSON, CSV without formulas, Parquet."""

import csv
import io
import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from flows.export import Format, as_csv, as_json, harmless, write
from models.errors import SettingsError

FRAME = pl.DataFrame(
    {
        "subject": ["青禾物流", "=HYPERLINK(1)"],
        "value": ["-0.05", None],
        "period_start": [date(2022, 1, 1), None],
        "text": ["-0.05元", "3亿元"],
    }
)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+86 10", "'+86 10"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("＝1+1", "'＝1+1"),
        ("-0.05元", "'-0.05元"),
        ("-1+1", "'-1+1"),
        ("-0.05", "-0.05"),
        ("+5", "+5"),
        ("12.5%", "12.5%"),
        (-5, -5),
        (None, None),
    ],
)
def test_no_cell_starts_a_formula_and_numbers_stay_numbers(value: object, written: object) -> None:
    assert harmless(value) == written


def test_csv_has_every_row() -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(FRAME).decode("utf-8"))))
    assert rows[0] == {
        "subject": "青禾物流",
        "value": "-0.05",
        "period_start": "2022-01-01",
        "text": "'-0.05元",
    }
    assert rows[1]["subject"] == "'=HYPERLINK(1)"


def test_json_keeps_amounts_as_text_and_chinese_as_it_is() -> None:
    content = as_json(FRAME).decode("utf-8")
    assert json.loads(content)[0] == {
        "subject": "青禾物流",
        "value": "-0.05",
        "period_start": "2022-01-01",
        "text": "-0.05元",
    }
    assert "青禾物流" in content
    assert json.loads(as_json(FRAME.clear())) == []


def test_parquet_comes_back_as_it_was(tmp_path: Path) -> None:
    write(FRAME, Format.PARQUET, tmp_path / "figures.parquet")
    assert pl.read_parquet(tmp_path / "figures.parquet").equals(FRAME)


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"cannot write .*missing.*: No such file or directory"):
        write(FRAME, Format.CSV, tmp_path / "missing" / "out.csv")
