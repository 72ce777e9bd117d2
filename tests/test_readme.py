"""The README tells the truth: its sentence reads as its table says, its commands give what it shows."""

import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.cli import app
from flows.records import figure_record
from flows.settings import Settings
from models.corrections import read_corrections
from tasks.engine import read_text
from tests.flows.posts import MALFORMED, code_of

PROJECT = Path(__file__).resolve().parent.parent
README = (PROJECT / "README.md").read_text(encoding="utf-8")
TESTED = re.findall(r"<!-- tested -->\n```console\n\$ (.+)\n((?:.*\n)*?)```", README)
COMMANDS = re.findall(r"^tongbi ((?:quarantine )?[\w-]+)(.*?)(?:\s+#.*)?$", README, re.MULTILINE)


def table(heading: str) -> list[dict[str, str]]:
    """Give the rows of the markdown table whose first column is called `heading`."""
    lines = README[README.index(f"| {heading} |") :].split("\n\n")[0].splitlines()
    names, _, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [dict(zip(names, row, strict=True)) for row in rows]


def test_the_first_sentence_gives_the_rows_below_it() -> None:
    found = re.search(r"^> (.+) \((\d{4}-\d{2}-\d{2})\)$", README, re.MULTILINE)
    assert found
    text, published = found.groups()
    records = [figure_record(figure) for figure in read_text(text, date.fromisoformat(published)).figures]
    for record, row in zip(records, table("subject"), strict=True):
        record["period"] = f"{record['period']['start']} … {record['period']['end']}"
        assert {name: record[name] or "" for name in row} == row


@pytest.mark.parametrize(("command", "output"), TESTED, ids=[command for command, _ in TESTED])
def test_a_command_gives_what_is_shown(command: str, output: str, tmp_path: Path) -> None:
    (tmp_path / "tongbi").write_text(
        f"#!/bin/sh\nexec {sys.executable} -c 'from flows.cli import main; main()' \"$@\"\n"
    )
    (tmp_path / "tongbi").chmod(0o755)
    environment = os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}", "PYTHONPATH": str(PROJECT)}
    done = subprocess.run(command, shell=True, env=environment, capture_output=True, text=True, check=True)
    assert [line.rstrip() for line in done.stdout.splitlines()] == output.splitlines()


def test_there_are_commands_to_test() -> None:
    assert len(TESTED) >= 2
    assert {name for name, _ in COMMANDS} >= {"run", "extract", "explain", "figures", "quarantine list"}


@pytest.mark.parametrize(("name", "rest"), COMMANDS, ids=[f"{name}{rest}" for name, rest in COMMANDS])
def test_every_command_and_option_exists(name: str, rest: str) -> None:
    shown = CliRunner().invoke(app, [*name.split(), "--help"])
    assert shown.exit_code == 0
    for option in re.findall(r"--[a-z]+", rest):
        assert option in shown.stdout


def test_every_setting_is_described() -> None:
    variables = {row["variable"].strip("`") for row in table("variable")}
    assert variables == {f"TONGBI_{name.upper()}" for name in Settings.model_fields}


def test_the_correction_that_is_shown_corrects_its_post(tmp_path: Path) -> None:
    (shown,) = re.findall(r"```toml\n(\[\[correction\]\]\n.*?)```", README, re.DOTALL)
    (tmp_path / "corrections.toml").write_text(shown, encoding="utf-8")
    (only,) = read_corrections(tmp_path / "corrections.toml")[code_of(2)]
    assert MALFORMED[slice(*only.span)] == only.expect
    example = (PROJECT / "models" / "corrections.toml").read_text(encoding="utf-8")
    fields = [line.partition(" = ")[0] for line in shown.splitlines()]
    assert [field for field in fields if f"# {field}" not in example] == []


def test_every_make_target_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (PROJECT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"^make ([a-z]+)", README, re.MULTILINE)) <= targets


def test_every_file_that_is_named_exists() -> None:
    named = re.findall(r"`((?:flows|tasks|models|expectations|tests)/[\w/.-]+)`", README)
    assert named
    assert [path for path in named if not (PROJECT / path).exists()] == []
