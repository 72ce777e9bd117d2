"""Runs of nouns between the words of the grammar, and the label (subject and metric) made of them."""

import re
from functools import lru_cache

from tasks.engine.grammar import heads
from tasks.engine.grammar.names import LONGEST, known_names, longest_prefix, longest_suffix
from tasks.engine.grammar.tokens import Token
from tasks.engine.values import value

_PARTS = frozenset({"time", "quantity"})
_NOUNS = frozenset({"metric_heads", "act"})
BREAKS = frozenset(
    """rise fall rise_market fall_market amplitude_rise amplitude_fall amplitude basis_yoy basis_previous_period
    basis_year_start basis_previous_close basis_other compare compare_end about over under reach reach_to from forecast
    target distribute among link say do adverb prior expected""".split()
)
_LEFT_MARKS = frozenset('的、了之 "“”《》·-—|,，)）')
_RIGHT_MARKS = frozenset('的和及与、了之 "《|—-,(（')
# Particles and short words that begin or end no noun; the guards keep nouns whole that they begin or end (在岸, 规则).
_LEFT_WORDS = re.compile(
    r"和(?![平谐记])|及(?!时)|与(?!会)|在(?![岸建产线职校院])|对(?![标价外])|由|将|被|把|向|为|于|并(?!购|表)|而|且|但|若|如|即|又|也|还|都(?!市)|均(?!价)|已|"
    r"以(?![太色])|按|共(?![同建享])|从|其(?![他它])|自(?![主身动然有营])|个(?![人股税体])|或者|或|是|则|到|更|据|原(?![油料材奶])|再(?![生保融])|另|"
    r"让|使|每(?!股|A)|给|至|时(?!代)|称|这是|多个|一些|不少|其中|会议上?(?=[加降升])"
)
_ENDINGS = (
    r"以及|对我|(?<![参给授赋])与|(?<![饱缓中总平])和|(?<![涉普埃波触])及|可能|将会|一般|(?<![存潜实现所])在|(?<!自)由|以|按|将|被|把|"
    r"(?<![方导北南意])向|(?<![华行作])为|于|(?<![合兼])并|而|且|但|若|(?<![规原守法准])则|即|又|也|(?<![偿归返])还|(?<![成首])都|已|是|至|到|"
    r"(?<![持拥国所私原特自占])有|(?<!中)共|只|仅|较|(?<![占同环对配价])比|(?<=[团司其他人者])所|(?<!耳)其|(?<![同中高平])等|每|(?<![人户日月年平])均|"
    r"(?<![集其当华台关汉])中"
)
_RIGHT_WORDS = re.compile(rf"(?:{_ENDINGS}|每\d+[^\d]{{1,2}}|因[^，。]{{0,3}})$")
# Where these do not hold, no ending is looked for.
_LAST_OF_ENDINGS = frozenset(ending[-1] for ending in _ENDINGS.split("|"))
_LONGEST_ENDING = 7
# 向阿里网络转让: who is led in by 向 is not whom the figure is said of.
_LED = re.compile(r"[，、\s]*(?:向|对(?!应)|给|与|为)")
_ELEMENTS = frozenset("铜铝锌铅镍锡金银")


@value
class Piece:
    """A run of nouns: its text, where in it the measure begins (-1: nowhere), and what follows it.

    `after` is the grammar word behind it, empty where it leads into the quantity; `led` says that a preposition
    leads it in, `measured` that it ends with a measure.
    """

    text: str
    cut: int
    after: str = ""
    led: bool = False
    measured: bool = False


@value
class Label:
    """Subject and metric as they stand in the article; `rule` says how they were told apart."""

    subject: str | None
    metric: str | None
    rule: str

    def cleaned(self) -> "Label":
        """Give the label with no blank words: what is blank was not named."""
        if self.subject != "" and self.metric != "" and " " not in (self.subject or "") + (self.metric or ""):
            return self
        return Label((self.subject or "").strip() or None, (self.metric or "").strip() or None, self.rule)


def pieces(text: str, start: int, end: int, tokens: list[Token] | tuple[Token, ...]) -> list[Piece]:
    """Give the runs of nouns in text[start:end], parted by grammar words and times."""
    found: list[Piece] = []
    position = start
    for token in tokens:
        if token.start < position or token.end > end:
            continue
        if token.kind in _PARTS or not (token.groups.isdisjoint(BREAKS) or not token.groups.isdisjoint(_NOUNS)):
            _add(found, text, position, token.start, text[token.start : token.end])
            position = token.end
    _add(found, text, position, end, "")
    return found


def _add(found: list[Piece], text: str, start: int, end: int, after: str) -> None:
    piece = _piece(text[start:end])
    if piece is not None:
        found.append(Piece(piece.text, piece.cut, after, piece.led, piece.measured) if after else piece)


@lru_cache(maxsize=32768)
def _piece(raw: str) -> Piece | None:
    """Give the piece that a run of nouns makes, or None where only particles or a modifier are left of it."""
    start, end = trimmed(raw, 0, len(raw))
    words = raw[start:end]
    if (len(words) < 2 and words not in _ELEMENTS) or heads.is_modifier(words):
        return None
    return Piece(words, heads.cut(words), "", bool(_LED.match(raw)), heads.tail(words) >= 0)


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Take marks and particles off both ends of a run of nouns; give the offsets of what is left."""
    while start < end:
        if text[start] in _LEFT_MARKS:
            start += 1
            continue
        word = _LEFT_WORDS.match(text, start, end)
        if word is None or word.end() == end or longest_prefix(text[start : min(end, start + LONGEST)], known_names()):
            break
        start = word.end()
    while end > start:
        if text[end - 1] in _RIGHT_MARKS:
            end -= 1
            continue
        word = _right_word(text, start, end)
        if word is None or word.start() == start or _ends_with_name(text[max(start, end - LONGEST) : end]):
            break
        end = word.start()
    return start, end


def _ends_with_name(words: str) -> bool:
    return len(longest_suffix(words, known_names())) > 1


def _right_word(text: str, start: int, end: int) -> re.Match[str] | None:
    last = text[max(start, end - _LONGEST_ENDING) : end]
    if last[-1] in _LAST_OF_ENDINGS or "每" in last or "因" in last:
        return _RIGHT_WORDS.search(text, max(start, end - _LONGEST_ENDING), end)
    return None


def split(piece: Piece) -> tuple[str, str]:
    """Give what stands before the measure in a piece, without particles, and the measure."""
    start, end = trimmed(piece.text, 0, piece.cut)
    return piece.text[start:end], piece.text[piece.cut :]
