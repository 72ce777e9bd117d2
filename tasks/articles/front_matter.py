"""The front matter of a post: `key: value` lines between two lines of three hyphens."""

import re
from dataclasses import dataclass
from typing import Any

import yaml

# The loader of libyaml where it is there. A BaseLoader makes text of every value and never an object.
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_FENCE = re.compile(r"---[ \t]*\n")
_CLOSING = re.compile(r"^---[ \t]*$", re.MULTILINE)
_KEY_LINE = re.compile(r"(?P<key>[A-Za-z_][\w-]*)[ \t]*:(?P<value>.*)")
_INDENTED = re.compile(r"[ \t]+\S|-[ \t]|#")
_QUOTES = ('"', "'")
# What a file that was cut off in its front matter may end with.
_BEGINNINGS = ("layout:", "title:", "date:", "categories:", "tags:", "---")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The values of the front matter, each as text, and what was wrong with it."""

    values: dict[str, str]
    faults: tuple[str, ...]
    present: bool = True

    def get(self, key: str) -> str | None:
        """Give a value, None where it is missing or empty."""
        return self.values.get(key, "").strip() or None


def split_front_matter(text: str) -> tuple[FrontMatter, str]:
    """Part a post into its front matter and its body.

    `'---\\ntitle: "沪指涨1%"\\n---\\n正文'` → values `{"title": "沪指涨1%"}`, body `正文`. What is not valid
    YAML is read by its lines; a missing closing line is taken to stand after the last line that looks like
    front matter. Both, and a missing front matter, are said in `faults`.
    """
    text = text.lstrip("\n\ufeff \t")
    fence = _FENCE.match(text + "\n")
    if not fence:
        return FrontMatter({}, ("no front matter",), present=False), text
    rest = text[fence.end() :]
    closing = _CLOSING.search(rest)
    if closing:
        values = _yaml_values(rest[: closing.start()])
        if values is not None:
            return FrontMatter(values, ()), rest[closing.end() :]
    return _by_lines(rest)


def _yaml_values(block: str) -> dict[str, str] | None:
    try:
        values = yaml.load(block, _LOADER)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None
    if values is None:
        return {}
    if not isinstance(values, dict):
        return None
    texts = {key: _as_text(value) for key, value in values.items() if isinstance(key, str)}
    whole = {key: value for key, value in texts.items() if value is not None}
    return whole if len(whole) == len(values) else None


def _as_text(value: Any) -> str | None:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return ", ".join(value)
    return None


def _by_lines(rest: str) -> tuple[FrontMatter, str]:
    lines = rest.split("\n")
    end = 0
    while end < len(lines) and _is_front_matter(lines[end], last=end == len(lines) - 1):
        end += 1
    values = dict(_pair(line) for line in lines[:end] if _KEY_LINE.match(line))
    if end < len(lines) and _CLOSING.fullmatch(lines[end]):
        said = "front matter is not YAML: read line by line"
        return FrontMatter(values, (said,)), "\n".join(lines[end + 1 :])
    return FrontMatter(values, ("front matter is not closed",)), "\n".join(lines[end:])


def _is_front_matter(line: str, *, last: bool) -> bool:
    if last and line and any(beginning.startswith(line) for beginning in _BEGINNINGS):
        return line != "---"
    return bool(_KEY_LINE.match(line) or _INDENTED.match(line))


def _pair(line: str) -> tuple[str, str]:
    key, _, value = line.partition(":")
    value = value.strip()
    for quote in _QUOTES:
        if value.startswith(quote):
            return key.strip(), value.removeprefix(quote).removesuffix(quote)
    return key.strip(), value
