"""Cells of the tables in Prefect's pages: shown as they are, whatever markdown would make of them."""

import pytest

from flows.markdown import escaped


@pytest.mark.parametrize(
    ("words", "cell"),
    [
        (None, ""),
        ("-", "\\-"),
        ("-5", "\\-5"),
        ("5-6", "5-6"),
        ("甲|乙", "甲\\|乙"),
        ("<b>增长</b> & 5%", "&lt;b&gt;增长&lt;/b&gt; &amp; 5%"),
        ("*ST海航 [公告](x)", "\\*ST海航 \\[公告\\](x)"),
        ("unit_fits_metric _注_", "unit_fits_metric \\_注\\_"),
        ("# 一", "\\# 一"),
        ("1. 概述", "1\\. 概述"),
        ("1.5", "1.5"),
        ("> 引文", "&gt; 引文"),
        ("第一段\n第二段", "第一段 第二段"),
    ],
)
def test_a_cell_shows_what_it_holds(words: str | None, cell: str) -> None:
    assert escaped(words) == cell
