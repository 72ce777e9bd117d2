"""`tongbi quarantine show, release, reject, replay, export-golden`, as a person types them."""

import getpass
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from flows.cli import app
from flows.settings import SILENT
from models.values import Article, Reading
from tasks.reading import read_figures
from tests.flows.posts import CLEAN, MALFORMED, code_of, write_post
from tests.flows.reviewed import database, fill, ingest
from tests.models.making import rows

pytestmark = pytest.mark.databases

SEATS = "一季度，松涛航空客座率为101.2%，同比提高3.5个百分点。"
CURRENT = "SELECT text, value FROM figure WHERE known_to IS NULL ORDER BY info_code, start"


def invoke(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def quarantine(*arguments: object) -> Result:
    return invoke("quarantine", *arguments)


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let a replay, which sets what Prefect reads, leave nothing behind."""
    given = SILENT | {"PREFECT_HOME": str(tmp_path / "prefect"), "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL"}
    for name, value in given.items():
        monkeypatch.setenv(name, os.environ.get(name, value))


@pytest.fixture(scope="module")
def posts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("posts")
    for number, text in enumerate((CLEAN, MALFORMED, SEATS), start=1):
        write_post(folder, number, text)
    return folder


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, posts: Path) -> Path:
    home = tmp_path_factory.mktemp("made") / "home"
    ingest(home, posts)
    return home


@pytest.fixture
def filled(home: Path, made: Path, posts: Path) -> Path:
    """A home with two open rows: 1 is the figure 101.2%, 2 the broken number."""
    return fill(home, made, posts)


def current(home: Path) -> list[tuple[object, ...]]:
    with database(home) as engine:
        return rows(engine, CURRENT)


def test_a_row_is_shown_with_its_sentence_its_rule_and_what_comes_next(filled: Path) -> None:
    shown = quarantine("show", 1)
    assert shown.exit_code == 0
    for words in (
        "一季度，松涛航空客座率为⟦101.2%⟧，同比提高3.5个百分点。",
        "share_is_within_whole: A part cannot be more than its whole.",
        "101.2 %",
        "0 … 100 %",
        "batch 1 of posts",
        'tongbi quarantine release 1 --reason "…"',
        'tongbi quarantine reject 1 --reason "…"',
        "tongbi quarantine replay 1",
        f"tongbi explain '{SEATS}' --published 2022-04-18",
    ):
        assert words in shown.stdout
    assert "history" not in shown.stdout


def test_release_publishes_and_history_tells_it(filled: Path) -> None:
    assert ("101.2%", "101.2") not in current(filled)
    done = quarantine("release", 1, "--reason", "婴儿不占座", "--who", "李明")
    assert (done.exit_code, done.stdout) == (0, "released: 1 row; 1 row published as it stands (batch 2)\n")
    assert ("101.2%", "101.2") in current(filled)
    shown = quarantine("show", 1).stdout
    assert "1 figure, released" in shown
    assert "李明: release, 婴儿不占座\n    open before, published as it is (batch 2)" in shown
    assert "quarantine release" not in shown
    assert "released by 李明: 婴儿不占座" in quarantine("list", "--state", "released").stdout
    assert "nothing is quarantined" in quarantine("list", "--article", code_of(3)).stderr


def test_reject_keeps_out_and_the_login_name_signs(filled: Path) -> None:
    done = quarantine("reject", 2, "--reason", "原文有误")
    assert (done.exit_code, done.stdout) == (0, "rejected: 1 row; kept out for good\n")
    (row,) = json.loads(quarantine("list", "--state", "rejected", "--format", "json").stdout)
    assert (row["id"], row["who"], row["reason"]) == (2, getpass.getuser(), "原文有误")


def test_a_filter_shows_what_it_takes_in_and_does_it_with_yes(filled: Path) -> None:
    filtered = ("reject", "--expectation", "numeral_is_well_formed", "--reason", "原文有误")
    trial = quarantine(*filtered)
    assert trial.exit_code == 0
    assert "营业收入⟦655.58.1亿元⟧，同比增长8.4%。" in trial.stdout
    assert "would be rejected: 1 row; kept out for good" in trial.stdout
    assert trial.stderr == "nothing was done; --yes does it\n"
    assert quarantine(*filtered, "--yes", "--dry-run").stderr == "nothing was done\n"
    assert "655.58.1" in quarantine("list").stdout
    assert quarantine(*filtered, "--yes").stdout == "rejected: 1 row; kept out for good\n"
    assert "655.58.1" not in quarantine("list").stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("release",), "no row is named"),
        (("release", 1), "a decision needs a reason"),
        (("release", 1, 7, 8, "--reason", "x"), "the quarantine has no row 7, 8"),
        (("show", 9), "the quarantine has no row 9"),
        (("replay", 9), "the quarantine has no row 9"),
        (("reject", 1, "--article", "x", "--reason", "x"), "rows are named both by numbers and by a filter"),
        (("reject", "--expectation", "no_such", "--reason", "x"), "the quarantine has no open row that failed no_such"),
        (("replay", "--article", "x"), "the quarantine has no open row of the article x"),
        (("export-golden", "--output", "/no/such/folder/cases.jsonl"), "cannot write /no/such/folder/cases.jsonl"),
    ],
)
def test_what_cannot_be_done_is_said_in_two_lines(filled: Path, arguments: tuple[object, ...], said: str) -> None:
    done = quarantine(*arguments)
    assert done.exit_code == 2
    fact, next_step = done.stderr.splitlines()
    assert fact.startswith(said)
    assert next_step.startswith("next: ")


def test_a_decision_twice_is_said(filled: Path) -> None:
    quarantine("release", 1, "--reason", "x")
    again = quarantine("release", 1, "--reason", "x")
    assert (again.exit_code, again.stderr.splitlines()[0]) == (2, "1 is released already")


def test_a_database_that_is_not_there_is_said(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TONGBI_DATABASE_URL", raising=False)
    assert quarantine("release", 1, "--reason", "x").stderr.startswith("there is no database at")


def test_replay_publishes_what_the_engine_of_today_reads_rightly(home: Path, posts: Path) -> None:
    def misread(article: Article) -> Reading:
        reading = read_figures(article)
        wrong = (replace(each, value=each.value and each.value * 10_000) for each in reading.figures)
        return replace(reading, figures=tuple(wrong) if "青禾物流" in article.text else reading.figures)

    ingest(home, posts, misread)
    assert ("5.32亿元", "532000000") not in current(home)
    done = quarantine("replay", "--article", code_of(1), "--who", "李明", "--reason", "引擎已改")
    assert done.exit_code == 0
    assert f"{code_of(1)} figure_reads_as_stored: passes now: 5.32亿元 = 532000000 CNY" in done.stdout
    assert "replayed 2 rows: 2 settled, 0 open; 2 figures of 1 article" in done.stdout.replace("articles", "article")
    assert ("5.32亿元", "532000000") in current(home)
    assert "李明: replay, 引擎已改" in quarantine("show", 1).stdout


def test_replay_of_all_says_what_fails_again_and_ends_with_1(filled: Path) -> None:
    assert quarantine("replay", "--dry-run").stderr == "2 rows would be replayed; nothing was done\n"
    done = quarantine("replay")
    assert done.exit_code == 1
    assert f"1 {code_of(3)} share_is_within_whole: fails again: " in done.stdout
    assert "replayed 2 rows: 0 settled, 2 open; no row changed" in done.stdout
    assert "next: tongbi quarantine show 1 2" in done.stdout


def test_replay_asks_for_no_document_that_is_not_kept(filled: Path) -> None:
    for kept in (filled / "raw").rglob("*"):
        if kept.is_file():
            kept.unlink()
    done = quarantine("replay", 1)
    assert done.exit_code == 1
    assert "not replayed: " in done.stdout
    assert "1 article could not be read again" in done.stdout


def test_decisions_are_exported_as_cases(filled: Path, tmp_path: Path) -> None:
    quarantine("release", 1, "--reason", "婴儿不占座", "--who", "李明")
    quarantine("reject", 2, "--reason", "原文有误", "--who", "李明")
    target = tmp_path / "cases.jsonl"
    done = quarantine("export-golden", "--output", target)
    assert (done.exit_code, done.stderr) == (0, f"2 cases written to {target}\n")
    released, rejected = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert (released["verdict"], released["kind"], released["sentence"]) == ("released", "figure", SEATS)
    assert (released["article"]["published"], released["article"]["text"]) == ("2022-04-18T09:30:00+08:00", SEATS)
    assert (released["row"]["value"], released["row"]["unit"], released["who"]) == ("101.2", "%", "李明")
    assert (rejected["verdict"], rejected["row"]["text"], rejected["reason"]) == (
        "rejected",
        "655.58.1亿元",
        "原文有误",
    )
    assert quarantine("export-golden").stdout == target.read_text(encoding="utf-8")
