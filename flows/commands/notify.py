"""`tongbi notify`: tell a webhook of each run that failed or was lost."""

import os
from typing import Annotated
from urllib.parse import urlsplit

import typer

from flows.commands.options import Home
from models.errors import PrefectError, SettingsError


def notify(
    webhook: Annotated[str | None, typer.Option(metavar="URL", help="the address that is told, by a POST")] = None,
    remove: Annotated[bool, typer.Option("--remove", help="tell nobody any more")] = False,
    lost_after: Annotated[
        int, typer.Option(min=40, help="seconds without a heartbeat after which a run counts as lost")
    ] = 120,
    home: Home = None,
) -> None:
    """Tell a webhook of each run that failed, and of each that was lost: its process ended without a word.

    A lost run is marked as Crashed. The command changes nothing where all of it is set up; the Prefect server of
    `tongbi serve` has to run, or the one that PREFECT_API_URL names.
    """
    if (webhook is None) is not remove:
        raise SettingsError("name a webhook, or --remove", "tongbi notify --webhook https://hooks.example/tongbi")
    if webhook is not None and urlsplit(webhook).scheme not in ("http", "https"):
        raise SettingsError(f"no address of a webhook: {webhook!r}", "it begins with https:// or http://")
    _prepare(home)
    _apply(webhook, lost_after)


def _prepare(home: "os.PathLike[str] | None") -> None:
    from flows.serving.finding import api_answers
    from flows.settings import make_home, prepare_environment, read_settings

    settings = read_settings(home=home)
    make_home(settings)
    prepare_environment(settings)
    api = os.environ.get("PREFECT_API_URL", "")
    if not api or not api_answers(api):
        where = f" at {api}" if api else ""
        raise PrefectError(f"no Prefect server answers{where}", "start `tongbi serve`, then run this again")


def _apply(webhook: str | None, lost_after: int) -> None:
    from flows.serving.automations import ensure_lost_runs, ensure_notification, remove_notification

    if webhook is None:
        print("nobody is told any more" if remove_notification() else "nobody was told")
        return
    ensure_lost_runs(lost_after)
    ensure_notification(webhook)
    print(f"runs that fail or are lost are told to {webhook}")
