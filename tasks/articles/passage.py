"""A piece of plain text with the mentions in it, written run by run and cut without losing an offset."""

import re
from dataclasses import dataclass, field, replace

from models.values import Mention

SPACE, CELL, LINE = " ", "\t", "\n"
_STRENGTH = {"": 0, SPACE: 1, CELL: 2, LINE: 3}
# Characters that no reader sees: zero-width ones, soft hyphens, marks of direction.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")


@dataclass(frozen=True, slots=True)
class Passage:
    """Plain text: paragraphs parted by one line feed, cells of a table row by one tab, words by one space."""

    text: str
    mentions: tuple[Mention, ...] = ()
    faults: tuple[str, ...] = ()


@dataclass(slots=True)
class PassageWriter:
    """Builds a text run by run; separators stand between what is visible and nowhere else."""

    length: int = 0
    _pieces: list[str] = field(default_factory=list)
    _separator: str = ""

    def write(self, run: str) -> None:
        """Append a run of characters, each piece of white space in it as one space."""
        run = _INVISIBLE.sub("", run)
        words = run.split()
        if not words:
            self.part(SPACE if run else "")
            return
        self.part(SPACE if run[0].isspace() else "")
        piece = (self._separator if self.length else "") + SPACE.join(words)
        self._pieces.append(piece)
        self.length += len(piece)
        self._separator = SPACE if run[-1].isspace() else ""

    def part(self, separator: str) -> None:
        """Part what was written from what comes: of several separators the strongest holds."""
        if _STRENGTH[separator] > _STRENGTH[self._separator]:
            self._separator = separator

    def mark(self) -> tuple[int, int]:
        """Give a mark for `since`."""
        return self.length, len(self._pieces)

    def since(self, mark: tuple[int, int]) -> tuple[int, str]:
        """Give where the first character written since the mark stands, and all that was written since."""
        length, pieces = mark
        written = "".join(self._pieces[pieces:])
        visible = written.lstrip(SPACE + CELL + LINE)
        return length + len(written) - len(visible), visible

    def text(self) -> str:
        """Give all that was written."""
        return "".join(self._pieces)


def cut(passage: Passage, spans: list[tuple[int, int]]) -> Passage:
    """Give the passage without the characters of `spans`, which are in order and do not overlap.

    Lines that become empty go too. Mentions that touch a span are gone, later ones move: cutting 1 … 3 of
    `甲\\n乙\\n丙` moves a mention of 丙 from 4 to 2.
    """
    for start, end in reversed(spans):
        passage = _cut_one(passage, *_widened(passage.text, start, end))
    return passage


def prepend(lines: list[str], passage: Passage) -> Passage:
    """Give the passage with lines before it; its mentions move."""
    head = "".join(line + LINE for line in lines)
    if not passage.text:
        return replace(passage, text=head.rstrip(LINE))
    return replace(passage, text=head + passage.text, mentions=_moved(passage.mentions, len(head)))


def _cut_one(passage: Passage, start: int, end: int) -> Passage:
    before = tuple(mention for mention in passage.mentions if mention.end <= start)
    after = tuple(mention for mention in passage.mentions if mention.start >= end)
    text = passage.text[:start] + passage.text[end:]
    return replace(passage, text=text, mentions=before + _moved(after, start - end))


def _widened(text: str, start: int, end: int) -> tuple[int, int]:
    """Take in the separators left at a line's begin or end, and one line feed of a line that gets empty."""
    while start and text[start - 1] in SPACE + CELL and text[end : end + 1] in ("", LINE):
        start -= 1
    at_start = not start or text[start - 1] == LINE
    while at_start and text[end : end + 1] in (SPACE, CELL):
        end += 1
    if at_start and text[end : end + 1] == LINE:
        return start, end + 1
    if start and at_start and end == len(text):
        return start - 1, end
    return start, end


def _moved(mentions: tuple[Mention, ...], distance: int) -> tuple[Mention, ...]:
    return tuple(replace(mention, start=mention.start + distance, end=mention.end + distance) for mention in mentions)
