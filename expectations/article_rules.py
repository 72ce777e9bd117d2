"""What a good article is: an identity, an undamaged text, a publication time, mentions in place."""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import polars as pl

from expectations.rules import AnyRule, Finding, GroupRule, Row, Rule, known_word, not_blank
from expectations.suspects import blank, unknown
from models.vocabulary import DateOrigin, Shape

# NUL and other control characters, the replacement character, and what is left where one encoding was read as another;
# and lone surrogates, which no frame can hold.
_DAMAGE_SEEN = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd]|锟斤拷|烫烫烫|ï¿½|â€|[\u00c0-\u00ff]{3}|锛|銆|鐨勬|浜垮"
_DAMAGE = re.compile(f"[\ud800-\udfff]|{_DAMAGE_SEEN}")
# A number with a unit that no date, code or name has.
_AMOUNT = re.compile(r"\d(?:[\d,.]*\d)?(?:%|％|亿|万元|美元|个百分点)")
_LONGEST_MEDIUM = 40
_SENTENCE_MARKS = "。！？\n"
_ASKED = ("since", "until", "today")
_BODY = {"body": "ab12", "info_code": "202204182347189049", "told_by": None}

_IS_NO_NAME = pl.col("medium").is_not_null() & (
    blank("medium")
    | (pl.col("medium").str.len_chars() > _LONGEST_MEDIUM)
    | pl.col("medium").str.contains(f"[{_SENTENCE_MARKS}]")
)
_IS_OTHER_DAY = pl.any_horizontal(
    (pl.col("published_on") < pl.col("since")).fill_null(value=False),
    *((pl.col("published_on") > pl.col(last)).fill_null(value=False) for last in ("until", "today")),
)
_HAS_TWIN = pl.col("body").is_not_null() & (pl.col("body").is_duplicated() | pl.col("told_by").is_not_null())


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


def _other_day(row: Row) -> str | None:
    """A day of grace: a source may name its documents by the day of another time zone."""
    published = row["published_on"]
    if published is None:
        return None
    day = date.fromisoformat(published)
    since, until, today = (None if row[name] is None else date.fromisoformat(row[name]) for name in _ASKED)
    is_before = since is not None and day < since - timedelta(days=1)
    is_after = any(last is not None and day > last + timedelta(days=1) for last in (until, today))
    if not (is_before or is_after):
        return None
    return f"published {published}, asked for {row['since'] or 'the beginning'} … {row['until'] or row['today']}"


def _no_medium(row: Row) -> str | None:
    medium = row["medium"]
    if medium is None or (medium.strip() and len(medium) <= _LONGEST_MEDIUM and not set(medium) & set(_SENTENCE_MARKS)):
        return None
    return repr(medium)


def _lost_its_figures(row: Row) -> str | None:
    """What the ledger tells of as unread or malformed is not lost: somebody can look at it."""
    found = None if row["figures"] or row["unsettled"] else _AMOUNT.search(row["text"] or "")
    return f"no figure, but {found[0]} at character {found.start()}" if found else None


def _same_body(rows: Sequence[Row]) -> Iterator[tuple[int, Finding]]:
    """The first article of a body keeps it, and one that was published before goes before all of the batch."""
    first = rows[0]
    if first["body"] is None:
        return
    for place, row in enumerate(rows):
        keeper = row["told_by"] or first["info_code"]
        if keeper != row["info_code"]:
            yield place, Finding(f"the body of {keeper}", keeper)


def _stray_mention(row: Row) -> str | None:
    text = row["text"] or ""
    for mention in json.loads(row["mentions"] or "[]"):
        if text[mention["start"] : mention["end"]] != mention["text"]:
            return f"{mention['text']!r} at {mention['start']} to {mention['end']}"
    return None


def _broken_off(row: Row) -> str | None:
    return next((fault for fault in json.loads(row["faults"] or "[]") if "cut off" in fault), None)


RULES: tuple[AnyRule, ...] = (
    Rule(
        "article_has_info_code",
        not_blank("info_code"),
        suspect=blank("info_code"),
        allowed="an info code",
        why="The info code is an article's identity: without it a revision looks like another article.",
        accepts={"info_code": "202204182347189049"},
        rejects={"info_code": ""},
    ),
    Rule(
        "article_has_text",
        not_blank("text"),
        suspect=blank("text"),
        allowed="some text",
        why="An article without text was cut off or misread: the site publishes none.",
        accepts={"text": "成交5亿元。"},
        rejects={"text": "\n"},
    ),
    Rule(
        "article_is_whole",
        _broken_off,
        suspect=pl.col("faults") != "[]",
        allowed="a document that ends where its text ends",
        why="Where a document breaks off, its last number may be the beginning of another: 655.5 of 655.58亿元.",
        accepts={"faults": '["the file is not UTF-8 but GB18030"]'},
        rejects={"faults": '["the text breaks off: the file may be cut off"]'},
    ),
    Rule(
        "article_text_is_undamaged",
        _damaged,
        suspect=pl.any_horizontal(pl.col("text", "title").str.contains(_DAMAGE_SEEN).fill_null(value=False)),
        allowed="no control, replacement or surrogate characters",
        why="Damaged characters mean a wrong encoding or a broken file, and the numbers may be damaged too.",
        accepts={"text": "成交5亿元。", "title": "成交“新高”"},
        rejects={"text": "成交5\ufffd元。"},
    ),
    Rule(
        "article_is_dated",
        _undated,
        suspect=pl.col("published_on").is_null(),
        allowed="a publication time",
        why="今年 and 上月 mean nothing unless one knows when the article was published.",
        accepts={"published_on": "2022-04-18"},
        rejects={"published_on": None},
    ),
    Rule(
        "article_date_origin_is_known",
        _date_from_nowhere,
        suspect=unknown("published_from", DateOrigin),
        allowed="front_matter, stated, info_code or file_name",
        why="A date must say where it was taken from, since some are only inferred.",
        accepts={"published_on": "2022-04-18", "published_from": "info_code"},
        rejects={"published_from": "clock"},
    ),
    Rule(
        "article_shape_is_known",
        known_word("shape", Shape),
        suspect=unknown("shape", Shape),
        allowed="flash, digest or html",
        why="An unknown shape was read by nobody's rules.",
        accepts={"shape": "flash"},
        rejects={"shape": "table"},
    ),
    Rule(
        "mentions_are_in_text",
        _stray_mention,
        suspect=pl.col("mentions") != "[]",
        allowed="the characters of the text from start to end",
        why="A mention one character off names the wrong words, and shows that the offsets slipped.",
        accepts={"text": "巨化股份公告", "mentions": '[{"start": 0, "end": 4, "text": "巨化股份"}]'},
        rejects={"mentions": '[{"start": 1, "end": 5, "text": "巨化股份"}]'},
    ),
    Rule(
        "article_has_title",
        not_blank("title"),
        suspect=blank("title"),
        allowed="a title",
        why="The site gives each post a title: one without was cut off at its beginning, or misread.",
        accepts={"title": "上海联交所一季度交易规模655.58亿元"},
        rejects={"title": " "},
    ),
    Rule(
        "article_medium_is_a_name",
        _no_medium,
        suspect=_IS_NO_NAME,
        allowed="the name of a medium, or nothing",
        why="A medium as long as a sentence is a piece of the text that was cut off it.",
        accepts={"medium": "上海证券报"},
        rejects={"medium": "上海证券报。一季度成交5亿元"},
    ),
    Rule(
        "article_is_of_the_days_asked_for",
        _other_day,
        suspect=_IS_OTHER_DAY,
        allowed="a day of publication from since to until, and not after today",
        why="An article of another day than was asked for is dated wrongly, or its source lists the wrong ones.",
        accepts={"published_on": "2022-04-18", "since": "2022-04-18", "until": "2022-04-18", "today": "2022-04-20"},
        rejects={"published_on": "2022-04-12"},
    ),
    Rule(
        "article_of_figures_has_some",
        _lost_its_figures,
        suspect=(pl.col("figures") == 0) & (pl.col("unsettled") == 0) & pl.col("text").str.contains(_AMOUNT.pattern),
        allowed="some figure, or a number told as unread, where the text has one in %, 亿 or money",
        why="A text that states amounts always has figures: one without was read by nobody.",
        accepts={"text": "成交5亿元。", "figures": 1, "unsettled": 0},
        rejects={"figures": 0},
    ),
    GroupRule(
        "body_has_one_article",
        "body",
        _same_body,
        suspect=_HAS_TWIN,
        allowed="a body of its own",
        why="The same body under two info codes would count each of its figures twice.",
        accepts=(_BODY, {**_BODY, "body": "cd34", "info_code": "202204182347189050"}),
        rejects=(_BODY, {**_BODY, "info_code": "202204182347189050"}),
    ),
)
