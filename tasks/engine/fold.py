"""Folding of characters, one to one, so that offsets in the folded text are offsets in the article.

NFKC is never used: it changes lengths and turns ① into 1.
"""

from functools import cache

# Chinese punctuation keeps its form: the grammar tells ， (a clause ends) from , (digit grouping).
_KEPT = "，（）：；！？"
_HYPHENS = "–−‐‑﹣"
_TILDES = "〜∼˜"
_SPACES = "\u00a0\u2002\u2003\u2009\u202f\u3000"


@cache
def _table() -> dict[int, str]:
    table = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if chr(code) not in _KEPT}
    table |= {ord(mark): "-" for mark in _HYPHENS} | {ord(mark): "~" for mark in _TILDES}
    table |= {ord(space): " " for space in _SPACES}
    return table | {ord("﹪"): "%", ord("∶"): ":"}


def fold(text: str) -> str:
    """Give the text with full-width digits, letters and signs in their plain form; its length never changes.

    >>> fold("２３.５％（ＡＢＣ）")
    '23.5%（ABC）'
    """
    return text.translate(_table())
