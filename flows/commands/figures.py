"""`tongbi figures`: what is published, for a reader or for another program."""

from typing import TYPE_CHECKING

from flows.commands import options as given
from flows.commands.options import Form, Home, Limit, Output, Shown
from flows.messages import complain
from models.errors import SettingsError
from models.vocabulary import FigureOrder

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

    from models.queries import FigureFilter

# What a terminal shows where no limit is given; a file gets all rows.
_A_SCREEN = 50


def figures(
    entity: given.Entity = None,
    metric: given.Measure = None,
    period: given.Days = None,
    since: given.Since = None,
    until: given.Until = None,
    as_of: given.AsOf = None,
    status: given.OneStatus = None,
    source: given.Source = None,
    text: given.Words = None,
    sort: given.Sort = FigureOrder.PUBLISHED,
    reverse: given.Reverse = False,
    limit: Limit = None,
    show: given.Show = None,
    form: Form = Shown.TABLE,
    output: Output = None,
    by_month: given.ByMonth = False,
    home: Home = None,
) -> None:
    """Show or export the published figures.

    Those of the newest article come first. With --output and no --format they are written as CSV. --show ID tells
    all about one of them.
    """
    from flows.asking import read_days, read_moment, read_period
    from flows.store import open_store
    from models.queries import FigureFilter

    first, last = read_days(since, until)
    days, within = read_period(period) if period else (None, False)
    moment = read_moment(as_of) if as_of else None
    is_table = form is Shown.TABLE and output is None and not by_month
    if by_month:
        _check_by_month(form, sort, has_output=output is not None)
    # One more than is shown tells whether there are more.
    most = limit if limit or not is_table else _A_SCREEN + 1
    wanted = FigureFilter(
        entity, metric, first, last, moment, most, days, within, status, source, text, sort, ascending=reverse
    )
    engine = open_store(home)
    if show is not None:
        _tell(engine, show, is_alone=wanted == FigureFilter(limit=_A_SCREEN + 1) and is_table)
    elif is_table:
        _show(engine, wanted, all_of_them=bool(limit))
    else:
        _export(engine, wanted, form, output, by_month)


def _check_by_month(form: Shown, sort: FigureOrder, *, has_output: bool) -> None:
    if form is not Shown.PARQUET or not has_output:
        raise SettingsError(
            "--by-month makes a folder of Parquet files", "give --format parquet and --output FOLDER too"
        )
    if sort is not FigureOrder.PUBLISHED:
        raise SettingsError("--by-month goes by the day of publication", "leave out --sort")


def _tell(engine: "Engine", figure_id: int, *, is_alone: bool) -> None:
    from flows.story_view import show_story
    from models.past import tell_figure

    if not is_alone:
        raise SettingsError("--show shows the one figure of an id", "leave out the other options")
    story = tell_figure(engine, figure_id)
    if story is None:
        raise SettingsError(f"there is no figure {figure_id}", "the first column of `tongbi figures` is the id")
    show_story(story)


def _show(engine: "Engine", wanted: "FigureFilter", *, all_of_them: bool) -> None:
    from flows.console import console
    from flows.figure_view import FIGURES, rows_table
    from models.queries import find_figures

    found = find_figures(engine, wanted)
    if found.is_empty():
        complain("no figures; ask for less, or run `tongbi run` for more")
        return
    screen = console()
    shown = found if all_of_them else found.head(_A_SCREEN)
    screen.print(rows_table(shown, FIGURES, screen.width))
    if found.height > shown.height:
        complain(f"only the first {_A_SCREEN} are shown; --limit N shows more, --format csv gives all")


def _export(engine: "Engine", wanted: "FigureFilter", form: Shown, output: "Path | None", by_month: bool) -> None:
    from flows.export import Format, write, write_by_month
    from models.queries import stream_figures

    rows = stream_figures(engine, wanted)
    if by_month and output is not None:
        write_by_month(rows, output)
    else:
        write(rows, Format.CSV if form is Shown.TABLE else Format(form.value), output)
