"""Options that several commands share."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from models.vocabulary import FigureOrder, Status


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
Entity = Annotated[str | None, typer.Option(help="words of the subject, a name or id, or a security's code")]
Measure = Annotated[str | None, typer.Option(help="words of the metric, or its name or id")]
Days = Annotated[
    str | None,
    typer.Option(metavar="PERIOD", help="2022, 2022H1, 2022Q1, 2022-04, 2022-04-18, or A..B for all that lie between"),
]
Since = Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="first day of publication")]
Until = Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="last day of publication")]
AsOf = Annotated[
    str | None,
    typer.Option(metavar="TIME", help="what was known then: 2022-04-20T09:00 in Shanghai; a day means its end"),
]
OneStatus = Annotated[Status | None, typer.Option(help="what is, what is aimed at, or what is expected")]
Source = Annotated[str | None, typer.Option(help="the source of the article, by its name")]
Words = Annotated[str | None, typer.Option(help="words of the sentence")]
Sort = Annotated[FigureOrder, typer.Option(help="the latest, the largest or the last comes first")]
Reverse = Annotated[bool, typer.Option("--reverse", help="the earliest, the smallest or the first comes first")]
Show = Annotated[int | None, typer.Option(metavar="ID", help="one figure: sentence, article, link, rules, history")]
ByMonth = Annotated[bool, typer.Option("--by-month", help="Parquet in a new folder, a file for each month")]
