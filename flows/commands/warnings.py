"""`tongbi warnings`: what the audits warned of; what a warning is about is published all the same."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.commands.options import Form, Home, Limit, Output, Shown
from flows.messages import complain

if TYPE_CHECKING:
    import polars as pl

_A_SCREEN = 20

Article = Annotated[str | None, typer.Option(help="the info code of an article, on either side of a contradiction")]
Expectation = Annotated[str | None, typer.Option(help="the warnings of this expectation alone")]


def warnings(
    article: Article = None,
    expectation: Expectation = None,
    limit: Limit = None,
    form: Form = Shown.TABLE,
    output: Output = None,
    home: Home = None,
) -> None:
    """List what the audits warned of, the newest first: contradictions between articles, jumps, thin days.

    Which expectations warn, and which keep a figure back, the settings of the audit say.
    """
    from flows.export import Format, write
    from flows.store import open_store
    from models.warned import list_warnings

    is_table = form is Shown.TABLE and output is None
    most = limit if limit or not is_table else _A_SCREEN + 1
    found = list_warnings(open_store(home), article, expectation, most)
    if not is_table:
        write(found, Format.CSV if form is Shown.TABLE else Format(form.value), output)
        return
    _show(found if limit else found.head(_A_SCREEN))
    if not limit and found.height > _A_SCREEN:
        complain(f"only the newest {_A_SCREEN} are shown; --limit N shows more, --format csv gives all")


def _show(found: "pl.DataFrame") -> None:
    from flows.console import console

    if found.is_empty():
        complain("no audit has warned of anything like that")
        return
    screen = console()
    for row in found.iter_rows(named=True):
        _show_row(screen, row)


def _show_row(screen: Any, row: dict[str, Any]) -> None:
    from flows.console import cell
    from flows.review_view import sentence_of

    other = f" [dim]against[/] {cell(row['other_info_code'])}" if row["other_info_code"] else ""
    screen.print(f"[bold]{cell(row['info_code'] or 'the batch')}[/]{other} [dim]batch {row['batch_id']}[/]")
    sentence = sentence_of(row)
    if sentence is not None:
        screen.print("  ", sentence, sep="")
    screen.print(f"  [yellow]{cell(row['expectation'])}[/]: {cell(row['observed'])}. {cell(row['why'])}\n")
