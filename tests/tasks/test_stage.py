import logging
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from sqlalchemy import Engine

from models.database import open_database
from tasks.stage import keep, stage
from tests.models.making import FACTS, Read, an_article, archive_of, document_of, read_as


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{tmp_path}/tongbi.db")
    yield engine
    engine.dispose()


@pytest.fixture(autouse=True)
def plain_logger() -> Iterator[None]:
    """Outside a flow run Prefect has no logger of the run."""
    with patch("tasks.stage.get_run_logger", return_value=logging.getLogger("tongbi.test")):
        yield


def test_documents_are_kept_and_the_new_ones_counted(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    documents = [document_of(an_article())]
    with caplog.at_level(logging.INFO):
        assert keep.fn(archive_of(engine), documents) == 1
        assert keep.fn(archive_of(engine), documents) == 0
    assert caplog.messages == ["kept documents=1 new=1", "kept documents=1 new=0"]


def test_what_was_read_is_staged_and_read_back(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    keep.fn(archive_of(engine), [document_of(an_article())])

    def articles() -> Iterator[Read]:
        yield read_as()
        yield read_as(code="202204180002")

    with caplog.at_level(logging.INFO):
        staged = stage.fn(engine, FACTS, articles())
    assert staged.articles["info_code"].to_list() == ["202204180001", "202204180002"]
    assert staged.figures["text"].to_list() == ["655.58亿元", "84.32%"] * 2
    assert caplog.messages == ["staged batch=1 source=posts articles=2 figures=4 numbers=4"]


def test_the_tasks_are_named_for_the_log_and_described_for_the_page() -> None:
    assert (keep.name, stage.name) == ("keep", "stage")
    assert stage.description.startswith("Write articles, figures and numbers under a batch")
