"""The commands around the database, as a person types them."""

import csv
import io
import json
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from flows.cli import app
from tests.flows.posts import CLEAN, MALFORMED, code_of, write_post
from tests.flows.shell import PROJECT, tongbi

RUNNER = CliRunner()


def invoke(*arguments: object) -> Result:
    return RUNNER.invoke(app, [str(argument) for argument in arguments])


def test_the_version_is_that_of_the_package() -> None:
    declared = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    done = invoke("--version")
    assert (done.exit_code, done.stdout) == (0, f"tongbi {declared}\n")


@pytest.fixture(scope="module")
def filled(prefect_server: None, tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, Path]:
    """Run the command on one clean and one malformed post, and give what it says and its home."""
    folder = tmp_path_factory.mktemp("filled")
    write_post(folder / "archive", 1, CLEAN)
    write_post(folder / "archive", 2, MALFORMED)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("TONGBI_HOME", str(folder / "home"))
        return invoke("run", "--source", folder / "archive"), folder / "home"


@pytest.fixture
def done_run(filled: tuple[Result, Path], monkeypatch: pytest.MonkeyPatch) -> Result:
    """Give what the run said, and stand in its home."""
    monkeypatch.setenv("TONGBI_HOME", str(filled[1]))
    return filled[0]


@pytest.mark.slow
def test_a_run_ends_with_what_it_found_and_what_comes_next(done_run: Result) -> None:
    assert done_run.exit_code == 1
    shown = done_run.stdout
    assert "5.32亿 CNY" in shown
    assert "营业收入⟦655.58.1亿元⟧，同比增长8.4%。" in shown
    assert "numeral_is_well_formed" in shown
    assert " ".join(next(line for line in shown.splitlines() if line.startswith("published")).split()) == (
        "published 3 figures of 2 articles"
    )
    assert shown.splitlines()[-1] == "failed: what is clean is published; next: tongbi quarantine list"


@pytest.mark.slow
def test_what_was_published_can_be_had_in_every_form(done_run: Result, tmp_path: Path) -> None:
    assert "532000000" in invoke("figures", "--entity", "青禾物流", "--format", "csv").stdout
    rows = json.loads(invoke("figures", "--metric", "营业收入", "--limit", 1, "--format", "json").stdout)
    assert [row["metric"] for row in rows] == ["营业收入"]
    assert "5.32亿 CNY" in invoke("figures").stdout
    target = tmp_path / "all.csv"
    assert invoke("figures", "--output", target).exit_code == 0
    assert len(list(csv.DictReader(io.StringIO(target.read_text(encoding="utf-8"))))) == 3
    assert invoke("figures", "--since", "2022-04-19").stderr.startswith("no figures")


@pytest.mark.slow
def test_the_quarantine_shows_the_sentence_and_the_rule(done_run: Result) -> None:
    listed = invoke("quarantine", "list")
    assert code_of(2) in listed.stdout
    assert "⟦655.58.1亿元⟧" in listed.stdout
    assert "nothing is quarantined" in invoke("quarantine", "list", "--state", "released").stderr
    (row,) = json.loads(invoke("quarantine", "list", "--format", "json").stdout)
    assert (row["text"], row["state"]) == ("655.58.1亿元", "open")


def test_a_database_that_is_not_there_is_not_made(home: Path) -> None:
    done = invoke("figures")
    assert done.exit_code == 2
    assert done.stderr == (
        f"there is no database at {home}/tongbi.db\nnext: run `tongbi run --source sample` first, or name --home\n"
    )
    assert not home.exists()


def test_a_corrupt_database_is_said_to_be_one(home: Path, tmp_path: Path) -> None:
    home.mkdir()
    (home / "tongbi.db").write_text("this is not a database" * 100)
    write_post(tmp_path / "archive", 1, CLEAN)
    for arguments in (("figures",), ("quarantine", "list"), ("run", "--source", tmp_path / "archive")):
        done = invoke(*arguments)
        assert done.exit_code == 2
        assert "is no SQLite database" in done.stderr
        assert done.stderr.count("\n") == 2


@pytest.mark.parametrize(
    ("arguments", "fact"),
    [
        (("run",), "Missing option '--source'"),
        (("run", "--source", "nowhere"), "no source and no folder is called 'nowhere'"),
        (("run", "--source", "sample", "--since", "2022-02-30"), "--since is '2022-02-30', which is no day"),
        (("run", "--source", "sample", "--since", "2022-02-02", "--until", "2022-02-01"), "is after --until"),
        (
            ("run", "--source", "sample", "--home", "/dev/null/home"),
            "cannot create the folder /dev/null/home",
        ),
        (("explain", "营收3亿元", "--published", "18.4.2022"), "which is no day"),
        (("explain", "  ", "--published", "2022-04-18"), "the text is empty"),
        (("figures", "--format", "xml"), "'xml' is not one of"),
    ],
)
def test_wrong_use_is_said_in_plain_lines(home: Path, arguments: tuple[str, ...], fact: str) -> None:
    done = invoke(*arguments)
    assert done.exit_code == 2
    assert fact in done.stderr
    assert "Traceback" not in done.stderr


def test_the_sample_is_found_from_any_folder(tmp_path: Path) -> None:
    done = tongbi("run --source nowhere", cwd=tmp_path, TONGBI_HOME=str(tmp_path / "home"))
    assert "known sources: sample, sample-malformed" in done.stderr


def test_explain_marks_the_figures_and_names_the_rest() -> None:
    done = invoke("explain", "4月18日，公司营收3亿元，同比增长5%。", "--published", "2022-04-18")
    assert done.exit_code == 0
    lines = [line.strip() for line in done.stdout.splitlines()]
    assert lines[0] == "4月18日，公司营收⟦3亿元⟧，同比增长⟦5%⟧。"
    assert "1. 3亿元  3亿 CNY  (10…13)" in lines
    assert ["basis", "yoy"] in [line.split() for line in lines]
    assert ["4月18日", "(0…5)", "date", "says", "when:", "2022-04-18"] in [line.split() for line in lines]
    assert "metric     营收 = revenue  (inherited from earlier in the sentence, 8…10)" in lines


def test_an_interrupt_is_one_line_and_status_130(tmp_path: Path) -> None:
    program = [sys.executable, "-c", "from flows.cli import main; main()", "extract", "-"]
    running = subprocess.Popen(
        program, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert running.stdin is not None
    running.stdin.write('{"id": "a", "published": "2022-04-18", "text": ""}\n')
    running.stdin.flush()
    time.sleep(1)
    running.send_signal(signal.SIGINT)
    _, error = running.communicate(timeout=10)
    assert running.returncode == 130
    assert error == "interrupted; what was published before stands as it was\n"
