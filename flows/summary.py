"""What a run has come to, as plain values: what it read, what was published, what failed and where."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

import polars as pl

from flows.messages import counted
from models.audit import AuditOutcome, Failure, Warned
from models.publishing import PublishReport
from models.quarantine_ids import QuarantineIds
from models.staging import StagedBatch, Unreadable
from models.text import sentence_span
from models.vocabulary import BatchState, DateOrigin, RowKind, Severity

NEXT_COMMAND = "tongbi quarantine list"
_SHANGHAI = "Asia/Shanghai"
_MOST_FIGURES = 10
_MOST_PROBLEMS = 6
# A figure tells a reader more than the number in it, and either more than its whole article.
_ORDER = {RowKind.FIGURE: 0, RowKind.NUMBER: 1, RowKind.ARTICLE: 2}


@dataclass(frozen=True, slots=True)
class Problem:
    """One failed row for a reader: its article, its sentence, its place in it, and the rule in words.

    A failed article has no sentence; then `start` and `end` are 0. `quarantine_id` is its row of the quarantine,
    None where the batch was refused.
    """

    info_code: str
    title: str | None
    sentence: str
    start: int
    end: int
    expectation: str
    observed: str
    why: str
    allowed: str = ""
    quarantine_id: int | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """All that a run tells at its end.

    `undated` has the location of each article without a readable date of its own, and what dates it instead;
    `roles` counts the numbers by role and `failures` the failed rows by expectation, the most first.
    `failed_rows` are figures and numbers of `failed_articles` articles. `seconds` is the time of the flow,
    `last_day` the last day in Shanghai on which an article was published that passed as a whole. `failed_figures`
    counts the figures alone, `warned` all warnings, of which `warnings` are the first; `suite_faults` are
    expectations that could not be evaluated, and `page` is the address of the audit's page.
    """

    source: str
    documents: int
    articles: int
    unreadable: tuple[Unreadable, ...]
    undated: tuple[tuple[str, str], ...]
    figures: int
    roles: tuple[tuple[str, int], ...]
    report: PublishReport
    failed_rows: int
    failed_articles: int
    failures: tuple[tuple[str, int], ...]
    problems: tuple[Problem, ...]
    sample: tuple[Mapping[str, Any], ...]
    seconds: float
    last_day: date | None = None
    failed_figures: int = 0
    warnings: tuple[Warned, ...] = ()
    warned: int = 0
    suite_faults: tuple[str, ...] = ()
    page: str = ""

    @property
    def is_refused(self) -> bool:
        """Give True where nothing of the batch was published."""
        return self.report.state is BatchState.REFUSED

    @property
    def is_good(self) -> bool:
        """Give True where every document was read and every row passed."""
        return not (self.is_refused or self.failures or self.unreadable)


def summarize(
    source: str,
    documents: int,
    staged: StagedBatch,
    audit: AuditOutcome,
    report: PublishReport,
    unreadable: Iterable[Unreadable],
    seconds: float,
    ids: QuarantineIds = MappingProxyType({}),
) -> Summary:
    """Put together what a run has come to, from the rows that were audited and what became of them.

    `ids` leads from what failed to its row of the quarantine.
    """
    failures = audit.failures
    return Summary(
        source=source,
        documents=documents,
        articles=staged.articles.height,
        unreadable=tuple(unreadable),
        undated=tuple(_dated_otherwise(staged.articles)),
        figures=staged.figures.height,
        roles=tuple(_roles(staged.numbers)),
        report=report,
        failed_rows=len({(f.row_kind, f.row_id) for f in failures if f.row_kind is not RowKind.ARTICLE}),
        failed_articles=len(_articles_of(staged, failures)),
        failures=tuple(Counter(failure.expectation for failure in failures).most_common()),
        problems=tuple(problems(staged, failures, _MOST_PROBLEMS, ids)),
        sample=tuple(passed_figures(staged, audit).head(_MOST_FIGURES).iter_rows(named=True)),
        seconds=seconds,
        last_day=_last_day(staged, failures),
        failed_figures=len({f.row_id for f in failures if f.row_kind is RowKind.FIGURE}),
        warnings=tuple(audit.warnings[:_MOST_PROBLEMS]),
        warned=len(audit.warnings),
        suite_faults=audit.exceptions,
    )


def message(summary: Summary) -> str:
    """Say in one line how the run went; of a failure what failed, where first, and which command is next."""
    if summary.is_refused:
        faults = f"; fault of the suite, not of the data: {summary.suite_faults[0]}" if summary.suite_faults else ""
        failed = f"; {_failed(summary)}" if summary.failures else ""
        return f"nothing was published: {summary.report.message}{faults}{failed}{_seen_at(summary)}"
    parts = [summary.report.message]
    if summary.failures:
        parts.append(_failed(summary))
    if summary.unreadable:
        named = "; ".join(f"{document.location}: {document.error}" for document in summary.unreadable[:3])
        parts.append(f"{counted(len(summary.unreadable), 'document')} could not be read: {named}")
    if summary.failures:
        parts.append(f"next: {NEXT_COMMAND}")
    if summary.warned:
        parts.append(f"{counted(summary.warned, 'warning')}, first: {summary.warnings[0].observed}")
    return "; ".join(parts) + (_seen_at(summary) if summary.failures or summary.warned else "")


def _seen_at(summary: Summary) -> str:
    return f"; see {summary.page}" if summary.page else ""


def _failed(summary: Summary) -> str:
    rules = ", ".join(f"{name} ({count})" for name, count in summary.failures)
    firsts = " | ".join(_told(problem) for problem in summary.problems[:3])
    found = f"{summary.failed_rows} malformed in {counted(summary.failed_articles, 'article')}"
    return f"{found} ({counted(summary.failed_figures, 'figure')}): {rules}; first: {firsts}"


def _told(problem: Problem) -> str:
    """Give a problem in one line: its sentence with the figure marked, the rule in words, and the command."""
    start, end = problem.start, problem.end
    sentence = f"{problem.sentence[:start]}⟦{problem.sentence[start:end]}⟧{problem.sentence[end:]}"
    words = f"{problem.info_code} “{sentence if problem.sentence else problem.title}” {problem.expectation}"
    told = f"{words}: {problem.observed}, allowed is {problem.allowed}. {problem.why}"
    command = release_command(problem)
    return f"{told} [{command}]" if command else told


def passed_figures(staged: StagedBatch, audit: AuditOutcome) -> pl.DataFrame:
    """Give the staged figures that neither failed nor stand in an article that failed as a whole."""
    kept_out = audit.failures + audit.rejected
    failed = [f.row_id for f in kept_out if f.row_kind is RowKind.FIGURE]
    grave = [f for f in kept_out if f.row_kind is RowKind.ARTICLE or f.severity is Severity.ARTICLE]
    articles = _articles_of(staged, grave)
    return staged.figures.filter(~pl.col("row_id").is_in(failed), ~pl.col("article_row_id").is_in(articles))


def _last_day(staged: StagedBatch, failures: Iterable[Failure]) -> date | None:
    failed = [failure.row_id for failure in failures if failure.row_kind is RowKind.ARTICLE]
    passed = staged.articles.filter(~pl.col("row_id").is_in(failed))["published"].drop_nulls()
    days: list[date] = passed.dt.convert_time_zone(_SHANGHAI).dt.date().to_list()
    return max(days, default=None)


def problems(
    staged: StagedBatch, failures: Iterable[Failure], most: int, ids: QuarantineIds = MappingProxyType({})
) -> list[Problem]:
    """Give the first problems: one of each expectation, then the second of each, and so on.

    `ids` leads to their rows of the quarantine.
    """
    ordered = sorted(failures, key=lambda failure: (_ORDER[failure.row_kind], failure.row_id))
    seen: Counter[str] = Counter()
    ranked: list[tuple[int, int, Failure]] = []
    for place, failure in enumerate(ordered):
        ranked.append((seen[failure.expectation], place, failure))
        seen[failure.expectation] += 1
    first = sorted(ranked, key=lambda each: each[:2])[:most]
    return [_problem(staged, failure, ids) for _, _, failure in first]


def _dated_otherwise(articles: pl.DataFrame) -> Iterable[tuple[str, str]]:
    own = (DateOrigin.FRONT_MATTER.value, DateOrigin.STATED.value)
    other = articles.filter(~pl.col("published_from").is_in(own).fill_null(False))
    for location, origin in other.select("location", "published_from").iter_rows():
        yield location, (origin or "nothing").replace("_", " ")


def _roles(numbers: pl.DataFrame) -> Iterable[tuple[str, int]]:
    return numbers.group_by("role").len().sort("len", "role", descending=[True, False]).iter_rows()


def _frame(staged: StagedBatch, kind: RowKind) -> pl.DataFrame:
    frames = {
        RowKind.ARTICLE: staged.articles,
        RowKind.FIGURE: staged.figures,
        RowKind.NUMBER: staged.numbers,
    }
    return frames[kind]


def _articles_of(staged: StagedBatch, failures: Iterable[Failure]) -> Sequence[int]:
    """Give the row ids of the articles that failed or have a failed row."""
    found: set[int] = set()
    for kind in RowKind:
        ids = [failure.row_id for failure in failures if failure.row_kind is kind]
        column = "row_id" if kind is RowKind.ARTICLE else "article_row_id"
        found |= set(_frame(staged, kind).filter(pl.col("row_id").is_in(ids))[column])
    return sorted(found)


def _problem(staged: StagedBatch, failure: Failure, ids: QuarantineIds) -> Problem:
    row = _frame(staged, failure.row_kind).row(by_predicate=pl.col("row_id") == failure.row_id, named=True)
    article, sentence, start, end = row, "", 0, 0
    if failure.row_kind is not RowKind.ARTICLE:
        article = staged.articles.row(by_predicate=pl.col("row_id") == row["article_row_id"], named=True)
        first, last = _sentence(article["text"], row["start"], row["end"])
        sentence = article["text"][first:last]
        start, end = max(row["start"] - first, 0), max(row["end"] - first, 0)
    return Problem(
        article["info_code"],
        article["title"],
        sentence,
        start,
        end,
        failure.expectation,
        failure.observed,
        failure.why,
        failure.allowed,
        ids.get((failure.row_kind, article["info_code"], *_span(failure, row), failure.expectation)),
    )


def _span(failure: Failure, row: Mapping[str, Any]) -> tuple[int | None, int | None]:
    return (None, None) if failure.row_kind is RowKind.ARTICLE else (row["start"], row["end"])


def release_command(problem: Problem) -> str:
    """Give the commands that show a quarantined row whole and that release it, "" for one that is in no quarantine."""
    number = problem.quarantine_id
    return "" if number is None else f"tongbi quarantine show {number}; tongbi quarantine release {number} --reason WHY"


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """Give the sentence of a span; a span outside the text, which is what failed then, has none."""
    return sentence_span(text, start, end) if 0 <= start < end <= len(text) else (0, 0)
