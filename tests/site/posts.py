"""The posts of a folder as a site has them: fields, and the body rendered to HTML as kramdown would."""

import html
import re
from dataclasses import dataclass
from pathlib import Path

_AUTOLINK = re.compile(r"<(https?://[^>\s]*)>")
_LINK = re.compile(r"\[([^\]]*)\]\(([^)]*)\)")


@dataclass(frozen=True)
class Post:
    """One post; `time` is `YYYY-MM-DD HH:MM:SS` in Shanghai, `digest` and `link` "" where it has none."""

    code: str
    title: str
    time: str
    category: str
    tags: str
    digest: str
    content: str
    link: str
    rendered: str

    @property
    def day(self) -> str:
        return self.time[:10]

    @property
    def path(self) -> str:
        return f"/{self.category}/{self.day.replace('-', '/')}/{self.code}.html"


def read_posts(folder: Path) -> list[Post]:
    """Read the posts of a folder, the newest first; only posts with whole front matter are of a site."""
    paths = sorted((folder / "_posts").glob("*.md"))
    return sorted((_read(path) for path in paths), key=lambda post: (post.time, post.code), reverse=True)


def _read(path: Path) -> Post:
    _, head, body = path.read_text(encoding="utf-8").split("---\n", 2)
    fields = dict(line.split(": ", 1) for line in head.strip().split("\n"))
    lines = body.strip("\n").split("\n")
    digest = "\n".join(line.removeprefix("> ") for line in lines if line.startswith(">"))
    plain = [line for line in lines if not line.startswith(">")]
    link = next((found[1] for line in plain if (found := _AUTOLINK.fullmatch(line.strip()))), "")
    content = "\n".join(line for line in plain if not (_AUTOLINK.fullmatch(line.strip()) or line.startswith("[返回")))
    return Post(
        code=re.sub(r"^\d{4}-\d\d-\d\d-|\.md$", "", path.name),
        title=fields["title"].strip('"'),
        time=fields["date"][:19],
        category=fields["categories"],
        tags=fields["tags"],
        digest=digest,
        content=content.strip(),
        link=link,
        rendered=_render(digest, plain),
    )


def _render(digest: str, lines: list[str]) -> str:
    quoted = f"<blockquote>\n  <p>{html.escape(digest, quote=False)}</p>\n</blockquote>\n\n" if digest else ""
    return quoted + "\n".join(_block(block) for block in re.split(r"\n\s*\n", "\n".join(lines)) if block.strip())


def _block(block: str) -> str:
    block = block.strip("\n")
    if found := _AUTOLINK.fullmatch(block.strip()):
        return f'<p><a href="{found[1]}">{found[1]}</a></p>'
    if block.startswith("[返回"):
        return "<p>" + _LINK.sub(lambda link: f'<a href="{link[2]}">{link[1]}</a>', block) + "</p>"
    return block if block.lstrip().startswith("<") else f"<p>{html.escape(block, quote=False)}</p>"
