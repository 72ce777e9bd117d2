"""The command `tongbi`: its commands, and what a person sees where one of them cannot go on."""

import os
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from flows.commands.backfill import backfill, reextract
from flows.commands.db import db
from flows.commands.diff import diff
from flows.commands.explain import explain
from flows.commands.extract import extract
from flows.commands.figures import figures
from flows.commands.notify import notify
from flows.commands.quarantine import quarantine
from flows.commands.run import run
from flows.commands.series import series
from flows.commands.serve import serve
from flows.commands.unknown import unknown
from flows.commands.warnings import warnings
from flows.messages import EXIT_CANNOT, EXIT_INTERRUPTED, complain, say_interrupted
from models.errors import TongbiError


class Plain(TyperGroup):
    """A group whose commands end in one or two plain lines, never in a traceback, where they cannot go on."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; an error that a user can act on becomes its message and an exit status."""
        try:
            outcome = super().invoke(ctx)
            sys.stdout.flush()
        except TongbiError as error:
            complain(error)
            raise typer.Exit(EXIT_CANNOT) from None
        except KeyboardInterrupt:
            say_interrupted()
            raise typer.Exit(EXIT_INTERRUPTED) from None
        except BrokenPipeError:
            _close_quietly()
            raise typer.Exit(0) from None
        return outcome


def _close_quietly() -> None:
    """Keep Python from complaining at exit that nobody reads its standard output any more."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())


app = typer.Typer(
    cls=Plain,
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="tongbi (同比): Chinese financial news in, checked figures out.",
)


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"tongbi {version('tongbi')}")
        raise typer.Exit


@app.callback()
def _tongbi(
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="show the version and end")
    ] = False,
) -> None:
    pass


app.command()(run)
app.command()(backfill)
app.command()(reextract)
app.command()(extract)
app.command()(explain)
app.command()(diff)
app.command()(unknown)
app.command()(figures)
app.command()(series)
app.add_typer(quarantine, name="quarantine")
app.command()(warnings)
app.add_typer(db, name="db")
app.command()(serve)
app.command()(notify)


def main() -> None:
    """Run the command; exit status 0 done, 1 the audit failed the run, 2 wrong use or could not run."""
    app(prog_name="tongbi")
