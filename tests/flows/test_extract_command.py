"""`tongbi extract`: what a line has to be, and what becomes of one that is not."""

import json
import resource
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.cli import app
from flows.commands.extract import Item, read_item
from models.errors import ExtractionInputError
from tests.flows.shell import tongbi

RUNNER = CliRunner()
ARTICLE = {
    "id": "a1",
    "published": "2022-04-18",
    "text": "今年一季度，公司实现营收655.58亿元，同比增长84.32%。",
}
FIELDS = ["start", "end", "text", "kind", "value", "low", "high", "bound", "unit", "basis", "metric"]
FIELDS += ["subject", "period", "status", "metric_id", "entity_id"]


def lines_of(*articles: object) -> str:
    return "".join(json.dumps(article, ensure_ascii=False) + "\n" for article in articles)


def test_an_article_may_carry_a_title_and_labels() -> None:
    line = json.dumps(ARTICLE | {"title": "t", "figures": []}).encode()
    assert read_item(line) == Item("a1", date(2022, 4, 18), ARTICLE["text"])


@pytest.mark.parametrize(
    ("line", "fact"),
    [
        (b"{", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b'{"id": "\xd6\xd0"}', "not UTF-8 at byte 9"),
        (b"[1]", "not a JSON object but list"),
        (b'{"id": "a", "published": "2022-04-18"}', "the field 'text' is missing"),
        (b'{"id": 7, "published": "2022-04-18", "text": ""}', "the field 'id' is no string but 7"),
        (b'{"id": "a", "published": "2022-13-01", "text": ""}', "'2022-13-01', which is no day"),
        (b'{"id": "a", "published": null, "text": ""}', "the field 'published' is no string but null"),
        (
            b'{"id": "a", "published": "2022-04-18", "text": "\\ud83d"}',
            "half a surrogate pair at character 1",
        ),
        (b'{"id": "a", "published": "2022-04-18", "text": "", "body": ""}', "unknown field 'body'"),
    ],
)
def test_a_bad_line_is_refused_by_what_is_wrong_with_it(line: bytes, fact: str) -> None:
    with pytest.raises(ExtractionInputError, match=fact):
        read_item(line)


def test_a_figure_has_exactly_the_fields_of_the_contract(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text(lines_of(ARTICLE), encoding="utf-8")
    done = RUNNER.invoke(app, ["extract", str(source)])
    assert (done.exit_code, done.stderr) == (0, "")
    record = json.loads(done.stdout)
    assert list(record) == ["id", "published", "figures"]
    revenue, growth = record["figures"]
    assert list(revenue) == FIELDS
    assert (revenue["text"], revenue["value"], revenue["unit"]) == ("655.58亿元", "65558000000", "CNY")
    assert revenue["period"] == {"start": "2022-01-01", "end": "2022-03-31"}
    assert (growth["kind"], growth["value"], growth["basis"]) == ("change_rate", "84.32", "yoy")
    assert "655.58亿元" in done.stdout, "Chinese is written as it is"


def test_the_ledger_comes_when_asked_for() -> None:
    done = RUNNER.invoke(app, ["extract", "-", "--numbers"], input=lines_of(ARTICLE))
    numbers = json.loads(done.stdout)["numbers"]
    assert [number["role"] for number in numbers if number["text"].startswith(("655", "84"))] == ["figure"] * 2
    assert all(list(number) == ["start", "end", "text", "role", "reason"] for number in numbers)


def test_a_bad_line_costs_only_itself(tmp_path: Path) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(
        "\ufeff" + lines_of(ARTICLE) + "nonsense\n\n" + lines_of(ARTICLE | {"id": "a2"}), encoding="utf-8"
    )
    done = RUNNER.invoke(app, ["extract", str(source), "--output", str(target)])
    assert done.exit_code == 2
    assert [json.loads(line)["id"] for line in target.read_text(encoding="utf-8").splitlines()] == [
        "a1",
        "a2",
    ]
    assert "line 2: not JSON" in done.stderr
    assert "1 of 3 lines were not read" in done.stderr


def test_the_input_is_never_overwritten(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text(lines_of(ARTICLE), encoding="utf-8")
    done = RUNNER.invoke(app, ["extract", str(source), "--output", str(source)])
    assert done.exit_code == 2
    assert "is the input" in done.stderr
    assert json.loads(source.read_text(encoding="utf-8")) == ARTICLE


@pytest.mark.parametrize(
    ("arguments", "fact"),
    [
        (["extract", "missing.jsonl"], "cannot read missing.jsonl: No such file or directory"),
        (["extract", "."], "cannot read .: Is a directory"),
        (["extract", "-", "--output", "no/such/folder/out"], "cannot write no/such/folder/out"),
        (["extract"], "Missing argument"),
        (["extract", "-", "--wrong"], "No such option: --wrong"),
        (["nonsense"], "No such command"),
    ],
)
def test_wrong_use_is_two_plain_lines_and_status_2(
    arguments: list[str], fact: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = RUNNER.invoke(app, arguments, input="")
    assert done.exit_code == 2
    assert fact in done.stderr
    assert "Traceback" not in done.stderr


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text(lines_of(*[ARTICLE] * 3_000), encoding="utf-8")
    done = tongbi(f"extract {source} | head -n 1")
    assert (done.stdout.count("\n"), done.stderr) == (1, "")


def test_it_starts_in_under_a_second(tmp_path: Path) -> None:
    """Processor time is measured, for the machine may be busy with other things."""
    (tmp_path / "empty.jsonl").write_text("")
    times = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert tongbi(f"extract {tmp_path / 'empty.jsonl'}").returncode == 0
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert min(times) < 1.0
