"""The closed vocabularies of a figure, a number, an article and a batch.

Each value is the word that stands in the tables, in the JSON of `tongbi extract` and in the messages. The meaning
of a figure's fields follows the project's contract for figures (README, "What a figure is").
"""

from enum import StrEnum


class Kind(StrEnum):
    """What a figure states: 655.58亿元 is a level, +84.32% a change rate, 提高5.45个百分点 a change amount."""

    LEVEL = "level"
    CHANGE_RATE = "change_rate"
    CHANGE_AMOUNT = "change_amount"


class Bound(StrEnum):
    """How the stated number bounds the true one: 约 about, 超 over, 不足 under, 5至6亿元 range."""

    EXACT = "exact"
    ABOUT = "about"
    OVER = "over"
    UNDER = "under"
    RANGE = "range"


class Basis(StrEnum):
    """What a change is measured against: 同比, 环比, 较年初, the previous close, anything else that is stated."""

    YOY = "yoy"
    PREVIOUS_PERIOD = "previous_period"
    YEAR_START = "year_start"
    PREVIOUS_CLOSE = "previous_close"
    OTHER = "other"


class Status(StrEnum):
    """Whether the figure is a fact, an aim (目标, 拟) or an expectation (预计)."""

    ACTUAL = "actual"
    TARGET = "target"
    FORECAST = "forecast"


class Role(StrEnum):
    """What a number in the text is; the ledger gives each number exactly one of these."""

    FIGURE = "figure"
    DATE = "date"
    TIME = "time"
    DURATION = "duration"
    AGE = "age"
    CODE = "code"
    ORDINAL = "ordinal"
    RANK = "rank"
    NAME = "name"
    ENUMERATION = "enumeration"
    IDIOM = "idiom"
    VERSION = "version"
    SCORE = "score"
    QUOTE = "quote"
    UNREAD = "unread"
    MALFORMED = "malformed"


class DateOrigin(StrEnum):
    """Where the publication time of an article comes from; `stated` is what a page, feed or listing says."""

    FRONT_MATTER = "front_matter"
    STATED = "stated"
    INFO_CODE = "info_code"
    FILE_NAME = "file_name"


class DocumentFormat(StrEnum):
    """How a document is written, which says who reads it; a listing names documents and is none itself."""

    JEKYLL_POST = "jekyll_post"
    FEED_ENTRY = "feed_entry"
    SITE_PAGE = "site_page"
    NEWS_TEXT = "news_text"
    LISTING = "listing"


class Shape(StrEnum):
    """The three shapes of a post: one plain paragraph, a digest with an HTML body, an HTML body alone."""

    FLASH = "flash"
    DIGEST = "digest"
    HTML = "html"


class BatchState(StrEnum):
    """How far a batch has come: staged, audited, then published or refused."""

    STAGED = "staged"
    AUDITED = "audited"
    PUBLISHED = "published"
    REFUSED = "refused"


class Purpose(StrEnum):
    """Why a source is worked through in partitions: to have its documents, or to read them with a new engine."""

    BACKFILL = "backfill"
    REEXTRACT = "reextract"


class PartitionState(StrEnum):
    """Where a partition stands; one that is `running` and that nobody holds any more was interrupted."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Severity(StrEnum):
    """What a failed expectation condemns: one row, the whole article, or the whole batch."""

    ROW = "row"
    ARTICLE = "article"
    BATCH = "batch"


class RowKind(StrEnum):
    """The kinds of rows that are staged, audited, and published or quarantined."""

    ARTICLE = "article"
    FIGURE = "figure"
    NUMBER = "number"


class ReviewState(StrEnum):
    """Where a quarantined row stands in review."""

    OPEN = "open"
    RELEASED = "released"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"


class ReviewAction(StrEnum):
    """What a reviewer does with a quarantined row: publish it as it is, keep it out for good, or read it again."""

    RELEASE = "release"
    REJECT = "reject"
    REPLAY = "replay"


class FigureOrder(StrEnum):
    """What figures can be sorted by; the latest, the largest or the last in the alphabet comes first."""

    PUBLISHED = "published"
    KNOWN = "known"
    PERIOD = "period"
    AMOUNT = "amount"
    SUBJECT = "subject"
    METRIC = "metric"
