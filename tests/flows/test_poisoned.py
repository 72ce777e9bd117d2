"""A whole day through the flow: one poisoned article among a thousand, and a source that has fallen silent."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from models.queries import FigureFilter, count_current, find_figures, list_quarantine
from tests.flows.posts import code_of, write_post

pytestmark = [pytest.mark.slow, pytest.mark.databases, pytest.mark.usefixtures("prefect_server")]


def run(source: Path, **parameters: Any) -> Any:
    from flows.ingest import ingest

    return ingest(str(source), return_state=True, **parameters)


def sentence(number: int) -> str:
    return f"今年一季度，青禾物流第{number}号仓库营业收入{number + 100}万元，同比增长12.5%，客户满意度保持在较高水平。"


@pytest.mark.long
def test_one_poisoned_article_among_a_thousand(tmp_path: Path, engine: Any) -> None:
    for number in range(1000):
        words = sentence(number)
        # Bytes that were read in the wrong encoding, and written again.
        write_post(tmp_path, number, words.replace("营业收入", "锟斤拷锟斤拷") if number == 617 else words)
    state = run(tmp_path)
    assert state.is_failed()
    assert "article_text_is_undamaged" in state.message
    assert code_of(617) in state.message
    assert count_current(engine).articles == 999
    assert find_figures(engine, FigureFilter()).height == 999 * 2
    assert {row["info_code"] for row in list_quarantine(engine).to_dicts()} == {code_of(617)}


def test_a_source_that_falls_silent_publishes_nothing_and_says_so(tmp_path: Path, engine: Any) -> None:
    first = date(2022, 3, 1)
    days = [first + timedelta(days=number) for number in range(16)]
    for place, day in enumerate(days):
        for number in range(6):
            write_post(tmp_path, place * 6 + number, sentence(place * 6 + number), f"{day}")
    assert run(tmp_path).is_completed()
    before = find_figures(engine, FigureFilter())
    silent = days[-1] + timedelta(days=1)
    nothing = run(tmp_path, since=silent, until=silent)
    assert nothing.is_failed()
    assert f"no documents between {silent} and {silent}" in nothing.message
    next_day = silent + timedelta(days=1)
    write_post(tmp_path, 500, sentence(500), f"{next_day}")
    refused = run(tmp_path, since=silent, until=next_day)
    assert refused.is_failed()
    assert "source_is_not_silent" in refused.message
    assert f"{silent}" in refused.message
    assert find_figures(engine, FigureFilter()).equals(before)
