from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Connection, MetaData, Table, create_engine, exc, insert, select, text

from models.types import ExactDecimal, UtcTime, plain_decimal

TABLE = Table("kept", MetaData(), Column("amount", ExactDecimal), Column("moment", UtcTime))


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    engine = create_engine(f"sqlite:///{Path(tmp_path_factory.mktemp('types'))}/kept.db")
    with engine.connect() as connection:
        TABLE.create(connection)
        yield connection
    engine.dispose()


def kept(connection: Connection, column: str, value: object) -> object:
    connection.execute(TABLE.delete())
    connection.execute(insert(TABLE), {column: value})
    return connection.execute(select(TABLE.c[column])).scalar_one()


decimals = st.builds(
    lambda sign, digits, exponent: Decimal((sign, tuple(digits), exponent)),
    st.integers(0, 1),
    st.lists(st.integers(0, 9), min_size=1, max_size=30),
    st.integers(-30, 15),
)


@given(decimals)
def test_any_decimal_comes_back_exactly(connection: Connection, value: Decimal) -> None:
    assert kept(connection, "amount", value) == value


def test_a_decimal_keeps_its_digits_where_a_float_would_not(connection: Connection) -> None:
    long = Decimal("12345678901234567.12345678")
    assert str(kept(connection, "amount", long)) == "12345678901234567.12345678"
    assert connection.execute(text("SELECT typeof(amount), amount FROM kept")).one() == ("text", str(long))


def test_a_decimal_has_no_exponent_and_keeps_its_last_noughts() -> None:
    assert plain_decimal(Decimal("2.2E+11")) == "220000000000"
    assert plain_decimal(Decimal("-0.050")) == "-0.050"


def test_a_float_is_refused(connection: Connection) -> None:
    with pytest.raises(exc.StatementError, match=r"an amount must be a Decimal, not float: 84\.32"):
        kept(connection, "amount", 84.32)


def test_a_time_is_kept_in_utc_and_comes_back_aware(connection: Connection) -> None:
    shanghai = datetime(2022, 4, 18, 23, 47, 34, tzinfo=timezone(timedelta(hours=8)))
    moment = kept(connection, "moment", shanghai)
    assert moment == shanghai
    assert isinstance(moment, datetime)
    assert moment.tzinfo is UTC
    stored = connection.execute(text("SELECT moment FROM kept")).scalar_one()
    assert stored == "2022-04-18 15:47:34.000000"


def test_a_naive_time_is_refused(connection: Connection) -> None:
    with pytest.raises(exc.StatementError, match="a time must say its zone: 2022-04-18T00:00:00"):
        kept(connection, "moment", datetime(2022, 4, 18))  # noqa: DTZ001
