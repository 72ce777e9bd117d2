"""The market prefixes of security mark-up: `1,600160` is SH 600160."""

import re

# What is no exchange: sector boards and indices have mark-up of the same form.
BOARD = "BOARD"
INDEX = "INDEX"
_SHENZHEN = "0"
_BEIJING_CODE = re.compile(r"[489]\d{5}")
_EXCHANGES = {
    "1": "SH",
    _SHENZHEN: "SZ",
    "116": "HK",
    "105": "NASDAQ",
    "106": "NYSE",
    "107": "AMEX",
    "90": BOARD,
    "100": INDEX,
}
_MARKED = re.compile(r"(?P<prefix>\d+),(?P<code>[\w.\-]+)")


def read_marked(marked: str) -> tuple[str, str] | None:
    """Give exchange and code of a marked code, None where it is not of the form `prefix,code`.

    `1,600160` → `("SH", "600160")`. Shenzhen's prefix is Beijing's too, whose codes begin with 4, 8 or 9. A
    prefix that is not known becomes the exchange `UNKNOWN:prefix`.
    """
    found = _MARKED.fullmatch(marked.strip())
    if not found:
        return None
    prefix, code = found["prefix"], found["code"]
    if prefix == _SHENZHEN and _BEIJING_CODE.fullmatch(code):
        return "BJ", code
    return _EXCHANGES.get(prefix, f"UNKNOWN:{prefix}"), code
