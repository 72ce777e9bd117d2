"""What came of a run over partitions, as plain values and in words."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flows.messages import counted
from flows.partitions.jobs import Outcome, label_of
from flows.partitions.planning import Plan
from models.partitions import Partition
from models.vocabulary import PartitionState, Purpose

_MOST_NAMED = 3
NEXT_FOR_ROWS = "tongbi quarantine list"


@dataclass(frozen=True, slots=True)
class Report:
    """All that a run over partitions tells at its end.

    `partitions` were worked on, and `obstacles` says why some of them, by their id, could not be. `earlier_failures`
    failed in another run and were not asked for now, `unchosen` are all that needed no work. `parts` has the
    processor seconds of each part, the longest first; `seconds` is the time of the flow.
    """

    purpose: Purpose
    source: str
    partitions: tuple[Partition, ...]
    obstacles: Mapping[int, str]
    unchosen: int
    earlier_failures: tuple[str, ...]
    parts: tuple[tuple[str, float], ...]
    seconds: float

    @property
    def failed(self) -> tuple[Partition, ...]:
        """Give the partitions that were not brought to a good end."""
        return tuple(
            each for each in self.partitions if each.state is not PartitionState.DONE or each.id in self.obstacles
        )

    @property
    def is_good(self) -> bool:
        """Give True where every partition is done and every row of them passed."""
        return not (self.failed or self.earlier_failures or self.rows_failed or self.unreadable)

    @property
    def documents(self) -> int:
        """Give how many documents were worked on."""
        return sum(each.documents for each in self.partitions)

    @property
    def articles(self) -> int:
        """Give how many articles they were."""
        return sum(each.articles for each in self.partitions)

    @property
    def figures_published(self) -> int:
        """Give how many figures are published now, new or unchanged."""
        return sum(each.figures_published for each in self.partitions)

    @property
    def rows_failed(self) -> int:
        """Give how many rows failed the audit."""
        return sum(each.rows_failed for each in self.partitions)

    @property
    def unreadable(self) -> int:
        """Give how many documents could not be read."""
        return sum(each.unreadable for each in self.partitions)


def report_of(
    purpose: Purpose, plan: Plan, outcomes: Iterable[Outcome], fetching: Iterable[tuple[str, float]], seconds: float
) -> Report:
    """Put together what a run has come to; `fetching` are the seconds of the process that hands out the work."""
    ended = list(outcomes)
    parts: Counter[str] = Counter(dict(fetching))
    for outcome in ended:
        parts.update(dict(outcome.seconds))
    partitions = sorted((outcome.partition for outcome in ended), key=lambda each: label_of(each.days))
    failures = tuple(each.label for each in plan.failed)
    unchosen = len(plan.partitions) - len(plan.chosen)
    obstacles = {each.partition.id: each.obstacle for each in ended if each.obstacle}
    return Report(
        purpose, plan.source, tuple(partitions), obstacles, unchosen, failures, tuple(parts.most_common()), seconds
    )


def message(report: Report) -> str:
    """Say in one line how the run went, what failed, and which command is next."""
    done = len(report.partitions) - len(report.failed)
    parts = [
        f"{done} of {counted(len(report.partitions), 'partition')} done, "
        f"{counted(report.documents, 'document')}, {counted(report.figures_published, 'figure')} published"
    ]
    if not report.partitions:
        parts = [f"nothing to do: {counted(report.unchosen, 'partition')} ended before"]
    if report.failed:
        named = "; ".join(f"{label_of(each.days)} ({why(report, each)})" for each in report.failed[:_MOST_NAMED])
        parts.append(f"{len(report.failed)} failed: {named}")
    if report.earlier_failures:
        named = ", ".join(report.earlier_failures[:_MOST_NAMED])
        parts.append(f"{len(report.earlier_failures)} failed in an earlier run: {named}")
    if report.rows_failed or report.unreadable:
        parts.append(f"{report.rows_failed} rows malformed, {counted(report.unreadable, 'document')} unreadable")
    if steps := next_steps(report):
        parts.append(f"next: {', '.join(steps)}")
    return "; ".join(parts)


def why(report: Report, partition: Partition) -> str:
    """Say why a partition is not done; nothing where it is."""
    return report.obstacles.get(partition.id) or partition.error or ""


def next_steps(report: Report) -> list[str]:
    """Give the commands that come next."""
    steps: list[str] = []
    if report.failed or report.earlier_failures:
        steps.append("tongbi backfill --only failed" if report.purpose is Purpose.BACKFILL else "tongbi reextract")
    if report.rows_failed or report.unreadable:
        steps.append(NEXT_FOR_ROWS)
    return steps
