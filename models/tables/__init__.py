"""The tables: what is published, what is staged, what ran, what was kept back, and the catalogue."""

from sqlalchemy import Table
from sqlmodel import SQLModel

from models.tables.amendments import AmendmentRow
from models.tables.decisions import DecisionRow
from models.tables.derived import Derived
from models.tables.known import EntityRow, MetricRow
from models.tables.locks import RunLockRow
from models.tables.names import FigureNameRow, SecurityRow
from models.tables.offsets import FIXED_TEXT, offsets_of
from models.tables.partitions import BackfillPartitionRow
from models.tables.published import ArticleRevisionRow, ArticleRow, FigureRow, NumberRow
from models.tables.runs import (
    BatchRow,
    ExpectationResultRow,
    QuarantineRow,
    RawDocumentRow,
    RawResponseRow,
    UnreadableDocumentRow,
)
from models.tables.staged import StagedArticleRow, StagedFigureRow, StagedNumberRow
from models.tables.views import IMPLIED_LEVEL, SERIES
from models.tables.warned import AuditWarningRow
from models.tables.watermarks import WatermarkRow

__all__ = [
    "AmendmentRow",
    "ArticleRevisionRow",
    "ArticleRow",
    "AuditWarningRow",
    "BackfillPartitionRow",
    "BatchRow",
    "DecisionRow",
    "EntityRow",
    "ExpectationResultRow",
    "FigureNameRow",
    "FigureRow",
    "MetricRow",
    "NumberRow",
    "QuarantineRow",
    "RawDocumentRow",
    "RawResponseRow",
    "RunLockRow",
    "SecurityRow",
    "StagedArticleRow",
    "StagedFigureRow",
    "StagedNumberRow",
    "UnreadableDocumentRow",
    "WatermarkRow",
    "all_derived",
    "all_tables",
    "table_of",
]


def table_of(model: type[SQLModel]) -> Table:
    """Give the table of a model, for set-based statements: `table_of(FigureRow).c.value`."""
    return model.metadata.tables[str(model.__tablename__)]


_MODELS: tuple[type[SQLModel], ...] = (
    RawDocumentRow,
    RawResponseRow,
    BatchRow,
    MetricRow,
    EntityRow,
    ArticleRevisionRow,
    ArticleRow,
    FigureRow,
    NumberRow,
    FigureNameRow,
    SecurityRow,
    QuarantineRow,
    DecisionRow,
    UnreadableDocumentRow,
    ExpectationResultRow,
    AuditWarningRow,
    StagedArticleRow,
    StagedFigureRow,
    StagedNumberRow,
    RunLockRow,
    AmendmentRow,
    BackfillPartitionRow,
    WatermarkRow,
)


def all_tables() -> list[Table]:
    """Give all tables of tongbi, and none that another library hangs on the same metadata."""
    return [table_of(model) for model in _MODELS]


def all_derived() -> list[Derived]:
    """Give the triggers and views of the tables, in the order in which they can be made."""
    return [FIXED_TEXT, offsets_of("figure"), offsets_of("number"), SERIES, IMPLIED_LEVEL]
