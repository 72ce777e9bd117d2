"""What is a tag, and which: everything else that begins with `<` is text and must not be swallowed."""

import re


def _names(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


BLOCKS = _names(
    "address article aside blockquote body caption center col colgroup dd details div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol option p pre "
    "section summary table tbody tfoot thead title tr ul"
)
DROPPED = _names(
    "-comment applet audio canvas embed head iframe img link map meta noscript object picture script source "
    "style svg template title video"
)
CELLS = frozenset(("td", "th"))
_INLINE = _names(
    "a abbr acronym b bdi bdo big br button cite code data del dfn em font i input ins kbd label mark math "
    "nobr q rp rt ruby s samp select small span strike strong sub sup textarea time tt u var wbr"
)
# Inside svg and its like, where everything goes: known, so that it is parsed and goes with them.
_DRAWING = _names("area circle defs ellipse g line param path polygon polyline rect symbol text track use")
_KNOWN = (BLOCKS | DROPPED | CELLS | _INLINE | _DRAWING) - {"-comment"}
# A whole tag, or one that the end of the file cuts off. Chinese characters stand in attribute values alone.
_LOWER_THAN = re.compile(
    r"""
    <(?P<comment>!--|!doctype\b|\?xml\b)?
    (?:
        /?(?P<name>[a-z][a-z0-9]*)(?P<space>:[a-z][\w.-]*)?(?=[\s/>]|\Z)
        (?:
            [^<>"'=\u2e80-\uffff] | =\s*[^\s<>"']*
            | "[^"]*" | '[^']*' | ["'][^"'<>]*\Z
        )*+
        (?:>|\Z)
    )?
    """,
    re.IGNORECASE | re.VERBOSE,
)
# A file that is cut off ends with half a tag.
_CUT_TAG = re.compile(r"</?[a-z0-9]*\Z", re.IGNORECASE)
# What swallows all that follows where its end is missing.
_SWALLOWING = (("<!--", "-->"), ("<script", "</script"), ("<style", "</style"), ("<title", "</title"))


def has_tags(source: str) -> bool:
    """Tell whether there is an HTML tag: `<br/>` is one, `<5%` and `<某某协定>` are none."""
    return any(_is_markup(found) for found in _LOWER_THAN.finditer(source))


def escape_stray(source: str) -> str:
    """Give the HTML with each `<` that begins no tag as `&lt;`, so that a parser keeps it.

    `<p>低于<5%的<条例></p>` → `<p>低于&lt;5%的&lt;条例></p>`.
    """
    source = _CUT_TAG.sub("", source)
    return _LOWER_THAN.sub(lambda found: found[0] if _is_markup(found) else "&lt;" + found[0][1:], source)


def swallowed(source: str) -> str | None:
    """Give the mark-up whose missing end lets it swallow all that follows: `<!--` without `-->`."""
    lower = source.lower()
    return next((begin for begin, end in _SWALLOWING if lower.rfind(begin) > lower.rfind(end)), None)


def _is_markup(found: re.Match[str]) -> bool:
    name = found["name"]
    return bool(found["comment"] or (name and (found["space"] or name.lower() in _KNOWN)))
