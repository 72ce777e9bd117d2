"""The words by which figures are found: small tables beside the large one, filled when figures are published."""

from sqlmodel import Field, SQLModel

from models.tables.checks import check


class FigureNameRow(SQLModel, table=True):
    """A subject or a metric as some figure has it; `key` is its id in the catalogue, else the words themselves."""

    __tablename__ = "figure_name"
    __table_args__ = (check("figure_name", "role", "role IN ('subject', 'metric')"),)

    role: str = Field(primary_key=True)
    words: str = Field(primary_key=True)
    key: str = Field(primary_key=True)


class SecurityRow(SQLModel, table=True):
    """A name that some article gives a security: 600160 of SH is 巨化股份."""

    __tablename__ = "security"

    code: str = Field(primary_key=True)
    exchange: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
