"""Parsing: what cannot be read is kept with its reason and its hash, and the others go on."""

import hashlib
from datetime import UTC, datetime

import pytest

from models.errors import DocumentError
from models.values import Article, RawDocument
from tasks import parse

FETCHED = datetime(2022, 4, 18, tzinfo=UTC)


def document(place: str, content: bytes) -> RawDocument:
    return RawDocument("shelf", place, content, hashlib.sha256(content).hexdigest(), FETCHED)


def test_one_that_cannot_be_read_does_not_stop_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    read_article = parse.read_article

    def refuse_one(raw: RawDocument) -> Article:
        if raw.location == "bad":
            raise DocumentError("bad has no text at all", "restore it")
        return read_article(raw)

    monkeypatch.setattr(parse, "read_article", refuse_one)
    post = '---\ntitle: "一"\ndate: 2022-04-18 09:30:00 +0800\n---\n青禾物流营业收入5.32亿元。'.encode()
    bad = document("bad", b"\x00")
    parsed = parse.parse.fn([bad, document("2022-04-18-202204182200000001.md", post)])
    (article,) = parsed.articles
    assert (article.info_code, article.text) == ("202204182200000001", "青禾物流营业收入5.32亿元。")
    (lost,) = parsed.lost
    assert (lost.location, lost.sha256, lost.error) == ("bad", bad.sha256, "bad has no text at all")
