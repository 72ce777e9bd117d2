"""What a run over partitions leaves in Prefect: its report, and a table of its partitions."""

from collections.abc import Mapping

from prefect.artifacts import create_markdown_artifact

from flows.artifacts import leave_table
from flows.markdown import escaped
from flows.messages import counted
from flows.partitions.jobs import label_of
from flows.partitions.planning import Plan
from flows.partitions.report import Report, message, why
from models.partitions import Partition
from models.vocabulary import PartitionState

_MOST_ROWS = 500


def leave_report(report: Report) -> None:
    """Leave the report, and the partitions with those that failed first."""
    facts = (
        ("source", report.source),
        ("partitions", f"{len(report.partitions)}, and {report.unchosen} that needed no work"),
        ("documents", f"{report.documents:,}"),
        ("figures published", f"{report.figures_published:,}"),
        ("malformed rows", f"{report.rows_failed:,}"),
        ("unreadable documents", f"{report.unreadable:,}"),
        ("time", f"{report.seconds:.0f} s, {report.documents / max(report.seconds, 1e-9):,.0f} documents/s"),
        *((f"in {part}", f"{seconds:.1f} s of processor time") for part, seconds in report.parts),
    )
    rows = "\n".join(f"| {escaped(name)} | {escaped(fact)} |" for name, fact in facts)
    create_markdown_artifact(
        f"{escaped(message(report))}\n\n| | |\n| --- | --- |\n{rows}\n", key=f"{report.purpose}-report"
    )
    ordered = sorted(report.partitions, key=lambda each: each.state is PartitionState.DONE)
    what = counted(len(ordered), "partition") + (f", the first {_MOST_ROWS} shown" if len(ordered) > _MOST_ROWS else "")
    leave_table(f"{report.purpose}-partitions", (_row(report, each) for each in ordered[:_MOST_ROWS]), what)


def leave_plan(plan: Plan) -> None:
    """Leave what would be done."""
    rows = (
        {
            "partition": each.label,
            "documents": each.documents,
            "from the archive": len(each.kept),
            "from the source": len(each.asked),
            "state": each.state,
            "worked on": "yes" if each.is_chosen else "no",
        }
        for each in plan.partitions[:_MOST_ROWS]
    )
    leave_table("backfill-plan", rows, f"{len(plan.chosen)} of {counted(len(plan.partitions), 'partition')} chosen")


def _row(report: Report, partition: Partition) -> Mapping[str, object]:
    return {
        "partition": label_of(partition.days),
        "state": partition.state,
        "documents": partition.documents,
        "figures published": partition.figures_published,
        "malformed rows": partition.rows_failed,
        "unreadable": partition.unreadable,
        "batch": partition.batch_id,
        "attempts": partition.attempts,
        "why": why(report, partition),
    }
