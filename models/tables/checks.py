"""The constraints that the database itself holds: closed vocabularies, ranges, amounts and offsets."""

from collections.abc import Iterable
from enum import StrEnum

from sqlalchemy import DDL, CheckConstraint, Index, Table, event, text

_SQLITE, _POSTGRES = "sqlite", "postgresql"


def one_of(table: str, column: str, words: type[StrEnum]) -> CheckConstraint:
    """Give the check that a column holds a word of its vocabulary, or nothing where it may be null."""
    allowed = ", ".join(f"'{word.value}'" for word in words)
    return CheckConstraint(f"{column} IN ({allowed})", name=f"ck_{table}_{column}")


def check(table: str, name: str, condition: str) -> CheckConstraint:
    """Give a named check; `end` must be quoted in the condition, it is a word of SQL."""
    return CheckConstraint(condition, name=f"ck_{table}_{name}")


def only_current(table: str, column: str) -> Index:
    """Give the unique index over the rows that are not superseded."""
    current = text("known_to IS NULL")
    return Index(f"ux_{table}_current", column, unique=True, sqlite_where=current, postgresql_where=current)


def ordered_amounts(table: str) -> tuple[CheckConstraint, ...]:
    """Give the checks of low <= high.

    Amounts are text on SQLite, so they are compared as doubles there. A double is off by at most one part in
    10^15, and by so much the check is wider: it never refuses a right row, and a wrong one that it lets
    through is wrong in the sixteenth digit. The audit, which reads decimals, sees that one too.
    """
    near = "CAST(low AS REAL) <= CAST(high AS REAL) + 1e-15 * abs(CAST(high AS REAL))"
    name = f"ck_{table}_low_high"
    return (
        CheckConstraint(near, name=name).ddl_if(dialect=_SQLITE),
        CheckConstraint("low <= high", name=name).ddl_if(dialect=_POSTGRES),
    )


def finite_amounts(table: str, columns: Iterable[str]) -> tuple[CheckConstraint, ...]:
    """Give the checks that amounts are finite numbers, on SQLite in plain decimal text."""
    checks: list[CheckConstraint] = []
    for column in columns:
        name = f"ck_{table}_{column}"
        plain = (
            f"{column} NOT GLOB '*[^0-9.-]*' AND {column} GLOB '*[0-9]' AND {column} NOT GLOB '?*-*'"
            f" AND {column} NOT GLOB '*.*.*' AND {column} NOT GLOB '.*' AND {column} NOT GLOB '-.*'"
        )
        finite = f"{column} NOT IN ('NaN', 'Infinity', '-Infinity')"
        checks.append(CheckConstraint(plain, name=name).ddl_if(dialect=_SQLITE))
        checks.append(CheckConstraint(finite, name=name).ddl_if(dialect=_POSTGRES))
    return tuple(checks)


_SLICE = """
CREATE TRIGGER %(table)s_offsets_on_{event}
BEFORE {event} {columns} ON %(table)s
WHEN (
    SELECT substr(article.text, NEW.start + 1, NEW."end" - NEW.start) FROM article
    WHERE article.id = NEW.article_id
    AND article.info_code = NEW.info_code AND article.revision = NEW.revision
) IS NOT NEW.text
BEGIN
    SELECT RAISE(ABORT, '%(table)s: text is not the slice of its article at start, end');
END
"""

_FIXED_TEXT = """
CREATE TRIGGER article_text_is_fixed
BEFORE UPDATE OF id, info_code, revision, text ON article
WHEN NEW.id IS NOT OLD.id OR NEW.info_code IS NOT OLD.info_code
    OR NEW.revision IS NOT OLD.revision OR NEW.text IS NOT OLD.text
BEGIN
    SELECT RAISE(ABORT, 'article: the text of a revision never changes');
END
"""

_SPAN_COLUMNS = 'OF article_id, info_code, revision, start, "end", text'


def hold_offsets(article: Table, spans: Iterable[Table]) -> None:
    """Let the database hold `article.text[start:end] == text` for each row of the tables with spans.

    SQLite counts characters in `substr` as Python does in a slice. A check cannot look into another table, so
    these are triggers, made with the tables.
    """
    _on_create(article, _FIXED_TEXT)
    for table in spans:
        _on_create(table, _SLICE.format(event="INSERT", columns=""))
        _on_create(table, _SLICE.format(event="UPDATE", columns=_SPAN_COLUMNS))


def _on_create(table: Table, statement: str) -> None:
    statement_of_sqlite = DDL(statement).execute_if(dialect=_SQLITE)  # type: ignore[no-untyped-call]
    event.listen(table, "after_create", statement_of_sqlite)
