"""The frozen values that travel between the rooms: documents, articles, figures, numbers.

They are plain data and know neither Prefect nor a database; the tables of `models.tables` have the same fields.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from models.vocabulary import Basis, Bound, DateOrigin, DocumentFormat, Kind, Role, Shape, Status


@dataclass(frozen=True, slots=True)
class Period:
    """The days that a figure speaks of, first and last included: 今年一季度 is 2022-01-01 … 2022-03-31."""

    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Figure:
    """One quantity that an article states about something.

    `start` and `end` count the characters of the article's text, end exclusive, and `text` is that slice. `value` is
    in the base unit with the scale folded in (655.58亿元 is 65558000000 CNY); a range has `low` and `high` instead.
    `rules` names what made it, in the order in which it happened.
    """

    start: int
    end: int
    text: str
    kind: Kind
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    bound: Bound
    unit: str
    basis: Basis | None
    metric: str | None
    subject: str | None
    period: Period | None
    status: Status
    metric_id: str | None = None
    entity_id: str | None = None
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Number:
    """One number of the text and its one role; `reason` says why it is unread or malformed."""

    start: int
    end: int
    text: str
    role: Role
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """All that the engine made of one text: its figures and the ledger of its numbers, both in text order."""

    figures: tuple[Figure, ...]
    numbers: tuple[Number, ...]


@dataclass(frozen=True, slots=True)
class RawDocument:
    """A document as its source gave it: `location` is a path or URL, `content` its bytes, unchanged.

    `listed` is what the listing that led to it said of it, as names and words, and `published_on` the day that
    it told. `status` and `headers` are those of the HTTP answer, None and empty for a file.
    """

    source: str
    location: str
    content: bytes
    sha256: str
    fetched_at: datetime
    format: DocumentFormat = DocumentFormat.JEKYLL_POST
    listed: tuple[tuple[str, str], ...] = ()
    published_on: date | None = None
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()

    def header(self, name: str) -> str | None:
        """Give a header of the answer by its name in lower case, None where it has none."""
        return dict(self.headers).get(name)


@dataclass(frozen=True, slots=True)
class Mention:
    """A security, sector or index that the mark-up of the article names: 巨化股份 is SH 600160.

    `start` and `end` count characters of `Article.text`; `marked` is the code as the mark-up has it ("1,600160").
    """

    start: int
    end: int
    text: str
    exchange: str
    code: str
    marked: str


@dataclass(frozen=True, slots=True)
class Article:
    """The text of one document and what stands around it.

    `info_code` is the identity. `published` is aware (Asia/Shanghai) or None where nothing dates the document;
    `published_written` is the date as the document has it and `published_from` says where it was taken from.
    `text` is plain: paragraphs are parted by one line feed. `faults` are the reader's remarks, each one short phrase.
    """

    info_code: str
    source: str
    location: str
    raw_sha256: str
    shape: Shape
    title: str | None
    text: str
    digest: str | None
    medium: str | None
    published: datetime | None
    published_written: str | None
    published_from: DateOrigin | None
    category: str | None
    tags: str | None
    link: str | None
    return_links: tuple[str, ...]
    mentions: tuple[Mention, ...]
    faults: tuple[str, ...] = ()
