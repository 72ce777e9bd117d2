"""How a plan and a report look on a terminal."""

from rich.table import Table

from flows.console import cell, console, fact_table
from flows.messages import counted
from flows.partitions.jobs import label_of
from flows.partitions.planning import Plan
from flows.partitions.report import Report, next_steps, why

_MOST_FAILED = 20


def show_plan(plan: Plan) -> None:
    """Print every partition, where its documents would come from, and whether it would be worked on."""
    table = Table(title=f"{plan.source}: what would be done", title_justify="left", header_style="bold")
    for heading in ("partition", "documents", "from the archive", "from the source"):
        table.add_column(heading, justify="left" if heading == "partition" else "right")
    table.add_column("in the ledger")
    table.add_column("this time")
    for each in plan.partitions:
        counts = (f"{each.documents:,}", f"{len(each.kept):,}", f"{len(each.asked):,}")
        table.add_row(each.label, *counts, each.state, "worked on" if each.is_chosen else "left out")
    screen = console()
    screen.print(table)
    screen.print(plan.words, highlight=False)


def show_report(report: Report) -> None:
    """Print the counts, what failed, and the next command."""
    screen = console()
    if report.failed:
        table = Table(title=counted(len(report.failed), "failed partition"), title_justify="left", header_style="bold")
        for heading in ("partition", "attempts", "why"):
            table.add_column(heading, overflow="fold")
        for each in report.failed[:_MOST_FAILED]:
            table.add_row(label_of(each.days), str(each.attempts), cell(why(report, each)))
        screen.print(table)
    rate = report.documents / report.seconds if report.seconds else 0
    done = len(report.partitions) - len(report.failed)
    rows = (
        ("source", report.source),
        ("partitions", f"{done:,} of {len(report.partitions):,} done, {report.unchosen:,} needed no work"),
        ("failed earlier", ", ".join(report.earlier_failures) or None),
        ("documents", f"{report.documents:,}"),
        ("articles", f"{report.articles:,}"),
        ("unreadable", f"{report.unreadable:,}"),
        ("published", counted(report.figures_published, "figure")),
        ("malformed", counted(report.rows_failed, "row")),
        ("time", f"{report.seconds:.1f} s, {rate:,.0f} documents/s"),
        ("processor time", ", ".join(f"{name} {seconds:.1f} s" for name, seconds in report.parts) or None),
    )
    screen.print(fact_table(rows))
    screen.print()
    screen.print(_verdict(report), highlight=False)


def _verdict(report: Report) -> str:
    if not report.partitions and report.is_good:
        return f"done: nothing to do, {counted(report.unchosen, 'partition')} ended before"
    if report.is_good:
        return "done"
    return f"failed: what is clean is published; next: {', '.join(next_steps(report))}"
