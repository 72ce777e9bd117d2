"""`tongbi extract`: what a line has to be, and what becomes of one that is not."""

import json
import resource
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from flows.cli import app
from flows.extraction import LONGEST_LINE, LONGEST_TEXT, Item, Line, read_item, read_line
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
        (b'{"id": "a", "published": "2022-04-18", "text": "5\\u00005"}', "the field 'text' has a NUL at character 2"),
        (b" " * (LONGEST_LINE + 1), "the line is longer than 67,108,864 bytes"),
        (
            lines_of(ARTICLE | {"text": "5" * (LONGEST_TEXT + 1)}).encode(),
            "the field 'text' has 2,000,001 characters; 2,000,000 are the most",
        ),
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


ODD_TEXTS = {
    "emoji": "公司营收3亿元🚀🚀，同比增长5%👍🏽。",
    "right to left": "公司营收\u200f3亿元\u200e，\u202e同比增长5%\u202c。",
    "only marks": "\u200f" * 500,
    "only emoji": "🀄" * 500,
    "nothing": "",
    "line ends": "营收3亿元\r\n\u2028同比增长5%\x0b\x0c",
    "one long number": "1" * 100_000,
    "brackets": "（" * 50_000,
}


@pytest.mark.parametrize("text", ODD_TEXTS.values(), ids=ODD_TEXTS.keys())
def test_an_odd_text_is_read_like_any_other(text: str) -> None:
    done = RUNNER.invoke(app, ["extract", "-", "--numbers"], input=lines_of(ARTICLE | {"text": text}))
    assert (done.exit_code, done.stderr) == (0, "")
    record = json.loads(done.stdout)
    for part in (*record["figures"], *record["numbers"]):
        assert text[part["start"] : part["end"]] == part["text"]


def test_ten_megabytes_of_text_are_refused_at_once_and_the_rest_is_done(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text(lines_of(ARTICLE, ARTICLE | {"text": "营收3亿元。" * 1_750_000}, ARTICLE), encoding="utf-8")
    done = RUNNER.invoke(app, ["extract", str(source)])
    assert done.exit_code == 2
    assert done.stdout.count("\n") == 2
    assert "line 2: the field 'text' has 10,500,000 characters; 2,000,000 are the most" in done.stderr


@given(content=st.binary() | st.text().map(str.encode))
def test_no_line_whatever_is_in_it_raises(content: bytes) -> None:
    outcome = read_line(Line(3, content), numbers=True)
    assert outcome.place == 3
    assert (outcome.written is None) is (outcome.fault is not None)


@given(text=st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])))
def test_every_text_of_whole_characters_is_read(text: str) -> None:
    outcome = read_line(Line(1, lines_of(ARTICLE | {"text": text}).encode()), numbers=True)
    assert outcome.fault is None


@pytest.mark.parametrize("jobs", ["1", "3"])
def test_any_number_of_processes_gives_the_same_lines_and_complaints(jobs: str, tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    articles = [ARTICLE | {"id": f"a{index}"} for index in range(500)]
    source.write_text(lines_of(*articles[:300]) + "nonsense\n" + lines_of(*articles[300:]), encoding="utf-8")
    done = RUNNER.invoke(app, ["extract", str(source), "--jobs", jobs])
    assert done.exit_code == 2
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == [one["id"] for one in articles]
    assert "line 301: not JSON" in done.stderr
    assert "1 of 501 lines were not read" in done.stderr


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
        (["extract", "-", "--jobs", "0"], "Invalid value for '--jobs'"),
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
