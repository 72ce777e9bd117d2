"""The summary of a run as markdown, for Prefect's pages: how it went, the counts, what failed and where."""

from collections.abc import Iterable, Iterator

from flows.markdown import escaped
from flows.messages import counted
from flows.summary import NEXT_COMMAND, Problem, Summary, release_command

_MOST_NAMES = 20


def report(summary: Summary, words: str) -> str:
    """Give the summary of a run as markdown; `words` is the line with which the run ended."""
    parts = [f"# {_heading(summary)}", escaped(words), *_counts(summary), *_problems(summary), *_names(summary)]
    return "\n\n".join(parts) + "\n"


def _heading(summary: Summary) -> str:
    verdict = "refused" if summary.is_refused else "done" if summary.is_good else "failed"
    return f"{escaped(summary.source)}: {verdict}, batch {summary.report.batch_id}"


def _counts(summary: Summary) -> Iterator[str]:
    counts = summary.report.readings
    kinds = (counts.articles, counts.figures, counts.numbers)
    yield _table(
        ("", "articles", "figures", "numbers"),
        [
            ("read", summary.articles, summary.figures, sum(count for _, count in summary.roles)),
            ("published", *(kind.published for kind in kinds)),
            ("unchanged", *(kind.unchanged for kind in kinds)),
            ("superseded", *(kind.superseded for kind in kinds)),
        ],
    )
    kept_back = summary.report.quarantine
    yield _table(
        ("documents", "unreadable", "rows quarantined", "seen before", "cleared", "time"),
        [
            (
                summary.documents,
                len(summary.unreadable),
                kept_back.new,
                kept_back.seen_again,
                kept_back.cleared,
                f"{summary.seconds:.1f} s",
            )
        ],
    )
    if summary.roles:
        yield "Every number has a role: " + ", ".join(f"{count:,} {escaped(role)}" for role, count in summary.roles)


def _problems(summary: Summary) -> Iterator[str]:
    if not summary.failures:
        return
    yield f"## {counted(sum(count for _, count in summary.failures), 'failure')}"
    yield _table(("rule", "rows"), [(escaped(name), count) for name, count in summary.failures])
    for problem in summary.problems:
        yield _problem(problem)
    yield f"Next: `{NEXT_COMMAND}`"


def _problem(problem: Problem) -> str:
    sentence, start, end = problem.sentence, problem.start, problem.end
    marked = f"{sentence[:start]}⟦{sentence[start:end]}⟧{sentence[end:]}" if sentence else problem.title
    return "\n".join(
        (
            f"### {escaped(problem.info_code)} {escaped(problem.title)}",
            "",
            f"> {escaped(marked)}",
            "",
            f"**{escaped(problem.expectation)}**: {escaped(problem.observed)}. {escaped(problem.why)}",
            "",
            f"Allowed is {escaped(problem.allowed)}."
            + (f" `{command}`" if (command := release_command(problem)) else ""),
        )
    )


def _names(summary: Summary) -> Iterator[str]:
    if summary.unreadable:
        yield f"## {counted(len(summary.unreadable), 'document')} could not be read"
        yield _list(f"{escaped(each.location)}: {escaped(each.error)}" for each in summary.unreadable)
    if summary.undated:
        yield f"## {counted(len(summary.undated), 'article')} without a readable date"
        yield _list(f"{escaped(place)}: dated by its {escaped(origin)}" for place, origin in summary.undated)


def _list(lines: Iterable[str]) -> str:
    all_lines = list(lines)
    more = [f"and {len(all_lines) - _MOST_NAMES:,} more"] if len(all_lines) > _MOST_NAMES else []
    return "\n".join(f"- {line}" for line in (*all_lines[:_MOST_NAMES], *more))


def _table(heads: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    heads = list(heads)
    lines = [
        heads,
        ["---" if head in ("", "rule") else "---:" for head in heads],
        *([_cell(c) for c in row] for row in rows),
    ]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _cell(content: object) -> str:
    return f"{content:,}" if isinstance(content, int) else str(content)
