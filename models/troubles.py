"""Every trouble with a database, said in a line or two: what SQLite or Postgres says, and what that means here."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL, Engine, exc

from models.errors import DatabaseError

_FREE_SPACE = "free some space, then run again: nothing of this step was written"
_WAIT = "wait until it ends, or end it, then run again"
# What SQLite says (a part of it), or Postgres as the code of its error, or the driver where it gets no answer
# → what that means here, and what to do.
_TROUBLES = (
    ("database is locked", "is locked by another process", _WAIT),
    ("file is not a database", "is no SQLite database", "name another file, or move this one away"),
    ("malformed", "is corrupt", "restore a copy, or move it away and run again: the sources are read anew"),
    ("readonly database", "cannot be written", "make the file and its folder writable"),
    ("unable to open", "cannot be opened", "make the file and its folder readable and writable"),
    ("disk is full", "cannot grow: the disk is full", _FREE_SPACE),
    ("disk I/O error", "cannot be read or written: its disk fails or is full", "check the disk, then run again"),
    ("55P03", "is locked by another process", _WAIT),
    ("53100", "cannot grow: the disk is full", _FREE_SPACE),
    ("25006", "cannot be written: its server is read-only", "name the server that takes writes"),
    ("42501", "cannot be used by this user", "grant the user the rights on the database, or name another user"),
    ("53300", "has no connection free", "end some of its clients, or raise max_connections"),
    ("57P0", "was shut down by its server", "start the server, then run again: nothing of this step was written"),
    ("password authentication failed", "refuses the password", "correct it in TONGBI_DATABASE_URL"),
    ("no password supplied", "asks for a password", "name it in TONGBI_DATABASE_URL, or in ~/.pgpass"),
    ("FATAL: database", "does not exist on its server", "make it with `createdb`, or name another"),
    ("starting up", "is starting", "wait a moment, then run again"),
    ("could not translate host name", "cannot be reached: its host has no address", "correct TONGBI_DATABASE_URL"),
    ("failed to resolve host", "cannot be reached: its host has no address", "correct TONGBI_DATABASE_URL"),
    ("connection failed", "cannot be reached", "start the server, or correct TONGBI_DATABASE_URL"),
    ("connection timeout", "cannot be reached in time", "start the server, or correct TONGBI_DATABASE_URL"),
    (
        "connection",
        "was lost: the server is gone",
        "start the server, then run again: nothing of this step was written",
    ),
)


@contextmanager
def plain_errors(engine: Engine) -> Iterator[None]:
    """Turn what the driver raises inside into a DatabaseError with a plain fact and the next step."""
    try:
        yield
    except exc.IntegrityError as error:
        raise DatabaseError(
            f"the database {name_of(engine.url)} refuses a row: {_one_line(error)}",
            "nothing of this step was written; the audit should have caught the row, so please report it",
        ) from error
    except exc.DBAPIError as error:
        raise _in_plain_words(engine.url, error) from error


def name_of(url: URL) -> str:
    """Give the file of a SQLite URL, and any other URL without its password."""
    is_file = url.get_backend_name() == "sqlite" and url.database
    return str(url.database) if is_file else url.render_as_string()


def _in_plain_words(url: URL, error: exc.DBAPIError) -> DatabaseError:
    said = _one_line(error)
    # A code says more than words, which are in the language of the server.
    known = f"{getattr(error.orig, 'sqlstate', None) or ''} {said}"
    for sign, meaning, next_step in _TROUBLES:
        if sign in known:
            return DatabaseError(f"the database {name_of(url)} {meaning}", next_step)
    return DatabaseError(f"the database {name_of(url)} failed: {said}", "nothing of this step was written")


def _one_line(error: exc.DBAPIError) -> str:
    """Give what the driver says, and of Postgres the message without the statement around it."""
    message = getattr(getattr(error.orig, "diag", None), "message_primary", None)
    return " ".join(str(message or error.orig).split())
