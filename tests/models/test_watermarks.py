"""How far the daily runs have come: kept, and only moved forward."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Engine

from models.audit import AuditOutcome
from models.publishing import publish_batch
from models.run_counts import counts_by_day
from models.watermarks import Watermark, move_watermark, read_watermark
from tests.models.making import NOW, read_as, stage

DAY = date(2022, 4, 18)


def test_a_watermark_goes_forward_only(engine: Engine) -> None:
    batch = stage(engine, [read_as()]).batch_id
    assert read_watermark(engine, "feed") is None
    first = Watermark("feed", DAY, NOW, batch)
    assert move_watermark(engine, first) == first
    later = NOW + timedelta(days=1)
    moved = move_watermark(engine, Watermark("feed", date(2022, 4, 1), later, batch))
    assert moved == read_watermark(engine, "feed") == Watermark("feed", DAY, later, batch)
    assert move_watermark(engine, Watermark("feed", None, NOW, batch)) == moved
    assert read_watermark(engine, "another") is None


def test_a_window_begins_some_days_before_the_last_day() -> None:
    assert Watermark("feed", DAY, NOW, 1).since(3) == date(2022, 4, 15)
    assert Watermark("feed", DAY, NOW, 1).since(0) == DAY
    assert Watermark("feed", None, NOW, 1).since(3) is None


def test_the_counts_of_published_batches_are_by_the_day_in_shanghai(engine: Engine) -> None:
    staged = stage(engine, [read_as()])
    assert counts_by_day(engine, "site").is_empty()
    publish_batch(engine, staged.batch_id, AuditOutcome(), now=datetime(2022, 4, 18, 17, tzinfo=UTC))
    (source,) = staged.articles["source"].unique()
    found = counts_by_day(engine, source)
    assert dict(zip(found["what"], found["count"], strict=True)) == {"published": 2, "quarantined": 0, "unchanged": 0}
    assert found["day"].n_unique() == 1
    assert counts_by_day(engine, "another").is_empty()
