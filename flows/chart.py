"""The picture of the last runs: figures and quarantined rows by day, as an address that a page shows by itself.

SVG keeps its words as words, so the browser draws Chinese with its own fonts, and this machine needs none.
"""

import base64
from typing import Any

import polars as pl

_COLORS = {"published": "#2f7ed8", "unchanged": "#b8c4d0", "quarantined": "#d0402b"}
_FONT = "'Noto Sans CJK SC','PingFang SC','Microsoft YaHei',sans-serif"
_WIDTH, _HEIGHT = 720, 170


def runs_picture(counts: pl.DataFrame, source: str) -> str:
    """Give the picture of `models.run_counts.counts_by_day` as a data address of an SVG image.

    >>> runs_picture(counts, "快讯")[:26]  # doctest: +SKIP
    'data:image/svg+xml;base64,'
    """
    import vl_convert

    svg = vl_convert.vegalite_to_svg(_described(counts, source))
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def _described(counts: pl.DataFrame, source: str) -> dict[str, Any]:
    import altair as alt

    rows = [row | {"day": row["day"].isoformat()} for row in counts.iter_rows(named=True)]
    figures = _bars(alt, [row for row in rows if row["what"] != "quarantined"], "figures")
    kept_back = _bars(alt, [row for row in rows if row["what"] == "quarantined"], "rows quarantined")
    chart = (
        alt.vconcat(figures, kept_back)
        .resolve_scale(color="independent")
        .properties(title=f"{source}: figures and quarantined rows by the day of the run", background="white")
        .configure(font=_FONT)
        .configure_view(stroke=None)
        .configure_title(anchor="start")
    )
    described: dict[str, Any] = chart.to_dict()
    return described


def _bars(alt: Any, rows: list[dict[str, Any]], title: str) -> Any:
    names = [name for name in _COLORS if any(row["what"] == name for row in rows)]
    scale = alt.Scale(domain=names, range=[_COLORS[name] for name in names])
    legend = alt.Legend(title=None, orient="top", direction="horizontal") if len(names) > 1 else None
    days = len({row["day"] for row in rows})
    most = max((row["count"] for row in rows), default=0)
    whole = alt.Axis(values=[0, 1, 2], format="d") if most <= 2 else alt.Axis(tickMinStep=1)
    return (
        alt.Chart(alt.Data(values=rows), width=_WIDTH, height=_HEIGHT if len(names) > 1 else _HEIGHT // 2)
        .mark_bar(size=min(36, _WIDTH // (2 * max(days, 1))))
        .encode(
            x=alt.X("day:O", title=None, axis=alt.Axis(labelAngle=-45, labelOverlap=True)),
            y=alt.Y(
                "count:Q",
                title=title,
                axis=whole,
                scale=alt.Scale(domainMax=max(most, 2)) if len(names) == 1 else alt.Undefined,
            ),
            color=alt.Color("what:N", scale=scale, legend=legend),
            order=alt.Order("what:N", sort="descending"),
        )
    )
