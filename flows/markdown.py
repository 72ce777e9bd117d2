"""Words in Prefect's pages, which take much for markdown: shown as they are."""

import re

# These would become emphasis, links, code or the end of a cell …
_ANYWHERE = re.compile(r"([\\`*\[\]|~]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9]))")
# … and these, at the beginning, a list, a heading or a quotation.
_AT_FIRST = re.compile(r"^(?:[-+#=]|\d+[.)](?=\s|$))")

# What markdown would not show as it is: the beginning of a block, and marks that come in pairs.
_CHANGED = re.compile(
    r"^(?:(?:[-+*]|#+|\d+[.)])(?:\s|$)|>|[-*_\s]{3,}$)"
    r"|\*.+\*|(?<!\w)_.+_(?!\w)|~.+~|`.+`|\]\(|\]:|<[A-Za-z/!?]|&#?\w+;|\\[!-/:-@\[-`{-~]"
)


def cell(words: object) -> str:
    """Give `words` for a cell of a table artifact, escaped only where markdown would change them.

    The older pages read a cell as markdown, the newer ones show it as it is.

    >>> cell("-12.4%"), cell("*ST远川和*ST青禾")
    ('-12.4%', '\\\\*ST远川和\\\\*ST青禾')
    """
    flat = " ".join(str(words).split()) if words is not None else ""
    return escaped(flat) if _CHANGED.search(flat) else flat


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
