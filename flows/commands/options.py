"""Options that several commands share."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Shown(StrEnum):
    """The forms in which rows can be had; the words are those of `flows.export.Format`."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    PARQUET = "parquet"


class TableOrJson(StrEnum):
    """The forms in which counts can be had: for a person, or for a program."""

    TABLE = "table"
    JSON = "json"


Home = Annotated[Path | None, typer.Option(help="where the state lives, instead of TONGBI_HOME")]
Form = Annotated[Shown, typer.Option("--format", help="how the rows are written")]
Output = Annotated[Path | None, typer.Option(help="the file to write instead of standard output")]
Limit = Annotated[int | None, typer.Option(min=1, help="how many rows at most")]
CountForm = Annotated[TableOrJson, typer.Option("--format", help="how the counts are written")]
