"""The parts of a post's body: digest, content, and the lines of links at its end."""

import re
from dataclasses import dataclass

_LINK = re.compile(r"<(?P<marked>https?://[^<>\s]*)?>|(?P<bare>https?://\S+)")
_LINK_AT_END = re.compile(r"[ \t]*<(?P<marked>https?://[^<>\s]*)>$")
_RETURN_LINK = re.compile(r"\[返回[^\[\]]*\]\(([^)\s]*)\)[ \t｜|]*")
_RETURN_LINE = re.compile(rf"(?:{_RETURN_LINK.pattern})+")
# What the last of these lines may begin with, where the file is cut off in it.
_BEGUN = re.compile(r"\[返回[^\[\]]*(?:\]|\]\([^)\s]*)?|<https?:[^<>\s]*")
_BEGINNINGS = ("[返回", "<https://", "<http://")
_QUOTED = re.compile(r"> ?(.*)")


@dataclass(frozen=True, slots=True)
class Layout:
    """The parts of a body as written; `link` is None where the post has none or an empty one."""

    digest: str
    content: str
    link: str | None
    return_links: tuple[str, ...]
    faults: tuple[str, ...]

    @property
    def has_footer(self) -> bool:
        """Tell whether the lines of links are there, that close a whole post."""
        return bool(self.link or self.return_links)


def lay_out(body: str) -> Layout:
    """Part a body: lines with `>` before all others are the digest, lines of links are taken off.

    `> 摘要。\\n\\n<p>正文。</p>\\n\\n<http://news.example/1.html>\\n\\n[返回首页](//news.example/)` → digest
    `摘要。`, content `<p>正文。</p>`, link `http://news.example/1.html`, return links `("//news.example/",)`.
    """
    digest, rest = _split_digest(body.strip("\n").split("\n"))
    content, links, returns, faults = [], [], [], []
    for number, line in enumerate(rest, start=1):
        kept, link, back = _take_links(line.strip())
        if number == len(rest) and _is_cut_footer(kept):
            faults.append("the lines of links are cut off")
            returns += _RETURN_LINK.findall(kept)
            kept = ""
        content.append(kept if kept != line.strip() else line)
        links += [link] if link else []
        returns += back
    if len(links) > 1:
        faults.append(f"{len(links)} lines of links: the last one is taken")
    link = links[-1] if links else None
    return Layout(digest, "\n".join(content).strip(), link, tuple(returns), tuple(faults))


def _split_digest(lines: list[str]) -> tuple[str, list[str]]:
    quoted = []
    for at, line in enumerate(lines):
        found = _QUOTED.fullmatch(line.strip())
        if found:
            quoted.append(found[1].strip())
        elif line.strip():
            return "\n".join(quoted).strip(), lines[at:]
    return "\n".join(quoted).strip(), []


def _take_links(line: str) -> tuple[str, str | None, list[str]]:
    """Give what is left of a line, its source link and its return links."""
    if _RETURN_LINE.fullmatch(line):
        return "", None, _RETURN_LINK.findall(line)
    if found := _LINK.fullmatch(line):
        return "", found["marked"] or found["bare"], []
    if found := _LINK_AT_END.search(line):
        return line[: found.start()], found["marked"], []
    return line, None, []


def _is_cut_footer(line: str) -> bool:
    begun = _RETURN_LINK.sub("", line)
    return bool(_BEGUN.fullmatch(begun) or (line and any(whole.startswith(begun) for whole in _BEGINNINGS)))
