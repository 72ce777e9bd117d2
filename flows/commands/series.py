"""`tongbi series`: what all articles say of one thing over time, and the earlier levels that they imply."""

from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands import options as given
from flows.commands.options import Form, Home, Limit, Output, Shown
from flows.messages import complain

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from models.queries import SeriesFilter

_A_SCREEN = 100

Implied = Annotated[bool, typer.Option("--implied", help="the earlier levels that a level and its change imply")]


def series(
    entity: given.Entity = None,
    metric: given.Measure = None,
    period: given.Days = None,
    status: given.OneStatus = None,
    implied: Implied = False,
    limit: Limit = None,
    form: Form = Shown.TABLE,
    output: Output = None,
    home: Home = None,
) -> None:
    """Show what the figures say of an entity and a metric over time: for each period the latest, and whether all agree.

    A row is of one entity, metric, period, kind, basis, unit and status. With --output and no --format the rows are
    written as CSV.
    """
    from flows.asking import read_period
    from flows.export import Format, write
    from flows.store import open_store
    from models.queries import SeriesFilter, stream_implied_levels, stream_series

    days, within = read_period(period) if period else (None, False)
    is_table = form is Shown.TABLE and output is None
    most = limit if limit or not is_table else _A_SCREEN + 1
    wanted = SeriesFilter(entity, metric, days, within, status, most)
    engine = open_store(home)
    if is_table:
        _show(engine, wanted, implied, all_of_them=bool(limit))
        return
    rows = stream_implied_levels(engine, wanted) if implied else stream_series(engine, wanted)
    write(rows, Format.CSV if form is Shown.TABLE else Format(form.value), output)


def _show(engine: "Engine", wanted: "SeriesFilter", implied: bool, *, all_of_them: bool) -> None:
    from flows.console import console
    from flows.figure_view import IMPLIED, SERIES, rows_table
    from models.queries import find_implied_levels, find_series

    found = find_implied_levels(engine, wanted) if implied else find_series(engine, wanted)
    if found.is_empty():
        complain("no series; ask for less, or look at `tongbi figures`: one without subject, metric or period has none")
        return
    screen = console()
    shown = found if all_of_them else found.head(_A_SCREEN)
    screen.print(rows_table(shown, IMPLIED if implied else SERIES, screen.width))
    if found.height > shown.height:
        complain(f"only the first {_A_SCREEN} are shown; --limit N shows more, --format csv gives all")
