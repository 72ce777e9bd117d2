"""`tongbi quarantine`: the rows that an expectation rejected, looked at."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.commands import review
from flows.commands.options import Form, Home, Limit, Output, Shown
from flows.messages import complain, counted

if TYPE_CHECKING:
    import polars as pl

quarantine = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Look at the rows that an audit rejected, and decide on them."
)

_A_SCREEN = 20


class Wanted(StrEnum):
    """Which rows: one state of the review, or all."""

    OPEN = "open"
    RELEASED = "released"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"
    ALL = "all"


@quarantine.callback()
def group() -> None:
    """Look at the rows that an audit rejected, and decide on them."""


@quarantine.command("list")
def list_rows(
    state: Annotated[Wanted, typer.Option(help="which state of the review")] = Wanted.OPEN,
    expectation: review.Expectation = None,
    article: review.Article = None,
    limit: Limit = None,
    form: Form = Shown.TABLE,
    output: Output = None,
    home: Home = None,
) -> None:
    """List the quarantined rows, the newest first: the sentence, the rule that caught it, and why."""
    from flows.export import Format, write
    from flows.store import open_store
    from models.queries import list_quarantine, list_unreadable
    from models.vocabulary import ReviewState

    engine = open_store(home)
    is_table = form is Shown.TABLE and output is None
    most = limit if limit or not is_table else _A_SCREEN + 1
    chosen = None if state is Wanted.ALL else ReviewState(state.value)
    found = list_quarantine(engine, chosen, article, most, expectation)
    if not is_table:
        write(found, Format.CSV if form is Shown.TABLE else Format(form.value), output)
        return
    _show_rows(found if limit else found.head(_A_SCREEN), more=not limit and found.height > _A_SCREEN)
    if not (article or expectation):
        _show_unreadable(list_unreadable(engine))


@quarantine.command("show")
def show_rows(
    ids: Annotated[list[int], typer.Argument(metavar="ID", help="rows, by the numbers of `list`")],
    home: Home = None,
) -> None:
    """Show rows in full: the sentence, the rule, what was observed, what was decided, and what comes next."""
    from flows.console import console
    from flows.review_view import show_detail
    from flows.store import open_store
    from models.review_queries import find_details

    screen = console()
    for detail in find_details(open_store(home), ids):
        show_detail(screen, detail)


def _show_rows(found: "pl.DataFrame", *, more: bool) -> None:
    from flows.console import console

    if found.is_empty():
        complain("nothing is quarantined")
        return
    screen = console()
    for row in found.iter_rows(named=True):
        _show_row(screen, row)
    first = found["id"][0]
    screen.print(f"[bold]next[/]: tongbi quarantine show {first}", highlight=False)
    if more:
        complain(f"only the newest {_A_SCREEN} are shown; --limit N shows more, --format csv gives all")


def _show_row(screen: Any, row: dict[str, Any]) -> None:
    from flows.console import cell
    from flows.review_view import sentence_of

    screen.print(f"[bold]{row['id']}[/] {cell(row['info_code'])} [dim]{row['row_kind']}, {row['state']}[/]")
    sentence = sentence_of(row)
    screen.print("  ", sentence if sentence is not None else cell(row["text"]), sep="")
    screen.print(f"  [yellow]{cell(row['expectation'])}[/]: {cell(row['observed'])}. {cell(row['why'])}")
    if row["who"]:
        screen.print(f"  [dim]{row['state']} by {cell(row['who'])}: {cell(row['reason'])}[/]")
    screen.print()


def _show_unreadable(found: "pl.DataFrame") -> None:
    from flows.console import cell, console

    if found.is_empty():
        return
    screen = console()
    screen.print(f"[bold]{counted(found.height, 'document')} could not be read[/]")
    for row in found.iter_rows(named=True):
        screen.print(f"  {cell(row['location'])}: {cell(row['error'])}")


for name, command in review.COMMANDS.items():
    quarantine.command(name)(command)
