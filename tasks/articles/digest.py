"""The digest of a post, which mostly repeats the body: what it repeats is not read twice."""

import re

_SENTENCE = re.compile(r"[^。！？!?；;\n]*(?:[。！？!?；;]+[”』」’）)]*|(?=\n)|$)")
_WHITE_SPACE = re.compile(r"\s+")
_ELLIPSIS = re.compile(r"(?:…|\.{3,})+$")
# The medium in brackets, as some digests end: （上海证券报）
_BRACKETED = re.compile(r"[（(][^（）()\d]*[)）]")


def only_in_digest(digest: str, body: str) -> list[str]:
    """Give the sentences of the digest that the body does not contain, white space aside.

    `only_in_digest("甲增长8%。乙增长9%。", "甲增长 8%。丙。")` → `["乙增长9%。"]`. A last sentence that
    breaks off with an ellipsis is contained where the body goes on with it, and a medium in brackets is no
    sentence.
    """
    squashed = _squash(body)
    return [sentence for sentence in _sentences(digest) if _ELLIPSIS.sub("", _squash(sentence)) not in squashed]


def _sentences(digest: str) -> list[str]:
    pieces = (found[0].strip() for found in _SENTENCE.finditer(digest))
    return [piece for piece in pieces if piece and not _BRACKETED.fullmatch(piece)]


def _squash(text: str) -> str:
    return _WHITE_SPACE.sub("", text)
