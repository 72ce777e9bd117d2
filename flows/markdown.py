"""Words in Prefect's pages, which take everything for markdown: shown as they are."""

import re

# These would become emphasis, links, code or the end of a cell …
_ANYWHERE = re.compile(r"([\\`*\[\]|~]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9]))")
# … and these, at the beginning, a list, a heading or a quotation.
_AT_FIRST = re.compile(r"^(?:[-+#=]|\d+[.)](?=\s|$))")


def escaped(words: object) -> str:
    """Give markdown that shows `words` as they are; None is empty, and line feeds become spaces.

    >>> escaped("-5%|<b>")
    '\\\\-5%\\\\|&lt;b&gt;'
    """
    if words is None:
        return ""
    flat = re.sub(r"\s+", " ", str(words)).strip()
    inert = flat.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _AT_FIRST.sub(_after_backslash, _ANYWHERE.sub(r"\\\1", inert))


def _after_backslash(found: re.Match[str]) -> str:
    mark = found.group()
    return mark[:-1] + "\\" + mark[-1]
