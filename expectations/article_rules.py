"""What a good article is: an identity, an undamaged text, a publication time, mentions in place."""

import json
import re

from expectations.rules import Row, Rule, known_word, not_blank
from models.vocabulary import DateOrigin, Severity, Shape

# NUL and other control characters, lone surrogates, the replacement character, and what is left
# where one encoding was read as another.
_DAMAGE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffd]|锟斤拷|烫烫烫|ï¿½|â€")


def _damaged(row: Row) -> str | None:
    for column, words in row.items():
        if words and (found := _DAMAGE.search(words)):
            return f"{found[0]!a} at character {found.start()} of the {column}"
    return None


def _undated(row: Row) -> str | None:
    return "no publication time" if row["published_on"] is None else None


def _date_from_nowhere(row: Row) -> str | None:
    origin = row["published_from"]
    if row["published_on"] is None and origin is None:
        return None
    return None if origin in set(DateOrigin) else repr(origin)


def _stray_mention(row: Row) -> str | None:
    text = row["text"] or ""
    for mention in json.loads(row["mentions"] or "[]"):
        if text[mention["start"] : mention["end"]] != mention["text"]:
            return f"{mention['text']!r} at {mention['start']} to {mention['end']}"
    return None


def _broken_off(row: Row) -> str | None:
    return next((fault for fault in json.loads(row["faults"] or "[]") if "cut off" in fault), None)


RULES = (
    Rule(
        "article_has_info_code",
        Severity.ARTICLE,
        not_blank("info_code"),
        allowed="an info code",
        why="The info code is an article's identity: without it a revision looks like another article.",
        accepts={"info_code": "202204182347189049"},
        rejects={"info_code": ""},
    ),
    Rule(
        "article_has_text",
        Severity.ARTICLE,
        not_blank("text"),
        allowed="some text",
        why="An article without text was cut off or misread: the site publishes none.",
        accepts={"text": "成交5亿元。"},
        rejects={"text": "\n"},
    ),
    Rule(
        "article_is_whole",
        Severity.ARTICLE,
        _broken_off,
        allowed="a document that ends where its text ends",
        why="Where a document breaks off, its last number may be the beginning of another: 655.5 of 655.58亿元.",
        accepts={"faults": '["the file is not UTF-8 but GB18030"]'},
        rejects={"faults": '["the text breaks off: the file may be cut off"]'},
    ),
    Rule(
        "article_text_is_undamaged",
        Severity.ARTICLE,
        _damaged,
        allowed="no control, replacement or surrogate characters",
        why="Damaged characters mean a wrong encoding or a broken file, and the numbers may be damaged too.",
        accepts={"text": "成交5亿元。", "title": "成交“新高”"},
        rejects={"text": "成交5\ufffd元。"},
    ),
    Rule(
        "article_is_dated",
        Severity.ARTICLE,
        _undated,
        allowed="a publication time",
        why="今年 and 上月 mean nothing unless one knows when the article was published.",
        accepts={"published_on": "2022-04-18"},
        rejects={"published_on": None},
    ),
    Rule(
        "article_date_origin_is_known",
        Severity.ARTICLE,
        _date_from_nowhere,
        allowed="front_matter, stated, info_code or file_name",
        why="A date must say where it was taken from, since some are only inferred.",
        accepts={"published_on": "2022-04-18", "published_from": "info_code"},
        rejects={"published_from": "clock"},
    ),
    Rule(
        "article_shape_is_known",
        Severity.ARTICLE,
        known_word("shape", Shape),
        allowed="flash, digest or html",
        why="An unknown shape was read by nobody's rules.",
        accepts={"shape": "flash"},
        rejects={"shape": "table"},
    ),
    Rule(
        "mentions_are_in_text",
        Severity.ARTICLE,
        _stray_mention,
        allowed="the characters of the text from start to end",
        why="A mention one character off names the wrong words, and shows that the offsets slipped.",
        accepts={"text": "巨化股份公告", "mentions": '[{"start": 0, "end": 4, "text": "巨化股份"}]'},
        rejects={"mentions": '[{"start": 1, "end": 5, "text": "巨化股份"}]'},
    ),
)
