"""The one tree of errors: each says what, where, and the next step in one or two plain lines."""


class TongbiError(Exception):
    """An error that a user can act on: `what` is the fact, `next_step` what to do about it.

    >>> str(TongbiError("no such folder: posts", "check the path, or name a source of sources.toml"))
    'no such folder: posts\\nnext: check the path, or name a source of sources.toml'
    """

    def __init__(self, what: str, next_step: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.next_step = next_step

    def __str__(self) -> str:
        """Give the fact, and below it the next step where there is one."""
        return f"{self.what}\nnext: {self.next_step}" if self.next_step else self.what


class SourceError(TongbiError):
    """A source that is not there, is not what its declaration says, or gave nothing where documents were expected."""


class DocumentError(TongbiError):
    """One document that could not be read; the others go on."""


class TransientError(TongbiError):
    """Something that may be gone by itself the next time: a time-out, a server too busy. Prefect tries it again."""


class TerminalError(TongbiError):
    """Something that stays until somebody changes it: a missing page, a certificate that does not verify."""


class TransientSourceError(SourceError, TransientError):
    """A source that could not be listed now."""


class FetchError(DocumentError):
    """One answer over HTTP that gave no document; `url` is what was asked for, `status` what came, if anything."""

    def __init__(self, what: str, next_step: str = "", *, url: str = "", status: int | None = None) -> None:
        super().__init__(what, next_step)
        self.url = url
        self.status = status


class TransientFetchError(FetchError, TransientError):
    """An answer that may come the next time; the server may have said after how many seconds."""

    def __init__(
        self,
        what: str,
        next_step: str = "run again later",
        *,
        url: str = "",
        status: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(what, next_step, url=url, status=status)
        self.retry_after = retry_after


class TerminalFetchError(FetchError, TerminalError):
    """An answer that will be the same the next time."""


class ContractError(TerminalFetchError):
    """The right shape with wrong content: an answer that is not what was asked for.

    >>> print(ContractError("site", "http://site/a", "JSON", "an HTML page").what)
    site: http://site/a: expected JSON, got an HTML page
    """

    def __init__(self, source: str, url: str, expected: str, got: str) -> None:
        next_step = "look at the address in a browser; if it is right there, run again"
        super().__init__(f"{source}: {url}: expected {expected}, got {got}", next_step, url=url)
        self.source = source
        self.expected = expected
        self.got = got


class RawArchiveError(TongbiError):
    """An object store that cannot be used, or an object that is missing or damaged."""


class ExtractionInputError(TongbiError):
    """One line of `tongbi extract` that is not an article."""


class DatabaseError(TongbiError):
    """A database that is missing, locked, read-only, corrupt or of another version."""


class LockedError(DatabaseError, TransientError):
    """Another run that works on the same days of the same source."""


class ShrinkError(TongbiError):
    """A publication that would leave much less than stands published, and was not meant to."""


class AuditError(TongbiError):
    """An expectation suite that could not be evaluated: a fault of the suite, not of the data."""


class ExportError(TongbiError):
    """Rows that cannot be had in the form that was asked for."""


class SettingsError(TongbiError):
    """A setting or an option with a value that cannot be used."""


class ReviewError(TongbiError):
    """A row of the quarantine that is not there, or on which this cannot be decided."""


class CorrectionError(TongbiError):
    """A correction that is not written as it must be, or that the source no longer bears out."""


class PrefectError(TongbiError):
    """A Prefect server that does not answer or cannot be started."""
