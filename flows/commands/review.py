"""`tongbi quarantine release`, `reject`, `replay` and `export-golden`: decisions on quarantined rows."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.options import Home
from flows.messages import complain, counted
from models.errors import ReviewError

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from models.vocabulary import ReviewAction

_A_SCREEN = 20

Ids = Annotated[list[int] | None, typer.Argument(metavar="ID", help="rows, by the numbers of `list`")]
Expectation = Annotated[str | None, typer.Option(metavar="NAME", help="the rows that failed this expectation")]
Article = Annotated[str | None, typer.Option(metavar="CODE", help="the rows of this article")]
Reason = Annotated[str, typer.Option(help="why; it is kept with the decision")]
Who = Annotated[str, typer.Option(help="who decides; the login name by default")]
Yes = Annotated[bool, typer.Option("--yes", help="do it for all rows that a filter takes in")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="say what would be done, and do nothing")]


def release(
    ids: Ids = None,
    expectation: Expectation = None,
    article: Article = None,
    reason: Reason = "",
    who: Who = "",
    yes: Yes = False,
    dry_run: DryRun = False,
    home: Home = None,
) -> None:
    """Publish quarantined rows as they are, with their article where it was quarantined whole.

    Rows are named by their numbers, or taken in by --expectation and --article: then --yes does it.
    """
    from models.vocabulary import ReviewAction

    _decide(ReviewAction.RELEASE, _Chosen(ids, expectation, article, home), (reason, who), (yes, dry_run))


def reject(
    ids: Ids = None,
    expectation: Expectation = None,
    article: Article = None,
    reason: Reason = "",
    who: Who = "",
    yes: Yes = False,
    dry_run: DryRun = False,
    home: Home = None,
) -> None:
    """Keep quarantined rows out for good; a later run no longer fails for them.

    Rows are named by their numbers, or taken in by --expectation and --article: then --yes does it.
    """
    from models.vocabulary import ReviewAction

    _decide(ReviewAction.REJECT, _Chosen(ids, expectation, article, home), (reason, who), (yes, dry_run))


def replay(
    ids: Ids = None,
    expectation: Expectation = None,
    article: Article = None,
    reason: Reason = "",
    who: Who = "",
    dry_run: DryRun = False,
    home: Home = None,
) -> None:
    """Read quarantined rows again out of the raw archive, with today's engine and suites; all open ones by default.

    What passes is published. Nothing is fetched. Exit status 1 means that some rows fail again.
    """
    chosen = _Chosen(ids, expectation, article, home)
    wanted = chosen.ids()
    if dry_run:
        _list(chosen.engine, wanted)
        complain(f"{counted(len(wanted), 'row')} would be replayed; nothing was done")
        return
    if not _replay(chosen, wanted, reason, who):
        raise typer.Exit(1)


def export_golden(
    output: Annotated[Path | None, typer.Option(help="the file to write instead of standard output")] = None,
    home: Home = None,
) -> None:
    """Write every released or rejected row as a test case, one JSON object a line.

    A case has the verdict, the article with its text and day, the row as it was decided on, who and why.
    """
    from flows.golden import golden_cases, write_cases
    from flows.store import open_store
    from models.review_queries import find_decided

    cases = golden_cases(find_decided(open_store(home)))
    write_cases(cases, output)
    complain(f"{counted(len(cases), 'case')} written" + (f" to {output}" if output else ""))


COMMANDS: Mapping[str, Callable[..., None]] = {
    "release": release,
    "reject": reject,
    "replay": replay,
    "export-golden": export_golden,
}


class _Chosen:
    """The rows that the arguments name: by numbers, or by a filter."""

    def __init__(self, ids: list[int] | None, expectation: str | None, article: str | None, home: Path | None) -> None:
        from flows.store import open_store

        if ids and (expectation or article):
            raise ReviewError("rows are named both by numbers and by a filter", "leave out the one or the other")
        self._ids, self._expectation, self._article, self.home = ids, expectation, article, home
        self.engine: Engine = open_store(home)

    @property
    def is_filter(self) -> bool:
        """Give True where a filter takes rows in."""
        return bool(self._expectation or self._article)

    @property
    def is_empty(self) -> bool:
        """Give True where no row is named at all."""
        return not self._ids and not self.is_filter

    def ids(self) -> list[int]:
        """Give the numbers of the rows; those of a filter are open."""
        from models.review_queries import Wanted, find_ids

        return self._ids or find_ids(self.engine, Wanted(expectation=self._expectation, article=self._article))


def _decide(action: "ReviewAction", chosen: _Chosen, said: tuple[str, str], how: tuple[bool, bool]) -> None:
    from datetime import UTC, datetime

    from flows.reviewer import decided_words, reviewer
    from models.reviewing import Ruling, decide
    from tasks.engine import ENGINE_VERSION

    (reason, who), (yes, dry_run) = said, how
    if chosen.is_empty:
        raise ReviewError("no row is named", "give the numbers that `tongbi quarantine list` shows, or a filter")
    ids = chosen.ids()
    is_trial = dry_run or (chosen.is_filter and not yes)
    ruling = Ruling(action, reviewer(who), reason or ("a trial" if is_trial else ""), datetime.now(UTC))
    decided = decide(chosen.engine, ids, ruling, ENGINE_VERSION, try_only=is_trial)
    if is_trial:
        _list(chosen.engine, [*decided.ids, *decided.along])
    typer.echo(decided_words(decided, is_trial=is_trial))
    if is_trial:
        complain("nothing was done" + ("" if dry_run else "; --yes does it"))


def _replay(chosen: _Chosen, ids: list[int], reason: str, who: str) -> bool:
    """Replay rows, print what changed, and tell whether none is left open."""
    from datetime import UTC, datetime

    from flows.console import cell, console
    from flows.reviewer import replay_words, reviewer
    from flows.settings import prepare_environment, read_settings
    from models.corrections import read_corrections
    from models.objects import open_objects
    from models.raw_archive import RawArchive

    settings = read_settings(home=chosen.home)
    prepare_environment(settings)
    corrections = read_corrections(settings.corrections_file)
    archive = RawArchive(chosen.engine, open_objects(settings.raw))
    name, now = reviewer(who), datetime.now(UTC)
    from tasks.replaying import replay_rows

    done = replay_rows(archive, ids, name, reason or "replayed", corrections, now)
    screen = console()
    for row in done.rows:
        colour = "green" if row.is_settled else "red"
        screen.print(
            f"[bold]{row.id}[/] {cell(row.info_code)} {cell(row.expectation)}: [{colour}]{cell(row.outcome)}[/]"
        )
    screen.print(cell(replay_words(done)))
    still = [str(row.id) for row in done.rows if not row.is_settled]
    if still:
        screen.print(f"[bold]next[/]: tongbi quarantine show {' '.join(still[:3])}")
    return done.is_good


def _list(engine: "Engine", ids: list[int]) -> None:
    from flows.console import cell, console
    from flows.review_view import sentence_of
    from models.review_queries import find_details

    screen = console()
    for detail in find_details(engine, ids[:_A_SCREEN]):
        row = detail.columns
        head = f"[bold]{row['id']}[/] {cell(row['info_code'])} {cell(row['expectation'])}: "
        screen.print(head, sentence_of(row, detail.article) or cell(row["text"]), sep="")
    if len(ids) > _A_SCREEN:
        complain(f"and {len(ids) - _A_SCREEN:,} more")
