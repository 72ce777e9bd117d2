"""The flow `review`, and corrections in the flow `ingest`, in Prefect with a real database."""

from pathlib import Path
from typing import Any

import pytest

from tests.flows.posts import CLEAN, MALFORMED, code_of, write_post
from tests.flows.reviewed import database, fill, ingest
from tests.models.making import rows

pytestmark = [pytest.mark.slow, pytest.mark.databases, pytest.mark.usefixtures("prefect_server")]

BROKEN = "655.58.1亿元"
CURRENT = "SELECT text, value, rules FROM figure WHERE known_to IS NULL ORDER BY info_code, start"


@pytest.fixture(scope="module")
def posts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("posts")
    write_post(folder, 1, CLEAN)
    write_post(folder, 2, MALFORMED)
    return folder


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, posts: Path) -> Path:
    home = tmp_path_factory.mktemp("made") / "home"
    ingest(home, posts)
    return home


@pytest.fixture
def filled(home: Path, made: Path, posts: Path) -> Path:
    """A home with one open row, the broken number."""
    return fill(home, made, posts)


def review(*arguments: Any, **named: Any) -> Any:
    from flows.review import review as flow

    return flow(*arguments, return_state=True, **named)


def run(posts: Path) -> Any:
    from flows.ingest import ingest as flow

    return flow(str(posts), return_state=True)


def test_the_flow_decides_and_says_what_it_did(filled: Path) -> None:
    done = review("reject", [1], "原文有误", "李明")
    assert (done.is_completed(), done.message) == (True, "rejected: 1 row; kept out for good")
    with database(filled) as engine:
        assert rows(engine, "SELECT state, who, reason FROM quarantine") == [("rejected", "李明", "原文有误")]


@pytest.mark.long
def test_a_run_does_not_fail_again_for_what_was_rejected(filled: Path, posts: Path) -> None:
    assert run(posts).is_failed()
    review("reject", [1], "原文有误", "李明")
    state = run(posts)
    assert state.is_completed()
    assert state.message.startswith("no row changed, failures known from review: 1 rejected")
    assert state.result().report.quarantine.rejected == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("release", [7], "x"), "the quarantine has no row 7\nnext: "),
        (("release", [], "x"), "no row is named\nnext: "),
        (("release", [1]), "a decision needs a reason\nnext: "),
        (("replay",), "replayed 1 row: 0 settled, 1 open; no row changed\n1: fails again: 655.58.1亿元"),
    ],
)
@pytest.mark.usefixtures("filled")
def test_the_flow_fails_with_the_reason(arguments: tuple[Any, ...], said: str) -> None:
    failed = review(*arguments)
    assert failed.is_failed()
    assert failed.message.startswith(said)


def test_the_run_form_describes_every_parameter() -> None:
    from flows.review import review as flow

    described = flow.parameters.properties
    assert set(described) == {"action", "ids", "reason", "who"}
    assert all(field.get("description") for field in described.values())
    assert described["action"]["enum"] == ["release", "reject", "replay"]


@pytest.mark.long
def test_a_correction_is_published_signed_and_changes_nothing_twice(
    home: Path, posts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TONGBI_CORRECTIONS", str(tmp_path / "corrections.toml"))
    start = MALFORMED.index(BROKEN)
    correction = f"""[[correction]]
article = "{code_of(2)}"
span = [{start}, {start + len(BROKEN)}]
expect = "{BROKEN}"
action = "override"
set = {{ kind = "level", value = "65558100000", unit = "CNY", metric = "营业收入", subject = "远川股份" }}
reason = "季报为655.581亿元"
who = "李明"
date = 2022-04-20
"""
    (tmp_path / "corrections.toml").write_text(correction, encoding="utf-8")
    state = run(posts)
    assert state.is_completed(), state.message
    with database(home) as engine:
        found = rows(engine, CURRENT)
        assert found[2] == (BROKEN, "65558100000", '["corrected by 李明 on 2022-04-20: 季报为655.581亿元"]')
    assert "no row changed" in run(posts).message
    (tmp_path / "corrections.toml").write_text(correction.replace('.1亿元"', '.2亿元"'), encoding="utf-8")
    failed = run(posts)
    assert failed.is_failed()
    assert f"the correction {code_of(2)} at {start}…{start + len(BROKEN)} no longer holds" in failed.message
    with database(home) as engine:
        assert rows(engine, CURRENT) == found
