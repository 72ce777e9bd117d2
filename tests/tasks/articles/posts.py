"""Makes documents of posts for the tests of the readers."""

import hashlib
from datetime import UTC, datetime

from models.values import Article, RawDocument
from tasks.articles import read_article

NAME = "2022-01-17-202201171600000001.md"
HEAD = """---
layout: post
title: "一季报"
date: 2022-01-17 10:00:00 +0800
categories: macro
tags: 宏观
---
"""


def document(content: str | bytes, name: str = NAME) -> RawDocument:
    data = content.encode() if isinstance(content, str) else content
    fetched_at = datetime(2022, 6, 1, tzinfo=UTC)
    return RawDocument("test", f"posts/{name}", data, hashlib.sha256(data).hexdigest(), fetched_at)


def read(content: str | bytes, name: str = NAME) -> Article:
    return read_article(document(content, name))


def read_body(body: str, name: str = NAME) -> Article:
    return read(HEAD + body + "\n", name)
