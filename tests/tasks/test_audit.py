"""The task is thin: it hands a staged batch on to the suites and says what came of it."""

import logging
from pathlib import Path
from unittest.mock import patch

import pytest

from expectations import BatchFacts
from models.audit import AuditOutcome
from models.database import open_database
from models.staging import StagedBatch
from models.values import Reading
from models.vocabulary import RowKind
from tasks.audit import audit
from tests.models.making import SENTENCE, a_figure, a_number, an_article, read_as, stage

LOG = "tongbi.test"


def audited(staged: StagedBatch, facts: BatchFacts, caplog: pytest.LogCaptureFixture) -> AuditOutcome:
    logger = logging.getLogger(LOG)
    with patch("tasks.audit.get_run_logger", return_value=logger), caplog.at_level(logging.INFO, LOG):
        return audit.fn(staged, facts)


def messages(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Give what the task itself logged, Great Expectations left aside."""
    return [record.getMessage() for record in caplog.records if record.name == LOG]


def test_what_the_database_gives_back_is_audited_and_counted(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/tongbi.db")
    outcome = audited(stage(engine, [read_as()]), BatchFacts(1), caplog)
    assert outcome.is_clean, outcome
    assert messages(caplog) == [f"audited batch=1 expectations={len(outcome.results)} failures=0"]
    assert audit.name == "audit"


def test_a_wrong_scale_fails_its_row_and_a_blind_reader_the_batch(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/tongbi.db")
    wrong = Reading((a_figure(SENTENCE, "655.58亿元", "655580000"),), (a_number(SENTENCE, "655.58"),))
    staged = stage(engine, [(an_article(), wrong)])
    outcome = audited(staged, BatchFacts(documents=20, unreadable=19), caplog)
    (failure,) = outcome.failures
    assert (failure.row_kind, failure.row_id) == (RowKind.FIGURE, staged.figures["row_id"][0])
    assert failure.expectation == "figure_reads_as_stored"
    assert failure.observed == "655.58亿元 reads as 65558000000 CNY, stored is 655580000 CNY"
    assert messages(caplog) == [
        f"audited batch=1 expectations={len(outcome.results)} failures=1",
        "malformed batch=1 article=202204180001 text=655.58亿元 rule=figure_reads_as_stored "
        'observed="655.58亿元 reads as 65558000000 CNY, stored is 655580000 CNY"',
        'refused batch=1 rule=documents_are_readable observed="19 of 20 documents unreadable" '
        f'why="{outcome.batch_failures[0].why}"',
    ]
