"""`tongbi figures` and `tongbi series`, as a person types them, on a database that holds three readings."""

import io
import json
import shutil
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from rich.cells import cell_len
from rich.console import Console
from typer.testing import CliRunner, Result

from flows.asking import read_moment, read_period
from flows.cli import app
from flows.figure_view import FIGURES, IMPLIED, SERIES, rows_table
from models.database import open_database
from models.errors import SettingsError
from models.queries import FigureFilter, SeriesFilter, find_figures, find_implied_levels, find_series
from models.values import Period, Reading
from models.vocabulary import Basis, Kind
from tests.models.making import NOW, SENTENCE, a_figure, an_article, run

CHANGED = SENTENCE.replace("655.58", "600.00")


def invoke(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> Path:
    """A home whose one article was corrected on the second day."""
    home = tmp_path_factory.mktemp("made")
    shutil.copy(migrated_file, home / "tongbi.db")
    engine = open_database(f"sqlite:///{home}/tongbi.db")
    for day, (words, value) in enumerate(((SENTENCE, "65558000000"), (CHANGED, "60000000000"))):
        quantity = words[words.index("营收") + 2 : words.index("，")]
        rate = a_figure(words, "84.32%", "84.32", kind=Kind.CHANGE_RATE, unit="%", basis=Basis.YOY)
        article = an_article(words, link="http://news.example/a.html")
        run(engine, [(article, Reading((a_figure(words, quantity, value), rate), ()))], now=NOW + timedelta(days=day))
    engine.dispose()
    return home


@pytest.fixture
def home(made: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TONGBI_HOME", str(made))
    monkeypatch.delenv("TONGBI_DATABASE_URL", raising=False)
    return made


def test_a_figure_is_shown_with_what_corrects_its_article(made: Path, tmp_path: Path) -> None:
    home = tmp_path / "corrected"
    home.mkdir()
    shutil.copy(made / "tongbi.db", home)
    engine = open_database(f"sqlite:///{home}/tongbi.db")
    later = an_article().published or NOW
    title = "更正：海峡重工季报"
    fixed = an_article(CHANGED, "202204180002", title=title, published=later + timedelta(hours=2))
    run(engine, [(fixed, Reading((a_figure(CHANGED, "600.00亿元", "60000000000"),), ()))], now=NOW + timedelta(days=2))
    engine.dispose()
    shown = [
        CliRunner().invoke(app, ["figures", "--show", number], env={"TONGBI_HOME": str(home)}).stdout
        for number in ("1", "5")
    ]
    assert "corrected by  202204180002, 2022-04-18 11:30:00: 更正：海峡重工季报 (更正)" in shown[0]
    assert "corrects    202204180001, 2022-04-18 09:30:00: 海峡重工季报 (更正)" in shown[1]


def rows_of(*arguments: object) -> list[dict[str, Any]]:
    done = invoke(*arguments, "--format", "json")
    assert done.exit_code == 0, done.stderr
    rows: list[dict[str, Any]] = json.loads(done.stdout)
    return rows


def test_as_of_gives_what_was_known_then(home: Path) -> None:
    now, then = rows_of("figures"), rows_of("figures", "--as-of", "2022-04-20T08:59")
    assert [row["text"] for row in now] == ["600.00亿元", "84.32%"]
    assert [row["text"] for row in then] == ["655.58亿元", "84.32%"]
    assert then[0]["known_from"] == "2022-04-19T09:00:00+08:00"
    # The correction became known at nine in the morning in Shanghai, one o'clock in Greenwich.
    for moment in ("2022-04-20T09:00", "2022-04-20T01:00Z", "2022-04-20T10:00+09:00", "2022-04-20"):
        assert rows_of("figures", "--as-of", moment) == now
    assert rows_of("figures", "--as-of", "2022-04-18") == []


def test_filters_work_together(home: Path) -> None:
    wanted = ("--entity", "海峡", "--metric", "营收", "--period", "2022Q1", "--status", "actual", "--source", "posts")
    assert len(rows_of("figures", *wanted, "--text", "一季度", "--since", "2022-04-18", "--until", "2022-04-18")) == 2
    assert [row["text"] for row in rows_of("figures", "--sort", "amount", "--reverse", "--limit", 1)] == ["84.32%"]
    assert rows_of("figures", "--status", "forecast") == []
    assert len(rows_of("figures", "--period", "2022-01..2022-06")) == 2
    assert rows_of("figures", "--period", "2022") == []


def test_a_figure_is_shown_with_its_history(home: Path) -> None:
    (old, _) = rows_of("figures", "--as-of", "2022-04-19T09:00")
    shown = invoke("figures", "--show", old["id"]).stdout
    for words in (
        "海峡重工一季度营收⟦655.58亿元⟧，同比增长84.32%。",
        "655.58亿 CNY",
        "65557500000 … 65558500000 CNY",
        "营收 = revenue",
        "http://news.example/a.html",
        "quantity.money; metric.before",
        "the article changed: revision 2",
        "600.00亿元 (600亿 CNY)",
        "stands in its place",
    ):
        assert words in shown
    assert "It is what is known now." in invoke("figures", "--show", rows_of("figures")[0]["id"]).stdout


def test_series_and_implied_levels_can_be_had_in_every_form(home: Path, tmp_path: Path) -> None:
    (rate, level) = rows_of("series", "--entity", "海峡重工", "--metric", "营收")
    assert (level["value"], level["articles"], level["agree"]) == ("60000000000", 1, True)
    assert (rate["value"], rate["basis"]) == ("84.32", "yoy")
    assert "600亿 CNY" in invoke("series").stdout
    (implied,) = rows_of("series", "--implied")
    assert (implied["period_start"], implied["low"]) == ("2021-01-01", "32550929065.5")
    assert "325.5亿 … 325.54亿 CNY" in invoke("series", "--implied").stdout
    assert invoke("series", "--format", "parquet", "--output", tmp_path / "s.parquet").exit_code == 0
    assert pl.read_parquet(tmp_path / "s.parquet")["value"].to_list() == [Decimal("84.32"), Decimal(60000000000)]
    assert invoke("series", "--entity", "nobody").stderr.startswith("no series; ")


def test_every_form_of_export_has_every_figure(home: Path, tmp_path: Path) -> None:
    for name, form in (("a.csv", "csv"), ("a.json", "json"), ("a.parquet", "parquet")):
        assert invoke("figures", "--format", form, "--output", tmp_path / name).exit_code == 0
    csv, parquet = pl.read_csv(tmp_path / "a.csv"), pl.read_parquet(tmp_path / "a.parquet")
    assert csv["text"].to_list() == parquet["text"].to_list() == ["600.00亿元", "84.32%"]
    assert parquet["value"].to_list() == [Decimal(60000000000), Decimal("84.32")]
    assert invoke("figures", "--format", "parquet", "--by-month", "--output", tmp_path / "all").exit_code == 0
    assert pl.read_parquet(tmp_path / "all").height == 2
    again = invoke("figures", "--format", "parquet", "--by-month", "--output", tmp_path / "all")
    assert (again.exit_code, again.stderr.count("\n")) == (2, 2)


@pytest.mark.parametrize(
    ("arguments", "fact"),
    [
        (("--as-of", "yesterday"), "--as-of is 'yesterday', which is no time"),
        (("--as-of", "2022-02-30T09:00"), "--as-of is '2022-02-30T09:00', which is no time"),
        (("--as-of", "2022-04-20T25:00"), "which is no time"),
        (("--as-of", "20220420"), "which is no time"),
        (("--period", "2022Q5"), "--period is '2022Q5', which is no period"),
        (("--period", "2022-13"), "which is no period"),
        (("--period", "2022-06..2022-01"), "--period ends before it begins"),
        (("--since", "2022-04-19", "--until", "2022-04-18"), "--since 2022-04-19 is after --until 2022-04-18"),
        (("--show", "999999"), "there is no figure 999999"),
        (("--show", "1", "--entity", "a"), "--show shows the one figure of an id"),
        (("--by-month",), "--by-month makes a folder of Parquet files"),
        (("--by-month", "--format", "parquet", "--output", "x", "--sort", "amount"), "goes by the day of publication"),
    ],
)
def test_wrong_use_is_one_clear_line_and_the_next_step(home: Path, arguments: tuple[str, ...], fact: str) -> None:
    done = invoke("figures", *arguments)
    assert done.exit_code == 2
    first, second = done.stderr.splitlines()
    assert fact in first
    assert second.startswith("next: ")


def test_a_period_and_a_moment_are_read_as_they_are_meant() -> None:
    assert str(read_period("2020-02")[0].end) == "2020-02-29"
    assert read_period("2022h2") == (Period(read_period("2022Q3")[0].start, read_period("2022Q4")[0].end), False)
    assert read_period("2022-04-18..2022-04-18")[1]
    assert read_moment("2022-04-20 09:00:01.5").isoformat() == "2022-04-20T09:00:01.500000+08:00"
    with pytest.raises(SettingsError):
        read_moment("2022-04-20T09:00 Asia/Tokyo")


@pytest.mark.parametrize("width", [80, 120, 200])
def test_tables_fit_the_terminal(home: Path, width: int) -> None:
    """Each line is as wide as the terminal at most, with Chinese as wide as it is; amounts are on one line."""
    engine = open_database(f"sqlite:///{home}/tongbi.db")
    tables = (
        (find_figures(engine, FigureFilter()), FIGURES, "600亿 CNY"),
        (find_series(engine, SeriesFilter()), SERIES, "600亿 CNY"),
        (find_implied_levels(engine, SeriesFilter()), IMPLIED, "325.5亿 … 325.54亿 CNY"),
    )
    for rows, columns, amount in tables:
        long = rows.with_columns(pl.lit("31个省（自治区、直辖市）和新疆生产建设兵团报告").alias(
            "subject" if columns is FIGURES else "entity_name"
        ))  # fmt: skip
        screen = Console(file=io.StringIO(), width=width, force_terminal=False)
        with screen.capture() as captured:
            screen.print(rows_table(long, columns, width))
        shown = captured.get()
        assert amount in shown
        assert max(cell_len(line) for line in shown.splitlines()) <= width
    engine.dispose()
