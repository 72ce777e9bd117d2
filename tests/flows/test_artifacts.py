"""Cells of the tables in Prefect's pages: shown as they are, whatever markdown would make of them."""

import pytest

from flows.markdown import cell, escaped


@pytest.mark.parametrize(
    ("words", "shown"),
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
def test_a_text_shows_what_it_holds(words: str | None, shown: str) -> None:
    assert escaped(words) == shown


@pytest.mark.parametrize(
    "words",
    ["-12.4%", "-亿元", "+5%", "5~6亿元", "甲|乙", "*ST海航", "[公告]", "a_b", "1.5", "#5号", "x<5", "A&B", "2*3"],
)
def test_a_cell_that_markdown_leaves_alone_stays_as_it_is(words: str) -> None:
    assert cell(words) == words


@pytest.mark.parametrize(
    "words",
    [
        "-",
        "- 甲",
        "1. 概述",
        "# 一",
        "> 引文",
        "---",
        "*ST甲、乙*",
        "_注_",
        "5~6亿元，7~8亿元",
        "[甲](x)",
        "<b>甲",
        "&lt;",
        "`x`",
    ],
)
def test_a_cell_that_markdown_would_change_is_escaped(words: str) -> None:
    assert cell(words) == escaped(words) != words


def test_an_empty_cell_and_one_of_two_lines() -> None:
    assert (cell(None), cell("甲\n乙"), cell(0)) == ("", "甲 乙", "0")
