"""A plain Markdown paragraph → text: a flash has no mark-up but the escapes that Markdown asks for."""

import html
import re

from tasks.articles.passage import LINE, Passage, PassageWriter

# With its semicolon: R&D and AT&T are what they are.
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]*);")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def read_plain(source: str) -> Passage:
    """Give the text of plain Markdown, one paragraph a line: `\\*ST天成&amp;R&D <5%` → `*ST天成&R&D <5%`."""
    writer = PassageWriter()
    for line in source.split("\n"):
        writer.write(_ENTITY.sub(lambda found: html.unescape(found[0]), _ESCAPED.sub(r"\1", line)))
        writer.part(LINE)
    return Passage(writer.text())
