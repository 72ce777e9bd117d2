"""`tongbi db`: the tables of the database, brought up to this tongbi's, and looked after."""

from typing import TYPE_CHECKING

import typer

from flows.commands.options import Home
from flows.messages import complain

if TYPE_CHECKING:
    from sqlalchemy import Engine

db = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Upgrade and check the tables of the database.")

_BUSY_SECONDS = 30.0


@db.callback()
def group() -> None:
    """Upgrade and check the tables of the database."""


@db.command()
def upgrade(home: Home = None) -> None:
    """Bring the tables to the revision of this tongbi, in one transaction; what is in them stays.

    A database that is not there yet is made.
    """
    from flows.settings import make_home, read_settings
    from models.connecting import connect
    from models.schema import upgrade as upgrade_tables
    from models.troubles import name_of

    settings = read_settings(home=home)
    if not settings.database_url:
        make_home(settings)
    engine = connect(settings.database, _BUSY_SECONDS)
    before, after = upgrade_tables(engine)
    name = name_of(engine.url)
    if before == after:
        typer.echo(f"{name} has revision {after} already")
    else:
        typer.echo(f"{name} is upgraded from {before or 'nothing'} to revision {after}")


@db.command()
def current(home: Home = None) -> None:
    """Show which revision the tables have, and which one this tongbi works with."""
    from models.database import reading
    from models.schema import head, refusal, state_of
    from models.troubles import name_of

    engine = _there(home)
    with reading(engine) as connection:
        state = state_of(connection)
    error = refusal(engine.url, state)
    if error is None or state.revision:
        typer.echo(f"{name_of(engine.url)}: revision {state.revision}, this tongbi works with {head()}")
    if error is not None:
        raise error


@db.command()
def check(home: Home = None) -> None:
    """Look whether the database is whole: revision, tables, checks, and in a SQLite file every page and key."""
    from models.checking import faults_of
    from models.schema import head
    from models.troubles import name_of

    engine = _there(home)
    faults = faults_of(engine)
    for fault in faults:
        complain(fault)
    if faults:
        raise typer.Exit(1)
    typer.echo(f"{name_of(engine.url)}: revision {head()}, nothing is wrong")


def _there(home: Home) -> "Engine":
    """Give an engine on a database that is there, of whatever revision."""
    from flows.store import find_store
    from models.connecting import connect

    return connect(find_store(home), _BUSY_SECONDS)
