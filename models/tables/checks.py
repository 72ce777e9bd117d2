"""The constraints that the database itself holds: closed vocabularies, ranges and amounts."""

from collections.abc import Iterable
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, TextClause, text

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


def newest_first(name: str, *rest: str | TextClause) -> tuple[Index, Index]:
    """Give the index that goes through rows from the newest publication on, and has the columns `rest` at hand.

    Undated ones come last, which Postgres has to be told and SQLite does by itself.
    """
    return (
        Index(name, text("published DESC"), *rest).ddl_if(dialect=_SQLITE),
        Index(name, text("published DESC NULLS LAST"), *rest).ddl_if(dialect=_POSTGRES),
    )


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
