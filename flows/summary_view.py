"""How the summary of a run looks: the first figures, what failed, the counts, and the next command."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from rich.console import Console

from flows.console import (
    amount_words,
    cell,
    console,
    fact_table,
    figure_table,
    marked,
    period_words,
)
from flows.messages import counted
from flows.summary import NEXT_COMMAND, Problem, Summary, release_command

_MOST_NAMES = 10


def show_summary(summary: Summary) -> None:
    """Print the summary on standard output."""
    screen = console()
    _show_sample(screen, summary)
    _show_problems(screen, summary)
    _show_suite_faults(screen, summary)
    _show_warnings(screen, summary)
    _show_unreadable(screen, summary)
    _show_undated(screen, summary)
    _show_counts(screen, summary)
    screen.print(_verdict(summary), highlight=False)


def _show_counts(screen: Console, summary: Summary) -> None:
    counts, kept_back = summary.report.readings, summary.report.quarantine
    per_second = summary.articles / summary.seconds if summary.seconds else 0
    figures, articles = counts.figures, counts.articles
    known = kept_back.released or kept_back.rejected
    rows = (
        ("source", summary.source),
        ("documents", f"{summary.documents:,}"),
        ("articles", f"{summary.articles:,}"),
        ("unreadable", f"{len(summary.unreadable):,}"),
        ("figures", f"{summary.figures:,}"),
        ("numbers", ", ".join(f"{count:,} {role}" for role, count in summary.roles) or "none"),
        ("published", _figures_of(figures.published, articles.published)),
        ("unchanged", _figures_of(figures.unchanged, articles.unchanged)),
        ("superseded", _figures_of(figures.superseded, articles.superseded)),
        ("quarantined", f"{counted(kept_back.new, 'row')}, {kept_back.seen_again:,} seen before"),
        ("reviewed", f"{kept_back.released:,} released, {kept_back.rejected:,} rejected before" if known else None),
        ("audit", summary.page or None),
        ("time", f"{summary.seconds:.1f} s, {per_second:,.0f} articles/s"),
    )
    screen.print()
    screen.print(fact_table(rows))
    screen.print()


def _figures_of(figures: int, articles: int) -> str:
    return f"{counted(figures, 'figure')} of {counted(articles, 'article')}"


def _show_sample(screen: Console, summary: Summary) -> None:
    if summary.is_refused or not summary.sample:
        return
    table = figure_table(f"the first {len(summary.sample)} of {summary.figures:,} figures")
    for row in summary.sample:
        table.add_row(*row_cells(row))
    screen.print(table)


def row_cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Give the cells of one row of a frame of figures, in the order of `flows.console.figure_table`."""
    value, low, high = (None if row[name] is None else Decimal(row[name]) for name in ("value", "low", "high"))
    amount = amount_words(value, low, high, row["bound"], row["unit"])
    period = period_words(row["period_start"], row["period_end"])
    cells = (
        row["subject"],
        row["metric"],
        row["kind"],
        amount,
        row["basis"],
        period,
        row["status"],
        row["text"],
    )
    return tuple(cell(words) for words in cells)


def _show_problems(screen: Console, summary: Summary) -> None:
    if not summary.failures:
        return
    total = sum(count for _, count in summary.failures)
    rules = ", ".join(f"{cell(name)} {count}" for name, count in summary.failures)
    found = f"{counted(total, 'failure')} in {counted(summary.failed_articles, 'article')}"
    screen.print(f"\n[bold red]{found}[/]: {rules}")
    for problem in summary.problems:
        _show_problem(screen, problem)


def _show_problem(screen: Console, problem: Problem) -> None:
    screen.print(f"\n[bold]{cell(problem.info_code)}[/] {cell(problem.title)}")
    if problem.sentence:
        screen.print("  ", marked(problem.sentence, [(problem.start, problem.end)]), sep="")
    screen.print(f"  [yellow]{cell(problem.expectation)}[/]: {cell(problem.observed)}. {cell(problem.why)}")
    screen.print(f"  [dim]allowed is {cell(problem.allowed)}[/]")
    if command := release_command(problem):
        screen.print(f"  [dim]{cell(command)}[/]")


def _show_suite_faults(screen: Console, summary: Summary) -> None:
    if not summary.suite_faults:
        return
    found = counted(len(summary.suite_faults), "expectation")
    screen.print(f"\n[bold red]{found} could not be evaluated[/]: a fault of the suite, not of the data")
    for words in summary.suite_faults[:_MOST_NAMES]:
        screen.print(f"  {cell(words)}")


def _show_warnings(screen: Console, summary: Summary) -> None:
    if not summary.warned:
        return
    screen.print(f"\n[bold yellow]{counted(summary.warned, 'warning')}[/]: what they are about is published")
    for warning in summary.warnings:
        screen.print(f"  [yellow]{cell(warning.expectation)}[/] {cell(warning.info_code)}: {cell(warning.observed)}")


def _show_unreadable(screen: Console, summary: Summary) -> None:
    if not summary.unreadable:
        return
    screen.print(f"\n[bold red]{counted(len(summary.unreadable), 'document')} could not be read[/]")
    for document in summary.unreadable[:_MOST_NAMES]:
        screen.print(f"  {cell(document.location)}: {cell(document.error)}")
    _say_more(screen, len(summary.unreadable))


def _show_undated(screen: Console, summary: Summary) -> None:
    if not summary.undated:
        return
    found = counted(len(summary.undated), "article")
    screen.print(f"\n[bold]{found} without a readable date[/]")
    for location, origin in summary.undated[:_MOST_NAMES]:
        screen.print(f"  {cell(location)}: dated by its {cell(origin)}")
    _say_more(screen, len(summary.undated))


def _say_more(screen: Console, total: int) -> None:
    if total > _MOST_NAMES:
        screen.print(f"  and {total - _MOST_NAMES:,} more")


def _verdict(summary: Summary) -> str:
    """Give the last line: how it went, and the next command."""
    if summary.is_refused:
        return f"[bold red]nothing was published[/]: {cell(summary.report.message)}"
    if summary.is_good:
        nothing = summary.report.changes_nothing
        words = "no row changed: all of it was published before" if nothing else "all figures passed"
        return f"[bold green]done[/]: {words}; next: tongbi figures"
    next_command = NEXT_COMMAND if summary.failures else "mend or remove the unreadable documents and run again"
    return f"[bold red]failed[/]: what is clean is published; next: {next_command}"
