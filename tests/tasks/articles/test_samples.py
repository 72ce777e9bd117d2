"""The archives that the project ships: the sample is clean, the malformed one has each malformed kind."""

from pathlib import Path

import pytest

from models.values import Article
from models.vocabulary import Shape
from tasks.articles import read_article
from tasks.sources import open_source

DECLARATIONS = Path(__file__).parents[3] / "sources.toml"


def read_all(name: str) -> list[Article]:
    source = open_source(name, DECLARATIONS)
    return [read_article(source.fetch(ref)) for ref in source.list_documents(None, None)]


@pytest.fixture(scope="module")
def malformed() -> list[Article]:
    return read_all("sample-malformed")


def test_the_sample_is_clean() -> None:
    articles = read_all("sample")
    assert len(articles) == len({article.info_code for article in articles}) == 24
    assert {article.shape for article in articles} == set(Shape)
    assert [article.faults for article in articles if article.faults] == []
    assert {m.exchange for article in articles for m in article.mentions} == {
        "SH", "SZ", "BJ", "HK", "NASDAQ", "BOARD"
    }  # fmt: skip
    for article in articles:
        assert article.text
        assert "news.example" not in article.text
        assert "文章来源" not in article.text
        assert all(article.text[m.start : m.end] == m.text for m in article.mentions)


@pytest.mark.parametrize(
    "phrase",
    [
        "318.46.2亿元",
        "27.45%%",
        "净利润为-亿元",
        "5,67,8.9万元",
        "2022年13月",
        "占公司总股本的128.6%",
        "同比增长-12.4%",
        "同比下降135%",
        "2022年上半年公司实现营业收入15.7亿元",
        "8.6亿元至5.2亿元",
        "2021年9月至3月",
    ],
)
def test_each_malformed_figure_reaches_the_text_as_written(malformed: list[Article], phrase: str) -> None:
    assert sum(phrase in article.text for article in malformed) == 1


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        ("0215", "the date '+0800' cannot be read: dated by the info code"),
        ("0216", "not UTF-8: decoded as GB18030"),
        ("0217", "front matter is not YAML: read line by line"),
        ("0218", "the body has no text"),
        ("0219", "the text breaks off: the file may be cut off"),
    ],
)
def test_each_damaged_post_is_read_and_said(malformed: list[Article], number: str, fault: str) -> None:
    (article,) = (article for article in malformed if article.info_code.endswith(number))
    assert fault in article.faults


def test_one_article_stands_twice_with_another_text(malformed: list[Article]) -> None:
    twice = [article for article in malformed if article.info_code == "202203012200000201"]
    assert len({article.text for article in twice}) == 2
