"""HTML → plain text with mentions: one walk over the parsed tree writes what a reader of the page sees."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from models.values import Mention
from tasks.articles.exchanges import read_marked
from tasks.articles.passage import CELL, LINE, SPACE, Passage, PassageWriter
from tasks.articles.tags import BLOCKS, CELLS, DROPPED, escape_stray, swallowed

_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_BLANK_LINE = re.compile(r"\n\s*\n")


def read_html(source: str) -> Passage:
    """Give the visible text of HTML, its paragraphs as lines, and the securities that its mark-up names.

    `<p>买入<a data-code="1,600160">巨化股份</a> &lt;A&gt;</p><p hidden>x</p>` → text `买入巨化股份 <A>`, one
    mention 2 … 6. Rows of a table are lines with a tab between the cells; a row of one cell is layout, and
    its paragraphs are lines.
    """
    body = LexborHTMLParser(escape_stray(source)).body
    walk = _Walk()
    if body is not None:
        walk.run(body)
    if open_ended := swallowed(source):
        walk.faults.append(f"{open_ended} has no end: what follows it is not read")
    return Passage(walk.writer.text(), tuple(sorted(walk.mentions, key=_place)), tuple(walk.faults))


def _place(mention: Mention) -> tuple[int, int, str]:
    return mention.start, mention.end, mention.marked


@dataclass(slots=True)
class _Walk:
    """The walk over nodes to enter and steps that close the entered ones, without recursion."""

    writer: PassageWriter = field(default_factory=PassageWriter)
    mentions: set[Mention] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    _ahead: list[LexborNode | Callable[[], None]] = field(default_factory=list)
    _rows: int = 0

    def run(self, body: LexborNode) -> None:
        self._enter_children(body)
        while self._ahead:
            step = self._ahead.pop()
            if isinstance(step, LexborNode):
                self._enter(step)
            else:
                step()

    def _enter_children(self, node: LexborNode) -> None:
        self._ahead.extend(reversed(list(node.iter(include_text=True))))

    def _enter(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if tag == "-text":
            self._write(node)
        elif tag == "br":
            self._break()
        elif tag not in DROPPED:
            self._enter_element(node, tag)

    def _write(self, node: LexborNode) -> None:
        run = node.text_content or ""
        if "\n" in run and node.parent is not None and node.parent.tag == "body":
            # Markdown between the HTML: a blank line ends its paragraph.
            for part in _BLANK_LINE.split(run):
                self.writer.write(part)
                self._break()
        else:
            self.writer.write(run)

    def _enter_element(self, node: LexborNode, tag: str) -> None:
        attributes = node.attributes
        if tag in BLOCKS:
            self._break()
            self._ahead.append(self._break)
        if "hidden" in attributes or _HIDDEN_STYLE.search(attributes.get("style") or ""):
            return
        if tag in CELLS:
            self._part_cell()
            self._ahead.append(self._part_cell)
        elif tag == "tr" and sum(child.tag in CELLS for child in node.iter()) > 1:
            self._rows += 1
            self._ahead.append(self._leave_row)
        if marked := attributes.get("data-code"):
            self._mark(marked)
        self._enter_children(node)

    def _break(self) -> None:
        self.writer.part(SPACE if self._rows else LINE)

    def _part_cell(self) -> None:
        self.writer.part(CELL if self._rows else LINE)

    def _leave_row(self) -> None:
        self._rows -= 1

    def _mark(self, marked: str) -> None:
        mark = self.writer.mark()
        self._ahead.append(lambda: self._mention(mark, marked))

    def _mention(self, mark: tuple[int, int], marked: str) -> None:
        start, text = self.writer.since(mark)
        if not text:
            return
        if security := read_marked(marked):
            self.mentions.add(Mention(start, start + len(text), text, *security, marked))
        else:
            self.faults.append(f"the mark-up of {text!r} has an unreadable code: {marked!r}")
