import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import polars as pl
import pytest
from sqlalchemy import Engine

from models.audit import AuditOutcome, BatchFailure
from models.errors import DatabaseError
from models.frames import ARTICLE_COLUMNS, FIGURE_COLUMNS, NUMBER_COLUMNS
from models.publishing import publish_batch
from models.queries import find_batch, list_unreadable
from models.staging import Unreadable, read_staged, stage_batch
from models.values import Mention, RawDocument, Reading
from models.vocabulary import BatchState, Bound, Role
from tests.models.making import (
    FACTS,
    NOW,
    SENTENCE,
    Read,
    a_figure,
    a_number,
    an_article,
    archive_of,
    document_of,
    read_as,
    rows,
    stage,
)

CHANGED = SENTENCE.replace("一季度", "第一季度")


def test_what_is_staged_is_read_back_as_it_was(engine: Engine) -> None:
    words = "海峡重工拟回购3至5亿元股份。一季度营收655.58亿元。"
    mention = Mention(0, 4, "海峡重工", "SH", "600000", "1,600000")
    article = an_article(words, mentions=(mention,), faults=("no title",), tags="滚动新闻")
    spread = {"low": Decimal("3E+8"), "high": Decimal("5E+8"), "bound": Bound.RANGE}
    found = Reading(
        (a_figure(words, "3至5亿元", **spread, period=None), a_figure(words, "655.58亿元", "65558000000")),
        (a_number(words, "一季", Role.DATE), a_number(words, "655.58", Role.MALFORMED, "two points")),
    )
    staged = stage(engine, [(article, found)])

    one = staged.articles.row(0, named=True)
    assert (one["info_code"], one["revision"], one["shape"]) == ("202204180001", 1, "flash")
    assert one["published"] == datetime(2022, 4, 18, 1, 30, tzinfo=UTC)
    assert one["text_sha256"] == hashlib.sha256(words.encode()).hexdigest()
    assert json.loads(one["mentions"])[0]["code"] == "600000"
    assert json.loads(one["faults"]) == ["no title"]

    wide, exact = staged.figures.iter_rows(named=True)
    assert (wide["value"], wide["low"], wide["high"]) == (None, "300000000", "500000000")
    assert (wide["period_start"], wide["sentence"]) == (None, "海峡重工拟回购3至5亿元股份。")
    assert (exact["value"], exact["low"]) == ("65558000000", None)
    assert (exact["period_start"], exact["period_end"]) == (date(2022, 1, 1), date(2022, 3, 31))
    assert (exact["sentence"], exact["sentence_start"]) == ("一季度营收655.58亿元。", 15)
    assert json.loads(exact["rules"]) == ["quantity.money", "metric.before"]
    assert (exact["info_code"], exact["revision"], exact["engine_version"]) == ("202204180001", 1, "engine 1")
    assert staged.numbers.select("text", "role", "reason").rows() == [
        ("一季", "date", None),
        ("655.58", "malformed", "two points"),
    ]
    assert set(staged.figures["article_row_id"]) == {one["row_id"]}


def test_the_frames_have_the_declared_columns_even_without_rows(engine: Engine) -> None:
    for staged in (stage(engine, [read_as()]), stage(engine, [])):
        assert dict(staged.articles.schema) == dict(ARTICLE_COLUMNS)
        assert dict(staged.figures.schema) == dict(FIGURE_COLUMNS)
        assert dict(staged.numbers.schema) == dict(NUMBER_COLUMNS)


def test_malformed_rows_are_staged_for_the_audit_to_find(engine: Engine) -> None:
    outside = replace(a_figure(SENTENCE, "655.58亿元"), start=500, end=490, text="655.58.1亿元")
    staged = stage(engine, [(an_article(), Reading((outside,), ()))])
    assert staged.figures.select("start", "end", "text", "sentence").rows() == [(500, 490, "655.58.1亿元", "")]


def test_row_ids_stay_while_the_rows_are_staged(engine: Engine) -> None:
    staged = stage(engine, [read_as(), read_as(code="202204180002")])
    assert read_staged(engine, staged.batch_id).figures.equals(staged.figures)
    assert staged.figures["row_id"].n_unique() == 4


def test_a_batch_counts_what_came_in(engine: Engine) -> None:
    lost = [Unreadable("posts", "_posts/bad.md", None, "not text")]
    articles = [read_as(), read_as(location="copy.md"), read_as(code="202204180002")]
    batch = find_batch(engine, stage(engine, articles, lost).batch_id)
    assert batch is not None
    assert (batch.documents, batch.articles, batch.duplicates, batch.unreadable) == (4, 2, 1, 1)
    assert (batch.figures, batch.numbers, batch.state, batch.is_staged) == (4, 4, "staged", True)
    assert (batch.source, batch.since, batch.until) == ("posts", date(2022, 4, 1), date(2022, 4, 30))


def test_the_same_text_twice_is_one_article_of_the_first_place(engine: Engine) -> None:
    staged = stage(engine, [read_as(location="b.md"), read_as(location="a.md")])
    assert staged.articles["location"].to_list() == ["a.md"]
    assert staged.figures.height == 2


def test_two_texts_of_one_code_are_two_revisions_in_the_order_of_their_places(engine: Engine) -> None:
    for _ in range(2):  # and again the same, though nothing was published
        staged = stage(engine, [read_as(CHANGED, location="x-2.md"), read_as(location="x-1.md")])
        found = staged.articles.select("location", "revision").sort("location").rows()
        assert found == [("x-1.md", 1), ("x-2.md", 2)]


def test_an_earlier_publication_is_the_earlier_revision(engine: Engine) -> None:
    early = datetime(2022, 4, 17, 9, tzinfo=UTC)
    staged = stage(engine, [read_as(location="a.md"), read_as(CHANGED, location="b.md", published=early)])
    assert dict(staged.articles.select("location", "revision").rows()) == {"a.md": 2, "b.md": 1}


def test_a_known_text_keeps_its_revision_and_a_new_one_gets_the_next(engine: Engine) -> None:
    stage(engine, [read_as()])
    assert stage(engine, [read_as(CHANGED)]).articles["revision"].to_list() == [2]
    assert stage(engine, [read_as()]).articles["revision"].to_list() == [1]
    third = stage(engine, [read_as(CHANGED + "完。"), read_as()])
    assert sorted(third.articles["revision"]) == [1, 3]


def test_documents_are_kept_byte_for_byte_and_once(engine: Engine) -> None:
    content = "---\ntitle: 季报\n---\r\n营收5亿元".encode("gb18030")
    sha256 = hashlib.sha256(content).hexdigest()
    document = RawDocument("posts", "a.md", content, sha256, NOW)
    assert archive_of(engine).keep([document, replace(document, location="b.md")]) == 1
    assert archive_of(engine).keep([document]) == 0
    assert archive_of(engine).find(sha256) == document
    assert archive_of(engine).find("0" * 64) is None
    assert rows(engine, "SELECT size FROM raw_document") == [(len(content),)]


def test_an_article_without_its_document_is_refused_and_leaves_nothing(engine: Engine) -> None:
    with pytest.raises(DatabaseError, match=r"(?i)foreign key"):
        stage_batch(engine, FACTS, [read_as()])
    assert rows(engine, "SELECT count(*) FROM staged_article") == [(0,)]
    batch = find_batch(engine)
    assert batch is not None
    assert batch.state == BatchState.REFUSED
    assert batch.message is not None
    assert batch.message.startswith("staging stopped: the database")


def test_an_error_while_reading_takes_the_batch_back(engine: Engine) -> None:
    archive_of(engine).keep([document_of(an_article())])

    def broken() -> Iterator[Read]:
        for _ in range(600):
            yield read_as()
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        stage_batch(engine, FACTS, broken())
    assert rows(engine, "SELECT count(*) FROM staged_article") == [(0,)]
    assert rows(engine, "SELECT state, message FROM batch") == [("refused", "staging stopped: the disk is gone")]


def test_articles_are_drawn_in_chunks_and_not_all_at_once(engine: Engine) -> None:
    archive_of(engine).keep([document_of(an_article())])
    staged_meanwhile: list[int] = []

    def many() -> Iterator[Read]:
        for number in range(1_200):
            if number % 400 == 0:
                staged_meanwhile.append(int(str(rows(engine, "SELECT count(*) FROM staged_article")[0][0])))
            yield read_as(code=f"c{number:05}")

    stage_batch(engine, FACTS, many())
    assert staged_meanwhile == [0, 0, 500]


def test_what_could_not_be_read_is_named_once_and_cleared_when_it_is_read(engine: Engine) -> None:
    document = RawDocument("posts", "a.md", b"\xff", hashlib.sha256(b"\xff").hexdigest(), NOW)
    archive_of(engine).keep([document])
    lost = Unreadable("posts", "a.md", document.sha256, "neither UTF-8 nor GB18030")
    first = stage(engine, [], [lost, Unreadable("posts", "b.md", None, "gone")]).batch_id
    second = stage(engine, [], [lost, lost]).batch_id
    columns = ("location", "sha256", "error", "first_seen_batch_id", "last_seen_batch_id")
    assert list_unreadable(engine).select(columns).rows() == [
        ("a.md", document.sha256, "neither UTF-8 nor GB18030", first, second),
        ("b.md", None, "gone", first, first),
    ]
    stage(engine, [read_as(location="a.md")])
    assert list_unreadable(engine)["location"].to_list() == ["b.md"]


def test_unreadable_documents_may_become_known_while_articles_are_drawn(engine: Engine) -> None:
    archive_of(engine).keep([document_of(an_article())])
    lost: list[Unreadable] = []

    def some() -> Iterator[Read]:
        yield read_as()
        lost.append(Unreadable("posts", "late.md", None, "empty"))

    stage_batch(engine, FACTS, some(), lost)
    assert list_unreadable(engine)["error"].to_list() == ["empty"]


def test_the_rows_of_a_refused_batch_go_when_their_articles_come_again(engine: Engine) -> None:
    refused = AuditOutcome(batch_failures=(BatchFailure("has_figures", "0", "1", "No figures."),))
    first = stage(engine, [read_as(), read_as(code="202204180002")]).batch_id
    publish_batch(engine, first, refused, now=NOW)
    assert read_staged(engine, first).articles.height == 2  # to be looked at
    second = stage(engine, [read_as()]).batch_id
    assert read_staged(engine, first).articles["info_code"].to_list() == ["202204180002"]
    assert read_staged(engine, second).figures.height == 2
    assert read_staged(engine, first).numbers.filter(pl.col("info_code") == "202204180001").is_empty()
