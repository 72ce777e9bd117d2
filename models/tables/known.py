"""The catalogue as tables, so that a figure's metric and entity are foreign keys and can be joined."""

from sqlmodel import Field, SQLModel

from models.types import Json


class MetricRow(SQLModel, table=True):
    """A metric of the catalogue."""

    __tablename__ = "metric"

    id: str = Field(primary_key=True)
    name: str
    aliases: list[str] = Field(sa_type=Json)
    dimension: str
    definition: str


class EntityRow(SQLModel, table=True):
    """An entity of the catalogue; `parent` is the id of the entity that it belongs to."""

    __tablename__ = "entity"

    id: str = Field(primary_key=True)
    kind: str
    name: str
    aliases: list[str] = Field(sa_type=Json)
    parent: str | None = None
