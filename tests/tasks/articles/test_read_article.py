import json
from datetime import datetime
from pathlib import Path

import pytest

from models.vocabulary import DateOrigin, Shape
from tasks.articles.layout import lay_out
from tasks.articles.publication import SHANGHAI
from tests.tasks.articles.posts import HEAD, document, read, read_body

SHARED = Path(__file__).parents[4] / "shared"
LINK = "http://news.example/news/1516,202201171600000001.html"
RETURN_LINKS = "[返回滚动](//news.example/roll/)｜[返回首页](//news.example/)"
CUT_OFF = "the text breaks off: the file may be cut off"


def test_a_flash() -> None:
    body = f"布伦特原油跌0.50%，报79.28美元/桶。\n\n<{LINK}>\n\n" + RETURN_LINKS
    article = read_body(body)
    assert article.shape is Shape.FLASH
    assert article.text == "布伦特原油跌0.50%，报79.28美元/桶。"
    assert article.link == LINK
    assert article.return_links == ("//news.example/roll/", "//news.example/")
    assert article.info_code == "202201171600000001"
    assert (article.title, article.category, article.tags) == ("一季报", "macro", "宏观")
    assert article.published == datetime(2022, 1, 17, 10, tzinfo=SHANGHAI)
    assert article.published_written == "2022-01-17 10:00:00 +0800"
    assert article.published_from is DateOrigin.FRONT_MATTER
    assert (article.digest, article.medium, article.mentions, article.faults) == (None, None, (), ())
    assert article.raw_sha256 == document(HEAD + body + "\n").sha256


def test_a_flash_keeps_its_characters() -> None:
    article = read_body(
        r"\*ST某某：R&amp;D费率<5%，H&M与AT&T涨幅>3%。详见<http://news.example/a>一文。" + "\n第二段 1#楼"
    )
    assert article.text == ("*ST某某：R&D费率<5%，H&M与AT&T涨幅>3%。详见<http://news.example/a>一文。\n第二段 1#楼")
    assert article.link is None


def test_a_digest_is_not_read_twice() -> None:
    article = read_body(
        "> 全年用电量 83128亿千瓦时，同比增长10.3%。\n\n"
        "<p>全年用电量83128亿千瓦时，同比增长10.3%。</p><p>两年平均增长7.1%。</p>"
        '<p class="em_media">（文章来源：新华社）</p>\n\n<>\n\n[返回首页](//news.example/)'
    )
    assert article.shape is Shape.DIGEST
    assert article.text == "全年用电量83128亿千瓦时，同比增长10.3%。\n两年平均增长7.1%。"
    assert article.digest == "全年用电量 83128亿千瓦时，同比增长10.3%。"
    assert (article.medium, article.link) == ("新华社", None)


def test_what_only_the_digest_says_comes_first() -> None:
    body = '<p><a data-code="1,600519">贵州茅台</a>涨2%。</p>'
    article = read_body(f"> 两市成交额1.04万亿元。贵州茅台涨2%。\n\n{body}")
    assert article.text == "两市成交额1.04万亿元。\n贵州茅台涨2%。"
    assert [(m.start, m.end) for m in article.mentions] == [(14, 18)]


def test_a_digest_without_a_body_is_the_text() -> None:
    article = read_body("> M2余额243.1万亿元，同比增长9.8%。\n> M1同比下降1.9%。")
    assert article.text == article.digest == "M2余额243.1万亿元，同比增长9.8%。\nM1同比下降1.9%。"
    assert article.shape is Shape.DIGEST


def test_a_content_that_is_swallowed_is_said_beside_the_digest() -> None:
    article = read_body("> M2同比增长9.8%。\n\n<!-- <p>M1同比下降1.9%。</p>")
    assert article.text == "M2同比增长9.8%。"
    assert article.faults == ("<!-- has no end: what follows it is not read",)


def test_an_empty_body_gives_an_empty_text_and_says_so() -> None:
    article = read_body("\n[返回首页](//news.example/)")
    assert (article.text, article.faults) == ("", ("the body has no text",))
    assert article.title == "一季报"


@pytest.mark.parametrize(
    "body",
    [
        "<p>净利润2亿元。</p><p>营收1",
        "净利润2亿元，营收1",
        "<p>甲</p><p>净利<b>2亿元</b>",
        "净利润2.",
        "> 净利2",
    ],
)
def test_a_text_that_breaks_off_is_said(body: str) -> None:
    assert CUT_OFF in read(HEAD + body).faults


@pytest.mark.parametrize("body", ["<p>净利润2亿元。</p>", "净利润2亿元。", "祝贺开站\n", f"净利润2亿元\n\n<{LINK}>"])
def test_a_whole_text_is_not_said_to_break_off(body: str) -> None:
    assert read(HEAD + body).faults == ()


@pytest.mark.parametrize("size", range(1, 120, 3))
def test_links_that_are_cut_off_stay_out_of_the_text(size: int) -> None:
    footer = f"<{LINK}>\n\n" + RETURN_LINKS
    assert lay_out("净利润2亿元。\n\n" + footer[:size]).content == "净利润2亿元。"


def test_links_of_several_forms() -> None:
    for line in (f"<{LINK}>", LINK):
        assert (lay_out(f"甲。\n\n{line}").link, lay_out(f"甲。\n\n{line}").content) == (LINK, "甲。")
    assert lay_out(f"<p>甲。</p> <{LINK}>").content == "<p>甲。</p>"
    twice = lay_out("http://news.example/a\n甲。\nhttp://news.example/b")
    assert (twice.link, twice.faults) == (
        "http://news.example/b",
        ("2 lines of links: the last one is taken",),
    )


@pytest.mark.skipif(not SHARED.exists(), reason="the shared folder with real posts is not beside this checkout")
def test_the_bulletin_is_read_to_the_character() -> None:
    (post,) = (SHARED / "articles").glob("*202204182347189049.md")
    bulletin = json.loads((SHARED / "figures" / "bulletin.jsonl").read_text(encoding="utf-8"))
    *lines, medium_line = bulletin["text"].split("\n")
    article = read(post.read_bytes(), post.name)
    assert article.text == "\n".join(lines)
    assert medium_line == f"（文章来源：{article.medium}）"
    assert all(article.text[f["start"] : f["end"]] == f["text"] for f in bulletin["figures"])
    assert article.faults == ()
