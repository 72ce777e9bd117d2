"""A correction with a code of its own: linked to the one article that it means, and to none where that is not sure."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine

from models.amendments import Amendment, find_amendments, marked
from models.past import Other, tell_figure
from models.values import Mention
from models.vocabulary import Severity
from tests.models.making import LATER, NOW, SENTENCE, SHANGHAI, Read, read_as, rows, run

FIRST, SECOND, THIRD = "202204180001", "202204180002", "202204180003"
TITLE = "海峡重工一季度营收增长84.32%"
LINK = Amendment(SECOND, FIRST, "更正")


def original(code: str = FIRST, **changes: object) -> Read:
    return read_as(code=code, **({"title": TITLE} | changes))


def correction(title: str = f"更正：{TITLE}", **changes: object) -> Read:
    article, reading = read_as(SENTENCE, code=SECOND, title=title)
    return replace(article, published=article.published + timedelta(hours=3), **changes), reading  # type: ignore[arg-type, operator]


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("更正：海峡重工季报", ("更正", "海峡重工季报")),
        ("补充更正公告：海峡重工季报", ("更正", "海峡重工季报")),
        ("【更正】海峡重工季报", ("更正", "海峡重工季报")),
        ("海峡重工季报（修订版）", ("修订", "海峡重工季报")),
        ("海峡重工季报(更新)", ("更新", "海峡重工季报")),
        ("海峡重工更新设备", None),
        ("更新：", None),
        ("海峡重工季报（更新中）", None),
        ("公司修订章程：海峡重工", None),
    ],
)
def test_what_a_title_says_of_itself(title: str, found: tuple[str, str] | None) -> None:
    assert marked(title) == found


def test_a_correction_is_linked_to_the_article_of_its_title(engine: Engine) -> None:
    run(engine, [original()])
    run(engine, [correction()], now=LATER)
    assert find_amendments(engine, FIRST) == find_amendments(engine, SECOND) == [LINK]
    assert find_amendments(engine, FIRST, as_of=NOW) == []
    run(engine, [original(), correction()], now=LATER + timedelta(days=1))
    assert rows(engine, "SELECT count(*) FROM amendment") == [(1,)]


def test_the_story_of_a_figure_tells_of_both_ends(engine: Engine) -> None:
    run(engine, [original()])
    run(engine, [correction()], now=LATER)
    ids = dict(rows(engine, "SELECT info_code, min(id) FROM figure GROUP BY info_code"))
    corrected, correcting = (tell_figure(engine, ids[code]) for code in (FIRST, SECOND))
    assert corrected is not None
    assert correcting is not None
    assert (corrected.corrects, correcting.corrected_by) == ((), ())
    published = datetime(2022, 4, 18, 9, 30, tzinfo=SHANGHAI)
    assert corrected.corrected_by == (Other(SECOND, f"更正：{TITLE}", published + timedelta(hours=3), "更正"),)
    assert correcting.corrects == (Other(FIRST, TITLE, published, "更正"),)


def test_the_order_in_which_they_come_makes_no_difference(engine: Engine) -> None:
    run(engine, [correction()])
    assert find_amendments(engine, SECOND) == []
    run(engine, [original()], now=LATER)
    assert find_amendments(engine, SECOND) == [LINK]


def test_what_stands_before_the_text_says_so_too(engine: Engine) -> None:
    article, _ = read_as("更正：" + SENTENCE, code=SECOND, title=TITLE)
    run(engine, [original(), (article, read_as("更正：" + SENTENCE)[1])])
    assert find_amendments(engine, FIRST) == [LINK]


@pytest.mark.parametrize(
    "others",
    [
        [],
        [original(title="海峡重工季报")],
        [original(), original(code=THIRD)],  # two that it can mean
        [original(published=NOW - timedelta(days=60))],
        [original(published=NOW + timedelta(days=2))],
    ],
)
def test_where_it_is_not_sure_which_one_is_meant_there_is_no_link(engine: Engine, others: list[Read]) -> None:
    run(engine, [*others, correction()])
    assert rows(engine, "SELECT * FROM amendment") == []


def test_the_same_title_of_another_company_is_not_meant(engine: Engine) -> None:
    article, reading = original()
    other = replace(reading, figures=tuple(replace(figure, subject="远山重工") for figure in reading.figures))
    run(engine, [(article, other), correction()])
    assert rows(engine, "SELECT * FROM amendment") == []
    mention = (Mention(0, 4, "海峡重工", "SH", "600000", "1,600000"),)
    run(engine, [(replace(article, mentions=mention), other), correction(mentions=mention)], now=LATER)
    assert find_amendments(engine, FIRST) == [LINK]


def test_a_link_ends_with_what_made_it_sure(engine: Engine) -> None:
    run(engine, [original(), correction()])
    run(engine, [original(code=THIRD)], now=LATER)
    assert find_amendments(engine, SECOND) == []
    assert find_amendments(engine, SECOND, as_of=NOW) == [LINK]
    assert rows(engine, "SELECT info_code, amends, known_to IS NULL FROM amendment") == [(SECOND, FIRST, 0)]


def test_a_link_ends_where_its_article_is_withdrawn(engine: Engine) -> None:
    run(engine, [original(), correction()])
    run(engine, [original()], "84.32%", Severity.ARTICLE, now=LATER)
    assert find_amendments(engine, SECOND) == []
