import logging
from pathlib import Path
from unittest.mock import patch

import pytest

from models.audit import AuditOutcome, BatchFailure
from models.database import open_database
from models.vocabulary import BatchState
from tasks.publish import publish
from tests.models.making import read_as, rows, stage


def test_a_batch_is_published_from_now_on_and_the_counts_are_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/tongbi.db")
    refused = AuditOutcome(batch_failures=(BatchFailure("has_figures", "0", "1", "No figures."),))
    logger = logging.getLogger("tongbi.test")
    with patch("tasks.publish.get_run_logger", return_value=logger), caplog.at_level(logging.INFO):
        reports = [
            publish.fn(engine, stage(engine, [read_as()]).batch_id, audit)
            for audit in (refused, AuditOutcome(), AuditOutcome())
        ]
    assert [report.state for report in reports] == [
        BatchState.REFUSED,
        BatchState.PUBLISHED,
        BatchState.PUBLISHED,
    ]
    assert caplog.messages == [
        'refused batch=1 what="has_figures: 0, allowed is 1. No figures."',
        'published batch=2 what="2 figures of 1 articles published, 0 unchanged, 0 superseded, '
        '0 rows quarantined, 0 seen again"',
        'published batch=3 what="no row changed"',
    ]
    assert rows(engine, "SELECT count(*) FROM figure WHERE known_from > '2022-04-19'") == [(2,)]
    assert publish.name == "publish"
