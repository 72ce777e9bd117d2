"""What an audit gives: which rows failed which expectation, and how every suite went.

The suites of `expectations` make these values and `models.publishing` acts on them; neither knows the other.
"""

from dataclasses import dataclass

from models.vocabulary import RowKind, Severity


@dataclass(frozen=True, slots=True)
class Failure:
    """One staged row that one expectation rejects.

    `row_kind` and `row_id` point at the staged row (column `row_id` of `models.frames`). `severity` is ROW
    (only this row goes to quarantine) or ARTICLE (its whole article does). `observed` and `allowed` are words
    for a reader, such as "84.32%%" and "one percent sign"; `why` is a whole sentence.
    """

    row_kind: RowKind
    row_id: int
    expectation: str
    severity: Severity
    observed: str
    allowed: str
    why: str


@dataclass(frozen=True, slots=True)
class Warned:
    """One staged row that one expectation would reject, were it not set to warn; it is published all the same.

    `info_code`, `start`, `end`, `text` and `sentence` are those of the row, or empty where it is of the batch;
    `other_info_code` is the article that says otherwise, where the expectation compares two.
    """

    expectation: str
    observed: str
    allowed: str
    why: str
    row_kind: RowKind | None = None
    row_id: int | None = None
    info_code: str | None = None
    start: int | None = None
    end: int | None = None
    text: str | None = None
    sentence: str | None = None
    other_info_code: str | None = None


@dataclass(frozen=True, slots=True)
class BatchFailure:
    """An expectation of the batch as a whole that failed: nothing of the batch is published.

    >>> BatchFailure("has_figures", "0 in 40 articles", "at least 1", "No article gave a figure.").observed
    '0 in 40 articles'
    """

    expectation: str
    observed: str
    allowed: str
    why: str


@dataclass(frozen=True, slots=True)
class SuiteResult:
    """How one expectation of one suite went: `evaluated` and `failed` count rows.

    `exception` is the message where the expectation could not be evaluated (then `success` is False): a fault
    of the suite, not of the data.
    """

    suite: str
    expectation: str
    evaluated: int
    failed: int
    success: bool
    exception: str | None = None


@dataclass(frozen=True, slots=True)
class AuditOutcome:
    """All that an audit found: a batch without failures, batch failures and exceptions is clean.

    A batch with a batch failure or an exception is refused whole; one with failures alone is published
    without the failed rows, unless it is strict. `rejected` are failures of rows that a reviewer keeps out.
    `exceptions` are faults of the suite and not of the data, `warnings` change nothing.
    """

    failures: tuple[Failure, ...] = ()
    results: tuple[SuiteResult, ...] = ()
    batch_failures: tuple[BatchFailure, ...] = ()
    exceptions: tuple[str, ...] = ()
    rejected: tuple[Failure, ...] = ()
    warnings: tuple[Warned, ...] = ()

    @property
    def is_clean(self) -> bool:
        """Give True where every expectation was evaluated and none failed; one that warns does not count."""
        return not (self.failures or self.batch_failures or self.exceptions)
