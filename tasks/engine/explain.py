"""Why a text reads as it does: each figure with its words, its rules and where its names stand, each other with why."""

from dataclasses import dataclass
from datetime import date

from models.values import Figure, Number, Period, Reading
from models.vocabulary import Role
from tasks.engine.fold import fold
from tasks.engine.grammar.times import TimeExpression
from tasks.engine.grammar.tokens import Clause, Token, Tokens, ends_sentence, tokenize

# What a number does that states no quantity.
SAYS = {
    Role.DATE: "says when",
    Role.TIME: "says at what time of day",
    Role.DURATION: "says how long",
    Role.AGE: "says how old",
    Role.CODE: "is a code: of a security, a document, a telephone",
    Role.ORDINAL: "says which one of a row",
    Role.RANK: "says which place",
    Role.NAME: "is part of a name",
    Role.ENUMERATION: "numbers a list",
    Role.IDIOM: "is a way of speaking",
    Role.VERSION: "says which version or model",
    Role.SCORE: "is a score or a proportion",
    Role.QUOTE: "is a quotation widget",
    Role.UNREAD: "was not read",
    Role.MALFORMED: "is broken",
}
_BASE = "what something is compared with"


@dataclass(frozen=True, slots=True)
class Word:
    """A token of the clause: its characters and what the grammar takes it for (lexicon groups, time, quantity …)."""

    start: int
    end: int
    text: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Where in the text something that a figure says stands, and where that is seen from the figure."""

    start: int
    end: int
    text: str
    where: str


@dataclass(frozen=True, slots=True)
class Trace:
    """How one figure came about.

    `clause` holds the tokens of its clause and `chain` the words that lead into its number; `rules` are the rest of
    its rules, in words. An origin is None where the figure has no such field or the text does not say it literally.
    """

    figure: Figure
    clause: tuple[Word, ...]
    chain: tuple[str, ...]
    rules: tuple[str, ...]
    metric: Origin | None
    subject: Origin | None
    period: Origin | None


@dataclass(frozen=True, slots=True)
class Other:
    """A number that became no figure, and why."""

    number: Number
    why: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """A reading, how each of its figures came about, and why each other number is none; in text order."""

    reading: Reading
    traces: tuple[Trace, ...]
    others: tuple[Other, ...]


def explain_reading(text: str, published: date, reading: Reading) -> Explanation:
    """Give the explanation of a reading of this text.

    In 净利润5亿元，同比增长8% the growth's metric has the origin (0, 3, "净利润", "earlier in the sentence").
    """
    tokens = tokenize(fold(text), published)
    others = (number for number in reading.numbers if number.role is not Role.FIGURE)
    return Explanation(
        reading,
        tuple(_trace(tokens, figure) for figure in reading.figures),
        tuple(Other(number, _why(tokens, number)) for number in others),
    )


def _trace(tokens: Tokens, figure: Figure) -> Trace:
    clause = next(clause for clause in tokens.clauses if clause.start <= figure.start <= clause.end)
    chain = _chain(tokens.text[clause.start : figure.start], figure.rules)
    return Trace(
        figure,
        tuple(_word(tokens.text, token) for token in clause.tokens),
        chain,
        figure.rules[len(chain) :],
        _origin(tokens, clause, figure, figure.metric),
        _origin(tokens, clause, figure, figure.subject),
        _period_origin(tokens, clause, figure),
    )


def _chain(before: str, rules: tuple[str, ...]) -> tuple[str, ...]:
    """Give the first of the rules, as long as they are words that stand before the number."""
    length = next((index for index, rule in enumerate(rules) if not rule or rule not in before), len(rules))
    return rules[:length]


def _word(text: str, token: Token) -> Word:
    meaning = ", ".join(sorted(token.groups)) if token.kind == "word" else token.kind
    return Word(token.start, token.end, text[token.start : token.end], meaning)


def _origin(tokens: Tokens, clause: Clause, figure: Figure, words: str | None) -> Origin | None:
    """Find the words of a name: the last time that they stand before the number, else the first time behind it."""
    sought = fold(words) if words else ""
    if not sought:
        return None
    start = tokens.text.rfind(sought, 0, figure.start)
    if start < 0:
        start = tokens.text.find(sought, figure.end)
    return None if start < 0 else _origin_at(tokens, clause, figure, start, start + len(sought))


def _origin_at(tokens: Tokens, clause: Clause, figure: Figure, start: int, end: int) -> Origin:
    return Origin(start, end, tokens.text[start:end], _where(tokens, clause, figure, start))


def _where(tokens: Tokens, clause: Clause, figure: Figure, start: int) -> str:
    """Say where a place of the text is, seen from a figure."""
    if clause.start <= start < clause.end:
        return "before the number" if start < figure.start else "behind the number"
    if start > figure.end:
        return "further on"
    between = (other for other in tokens.clauses if start < other.end <= figure.start)
    ended = any(ends_sentence(other.closer) for other in between)
    return "inherited from an earlier sentence" if ended else "inherited from earlier in the sentence"


def _period_origin(tokens: Tokens, clause: Clause, figure: Figure) -> Origin | None:
    """Find the time that gave a figure its period: the last of these days before the number, else the first behind."""
    if figure.period is None:
        return None
    named = [time for time in tokens.times if figure.period in (time.past, time.ahead)]
    before = [time for time in named if time.start < figure.start]
    chosen = before[-1] if before else next(iter(named), None)
    return _origin_at(tokens, clause, figure, chosen.start, chosen.end) if chosen else None


def _why(tokens: Tokens, number: Number) -> str:
    time = next((time for time in tokens.times if time.start == number.start and time.role is number.role), None)
    words = SAYS.get(number.role, number.role.value)
    if time is not None and time.role is Role.DATE:
        return _why_time(time, words)
    return f"{words}: {number.reason}" if number.reason else words


def _why_time(time: TimeExpression, words: str) -> str:
    period = time.past or time.ahead
    days = f"{words}: {_days(period)}" if period else words
    return f"{days}, {_BASE}" if time.anchor == "base" else days


def _days(period: Period) -> str:
    return f"{period.start}" if period.start == period.end else f"{period.start} … {period.end}"
