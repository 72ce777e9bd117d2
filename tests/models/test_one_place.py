"""The law of the quarantine: after any runs and decisions, each row is in exactly one place, and stays there."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from models.audit import AuditOutcome, Failure
from models.database import writing
from models.errors import ReviewError
from models.publishing import publish_batch
from models.reviewing import Ruling, decide
from models.staging import StagedBatch
from models.tables import all_tables
from models.vocabulary import ReviewAction, RowKind, Severity
from tests.models.making import NOW, SENTENCE, Read, dump, read_as, rows, stage

CHANGED = SENTENCE.replace("一季度", "第一季度")
CODES = ("202204180001", "202204180002")
# What of the four rows of each article fails: a row of a kind by its number, and how gravely.
_KINDS = (RowKind.ARTICLE, RowKind.FIGURE, RowKind.NUMBER)
_FAILURES = st.lists(
    st.tuples(st.sampled_from(_KINDS), st.integers(0, 3), st.sampled_from(("rate", "sign")), st.booleans()),
    max_size=4,
)
_RUN = st.tuples(st.just("run"), st.tuples(st.booleans(), st.booleans()), _FAILURES)
_JUDGE = st.tuples(st.just("judge"), st.sampled_from((ReviewAction.RELEASE, ReviewAction.REJECT)), st.integers(1, 12))
_STEPS = st.lists(st.one_of(_RUN, _JUDGE), min_size=1, max_size=6)

# Every row that stands published, every row that is kept back, and the latest revision of each article.
PUBLISHED = """
SELECT '{kind}', info_code, revision, start, "end" FROM {kind} WHERE known_to IS NULL
UNION ALL SELECT 'article', info_code, revision, NULL, NULL FROM article WHERE known_to IS NULL AND '{kind}' = 'figure'
"""
KEPT_BACK = """
SELECT DISTINCT row_kind, info_code, revision, start, "end" FROM quarantine WHERE state IN ('open', 'rejected')
"""
LATEST = "SELECT info_code, max(revision) FROM article_revision GROUP BY info_code"
ROWS_OF_ONE_ARTICLE = 5

# One figure fails by itself and condemns its article: to release the article does not release the figure.
_OWN_FAULT, _GRAVE_FAULT = (RowKind.FIGURE, 0, "sign", False), (RowKind.FIGURE, 0, "rate", True)


def hold(engine: Engine, read_last: set[tuple[object, ...]]) -> None:
    """Each row is in one place at most, and of what was read last, where nothing later is known, in one exactly."""
    published = [row for kind in ("figure", "number") for row in rows(engine, PUBLISHED.format(kind=kind))]
    kept_back = rows(engine, KEPT_BACK)
    assert len(published) == len(set(published))
    assert set(published).isdisjoint(kept_back)
    for latest in read_last & set(rows(engine, LATEST)):
        assert sum(row[1:3] == latest for row in published + kept_back) == ROWS_OF_ONE_ARTICLE


def failures_of(staged: StagedBatch, wanted: list[tuple[RowKind, int, str, bool]]) -> tuple[Failure, ...]:
    frames = {RowKind.ARTICLE: staged.articles, RowKind.FIGURE: staged.figures, RowKind.NUMBER: staged.numbers}
    found = []
    for kind, place, rule, grave in wanted:
        frame = frames[kind]
        severity = Severity.ARTICLE if grave or kind is RowKind.ARTICLE else Severity.ROW
        row_id = frame["row_id"][place % frame.height]
        found.append(Failure(kind, row_id, rule, severity, "much", "less", "Too much."))
    return tuple(found)


def publish(
    engine: Engine, articles: list[Read], wanted: list[tuple[RowKind, int, str, bool]], day: int
) -> tuple[bool, set[tuple[object, ...]]]:
    staged = stage(engine, articles)
    audit = AuditOutcome(failures_of(staged, wanted))
    report = publish_batch(engine, staged.batch_id, audit, now=NOW + timedelta(days=day))
    return report.changes_nothing, set(staged.articles.select("info_code", "revision").rows())


def judge(engine: Engine, action: ReviewAction, row: int, day: int) -> None:
    ruling = Ruling(action, "李", "因为", NOW + timedelta(days=day))
    with suppress(ReviewError):  # not every row is there, and not every state allows it
        decide(engine, [row], ruling, "engine 1")


def follow(engine: Engine, steps: list[Any]) -> None:
    articles: list[Read] = []
    failures: list[tuple[RowKind, int, str, bool]] = []
    read: set[tuple[object, ...]] = set()
    for day, (what, one, other) in enumerate(steps):
        if what == "run":
            texts, failures = [CHANGED if changed else SENTENCE for changed in one], other
            articles = [read_as(text, code) for text, code in zip(texts, CODES, strict=True)]
            _, read = publish(engine, articles, failures, day)
        else:
            judge(engine, one, other, day)
        hold(engine, read)
    if articles:
        publish(engine, articles, failures, len(steps))
        before = dump(engine)
        nothing, read = publish(engine, articles, failures, len(steps) + 1)
        assert nothing
        assert dump(engine) == before
        hold(engine, read)


def emptied(engine: Engine) -> Engine:
    with writing(engine) as connection:
        for table in reversed(all_tables()):
            connection.execute(table.delete())
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("ALTER SEQUENCE quarantine_id_seq RESTART")
    return engine


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=_STEPS)
@example(steps=[("run", (False, False), [_OWN_FAULT, _GRAVE_FAULT]), ("judge", ReviewAction.RELEASE, 1)])
def test_a_row_is_in_one_place_whatever_was_run_and_decided(engine: Engine, steps: list[Any]) -> None:
    follow(emptied(engine), steps)
