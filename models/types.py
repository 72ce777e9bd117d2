"""Column types that keep a value as it is: exact decimals, aware times, JSON."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, Numeric, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator, TypeEngine


def plain_decimal(value: Decimal) -> str:
    """Give the decimal text of a number without an exponent, every digit kept.

    >>> plain_decimal(Decimal("6.5558E+10")), plain_decimal(Decimal("-0.050"))
    ('65558000000', '-0.050')
    """
    return format(value, "f")


class ExactDecimal(TypeDecorator[Decimal]):
    """A decimal without rounding: NUMERIC on Postgres, plain text on SQLite, whose own NUMERIC is a float.

    On SQLite the text is compared as text: order and compare amounts in polars or with a CAST, not in SQL.
    """

    impl = Numeric
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Give TEXT on SQLite and NUMERIC elsewhere."""
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else Numeric())

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        """Give what the driver stores; raises TypeError for anything but a Decimal, above all for a float."""
        if value is None:
            return None
        if not isinstance(value, Decimal):
            raise TypeError(f"an amount must be a Decimal, not {type(value).__name__}: {value!r}")
        return plain_decimal(value) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """Give the Decimal back, digit for digit."""
        return None if value is None else Decimal(value)


class UtcTime(TypeDecorator[datetime]):
    """An aware time, kept in UTC: `timestamp with time zone` on Postgres, sortable text on SQLite."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Give the type that keeps the zone where there is one."""
        return dialect.type_descriptor(DateTime(timezone=dialect.name != "sqlite"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the time in UTC; raises ValueError for a naive one, which would be a guess."""
        if value is None:
            return None
        if value.utcoffset() is None:
            raise ValueError(f"a time must say its zone: {value.isoformat()}")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the aware UTC time."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# JSON text on SQLite, JSONB on Postgres; None is NULL, never the JSON word "null".
Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
