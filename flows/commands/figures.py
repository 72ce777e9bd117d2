"""`tongbi figures`: what is published, for a reader or for another program."""

from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.options import Form, Home, Limit, Output, Shown
from flows.messages import complain, read_day

if TYPE_CHECKING:
    import polars as pl

# What a terminal shows where no limit is given; a file gets all rows.
_A_SCREEN = 50


def figures(
    entity: Annotated[str | None, typer.Option(help="words of the subject, or an entity's name or id")] = None,
    metric: Annotated[str | None, typer.Option(help="words of the metric, or its id")] = None,
    since: Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="first day of publication")] = None,
    until: Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="last day of publication")] = None,
    limit: Limit = None,
    form: Form = Shown.TABLE,
    output: Output = None,
    home: Home = None,
) -> None:
    """Show or export the published figures.

    Those of the newest article come first. With --output and no --format they are written as CSV.
    """
    from flows.export import Format, write
    from flows.store import open_store
    from models.queries import FigureFilter, find_figures

    first = read_day(since, "--since") if since else None
    last = read_day(until, "--until") if until else None
    is_table = form is Shown.TABLE and output is None
    # One more than is shown tells whether there are more.
    most = limit if limit or not is_table else _A_SCREEN + 1
    wanted = FigureFilter(entity, metric, first, last, limit=most)
    found = find_figures(open_store(home), wanted)
    if is_table:
        _show(found if limit else found.head(_A_SCREEN), more=not limit and found.height > _A_SCREEN)
    else:
        write(found, Format.CSV if form is Shown.TABLE else Format(form.value), output)


def _show(found: "pl.DataFrame", *, more: bool) -> None:
    from flows.console import cell, console, figure_table
    from flows.summary_view import row_cells

    if found.is_empty():
        complain("no figures; ask for less, or run `tongbi run` for more")
        return
    table = figure_table(dated=True)
    for row in found.iter_rows(named=True):
        day = row["published"].date().isoformat() if row["published"] else ""
        table.add_row(cell(day), *row_cells(row))
    console().print(table)
    if more:
        complain(f"only the first {_A_SCREEN} are shown; --limit N shows more, --format csv gives all")
