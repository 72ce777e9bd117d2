"""Where a sentence begins and ends."""

import re

_ENDS = "。！？\n"
# Several marks end one sentence (？！), and a closing quote or bracket still belongs to it.
_TAIL = re.compile(r"[。！？]*[”’」』）)]*")
_END = re.compile(r"[。！？]+[”’」』）)]*|\n")


def sentence_span(text: str, start: int, end: int) -> tuple[int, int]:
    """Give the offsets of the sentence, its end mark included, around the characters `start` to `end`.

    A sentence ends with 。！？ or a line feed, never with a comma, a semicolon or a decimal point. A span
    that runs over several sentences gives them all. White space around the sentence stays outside, never the
    span itself. Raises ValueError where the span does not lie in the text.

    >>> text = "营收5.32亿元。净利润同比增长84.32%；环比持平。"
    >>> text[slice(*sentence_span(text, 16, 22))]
    '净利润同比增长84.32%；环比持平。'
    """
    if not 0 <= start < end <= len(text):
        raise ValueError(f"no characters {start} to {end} in a text of {len(text)}")
    first = _beginning(text, start)
    # From the last character of the span on, so that a span which ends with its sentence is not run over.
    mark = _END.search(text, end - 1)
    last = max(mark.end(), end) if mark else len(text)
    lead = len(text[first:start]) - len(text[first:start].lstrip())
    trail = len(text[end:last]) - len(text[end:last].rstrip())
    return first + lead, last - trail


def _beginning(text: str, start: int) -> int:
    mark = max(text.rfind(end, 0, start) for end in _ENDS)
    if mark < 0:
        return 0
    tail = _TAIL.match(text, mark + 1)
    return min(tail.end(), start) if tail else mark + 1
