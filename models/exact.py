"""Amounts as exact decimals in a frame, and back from text: never a float on the way."""

import polars as pl

from models.errors import ExportError

AMOUNTS = ("value", "low", "high", "least", "most")
# Arrow, Parquet and polars hold 38 digits: 26 before the point and 12 after it are more than any news has.
_PLACES = 12
DECIMAL = pl.Decimal(38, _PLACES)
_FITS = rf"^-?0*\d{{1,{38 - _PLACES}}}(?:\.\d{{0,{_PLACES}}}0*)?$"


def with_decimals(frame: pl.DataFrame) -> pl.DataFrame:
    """Give the frame with its amounts as `Decimal(38, 12)` instead of text: "-0.05" becomes -0.05, exactly.

    Raises ExportError where an amount has more digits than that; nothing is rounded.
    """
    columns = [name for name in AMOUNTS if frame.schema.get(name) == pl.String]
    for name in columns:
        too_long = frame.filter(~pl.col(name).str.contains(_FITS))[name]
        if len(too_long):
            raise ExportError(
                f"the {name} {too_long[0]} does not fit into 26 digits before the point and {_PLACES} after it",
                "use CSV or JSON, which have room for all digits",
            )
    return frame.with_columns(pl.col(columns).str.to_decimal(scale=_PLACES).cast(DECIMAL))
