"""What a reader carries from clause to clause, and how times and status words change it."""

import re
from dataclasses import dataclass, field, replace

from models.vocabulary import Basis, Status
from tasks.engine.grammar import periods
from tasks.engine.grammar.labels import Label
from tasks.engine.grammar.names import is_pronoun, strip_code
from tasks.engine.grammar.times import TimeExpression
from tasks.engine.grammar.tokens import Clause, Token, ends_sentence

# An earnings preview: all that it says is a forecast.
_PREVIEW = re.compile(
    r"业绩[^，。：]{0,4}预告|(?:公告|：)[^。]{0,16}预计[^。]{0,30}(?:净利|亏损|盈利|业绩|营收|营业收入)|预[增减亏盈]\d|"
    r"净利[^，。]{0,6}预[增减亏盈]"
)
_PREVIEW_WITHIN = 240
# No list of a sentence is longer; it bounds what each of many brackets copies.
_LONGEST_LIST = 60
_TRENDS = frozenset({"rise", "fall", "rise_market", "fall_market", "reach", "reach_to", "over", "link"})
_DEEDS = frozenset({"act", "do", "adverb"})


@dataclass(slots=True)
class Context:
    """The state of a reading; a bracket gets a copy of it, so that what it says ends with it.

    `main` is the article's first named entity, to which 公司 points; `item` is a part that one figure of a list was
    said of, which later measures are not; `term` is the year or quarter that 报告期内 means; `parallel` is the basis of
    the sentence's last change, which its parallel items share, `priced` whether one of them was told in the words of a
    market (价格同比上涨), and `whole` both of the sentence before, which 其中 goes on with; `part` counts the parts
    that ； ends, and `moved` is the time of the sentence's last market move; `of_interest` says that the text may
    speak of rates of interest at all, `quoting` that prices of a trading day are being told; `recent`, `times` and
    `listed` hold the labels, times and names of the sentence, for 分别 lists.
    """

    main: str | None = None
    subject: str | None = None
    item: str | None = None
    metric: str | None = None
    time: TimeExpression | None = None
    time_sentence: int = -1
    time_part: int = -1
    part: int = 0
    moved: TimeExpression | None = None
    moved_sentence: int = -1
    day: TimeExpression | None = None
    term: TimeExpression | None = None
    status: Status = Status.ACTUAL
    basis: Basis | None = None
    parallel: Basis | None = None
    priced: bool = False
    whole: tuple[Basis | None, bool] = (None, False)
    preview: bool = False
    of_interest: bool = False
    passing: bool = False
    quoting: bool = False
    sentence: int = 0
    colon: str | None = None
    listed: str | None = None
    recent: list[Label] = field(default_factory=list)
    times: list[TimeExpression] = field(default_factory=list)

    def bracket(self) -> "Context":
        """Give a copy for the inside of a bracket."""
        return replace(self, recent=self.recent[-_LONGEST_LIST:], times=self.times[-_LONGEST_LIST:])

    def named(self) -> str | None:
        """Give whom the text speaks of where a clause names nobody."""
        return self.subject or self.main

    def meant(self) -> str | None:
        """Give whom 公司 or 其 means."""
        return self.main or self.subject

    def speak_of(self, name: str) -> None:
        """Take a name as the subject of what follows."""
        self.subject = self.meant() if is_pronoun(name) else strip_code(name)
        self.metric = None


def opening(text: str) -> Context:
    """Give the context in which a text begins."""
    preview = text.find("预", 0, _PREVIEW_WITHIN) >= 0 and bool(_PREVIEW.search(text, 0, _PREVIEW_WITHIN))
    status = Status.FORECAST if preview else Status.ACTUAL
    return Context(preview=preview, status=status, of_interest="息" in text)


def enter(context: Context, clause: Clause) -> None:
    """Go on with the 同比 of the sentence before where a clause tells of its parts: 其中，城市上涨1.6%."""
    among = any("among" in token.groups for token in clause.tokens[:1])
    if among and context.parallel is None and context.whole[0] is Basis.YOY:
        context.parallel, context.priced = context.whole


def leave(context: Context, text: str, clause: Clause) -> None:
    """Forget, at the end of a clause, what does not reach beyond it."""
    context.colon = text[clause.start : clause.end] if clause.closer in "：:" else None
    if ends_sentence(clause.closer) or clause.closer in "；;":
        context.part += 1
    if ends_sentence(clause.closer):
        context.sentence += 1
        context.passing = False
        context.status = Status.FORECAST if context.preview else Status.ACTUAL
        context.whole = context.parallel, context.priced
        context.basis, context.parallel, context.priced = None, None, False
        context.recent, context.times, context.listed = [], [], None
    elif clause.closer in "；;" and context.passing:
        # A word of expectation behind a figure (也有望创纪录) speaks of no later figure.
        context.status, context.passing = Status.ACTUAL, False
    if clause.closer == "\n" and context.time is not None and context.time.grain == "day":
        context.time = None


def notice(context: Context, text: str, tokens: list[Token] | tuple[Token, ...], clause: Clause) -> None:
    """Carry what times and status words say on to what follows."""
    for token in tokens:
        if token.time is not None:
            _notice_time(context, text, token.time)
        elif token.groups:
            _notice_word(context, text, token, clause)


def _notice_time(context: Context, text: str, time: TimeExpression) -> None:
    if time.anchor == "report":
        context.time, context.time_sentence = context.term or context.time, context.sentence
        return
    if not periods.governs(time, text):
        return
    if time.anchor == "session" and context.time is not None and context.time.grain == "day":
        # 昨日沪指低开，截至收盘跌1%: of the day that is told of already.
        return
    if time.grain in {"year", "half", "quarter"}:
        context.term = context.term or time
    if time.anchor == "vague":
        context.time = None
        return
    context.time = periods.until(time, context.day)
    context.time_sentence, context.time_part = context.sentence, context.part
    context.times.append(context.time)
    if time.grain == "day":
        context.day = time


def _notice_word(context: Context, text: str, token: Token, clause: Clause) -> None:
    if "expected" in token.groups and _gives_number(token, clause):
        return
    if "forecast" in token.groups:
        context.status, context.passing = Status.FORECAST, bool(context.recent)
    elif "target" in token.groups and context.status is Status.ACTUAL:
        context.status = _aimed(text, token, clause)
    if "say" in token.groups and "预告" in text[token.start : token.end]:
        context.preview = True
        context.status = Status.FORECAST


def _gives_number(token: Token, clause: Clause) -> bool:
    """Tell whether 预期 only names the number behind it (预期升6.9%): it speaks of no other."""
    following = next((t for t in clause.tokens if t.start >= token.end), None)
    return (
        following is not None
        and (following.kind == "quantity" or bool(following.groups & _TRENDS))
        and following.start == token.end
    )


def _aimed(text: str, token: Token, clause: Clause) -> Status:
    """Read 将: of a deal it is a plan, of a trend a forecast, and before an object no time word at all."""
    if text[token.start : token.end] != "将":
        return Status.TARGET
    following = next((t for t in clause.tokens if t.start == token.end), None)
    if following is None or following.kind != "word":
        return Status.ACTUAL
    if following.groups & _TRENDS:
        return Status.FORECAST
    return Status.TARGET if following.groups & _DEEDS else Status.ACTUAL
