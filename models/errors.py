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


class ExtractionInputError(TongbiError):
    """One line of `tongbi extract` that is not an article."""


class DatabaseError(TongbiError):
    """A database that is missing, locked, read-only, corrupt or of another version."""


class AuditError(TongbiError):
    """An expectation suite that could not be evaluated: a fault of the suite, not of the data."""


class SettingsError(TongbiError):
    """A setting or an option with a value that cannot be used."""
