"""What the site answers when all is well: each path with its type and bytes."""

import hashlib
import html
import json
from collections import defaultdict
from dataclasses import dataclass

from tests.site.posts import Post
from tests.site.themes import THEMES, listing

FEED_ENTRIES = 10
PAGE_POSTS = 100
_HTML, _JSON = "text/html; charset=utf-8", "application/json; charset=utf-8"


@dataclass(frozen=True)
class Content:
    """One answer; `etag` changes with the bytes."""

    type: str
    body: bytes

    @property
    def etag(self) -> str:
        return f'"{hashlib.md5(self.body, usedforsecurity=False).hexdigest()}"'


def site_content(posts: list[Post], theme: str, entries: int = FEED_ENTRIES) -> dict[str, Content]:
    """Give every path of the site; `posts` are the newest first."""
    by_category: defaultdict[str, list[Post]] = defaultdict(list)
    for post in posts:
        by_category[post.category].append(post)
    pages = {post.path: THEMES[theme](post) for post in posts}
    pages["/about/"] = listing("关于", [], ["/"])
    pages["/"] = listing("财经新闻", posts[:entries], ["/about/", *(f"/category/{name}.html" for name in by_category)])
    for name, own in by_category.items():
        pages[f"/category/{name}.html"] = listing(name, own, ["/"])
        pages |= _paginated(name, own)
    content = {path: Content(_HTML, page.encode()) for path, page in pages.items()}
    content["/feed.xml"] = Content("application/atom+xml; charset=utf-8", _feed(posts[:entries]).encode())
    content["/robots.txt"] = Content("text/plain", b"User-agent: *\nDisallow: /private/\n")
    return content | {path: Content(_JSON, _json(answer)) for path, answer in _api(posts).items()}


def _paginated(name: str, posts: list[Post]) -> dict[str, str]:
    chunks = [posts[begin : begin + PAGE_POSTS] for begin in range(0, len(posts), PAGE_POSTS)]
    paths = [f"/{name}/", *(f"/{name}/page{number}/" for number in range(2, len(chunks) + 1))]
    return {
        path: listing(name, chunk, paths[place + 1 : place + 2] + paths[max(place - 1, 0) : place])
        for place, (path, chunk) in enumerate(zip(paths, chunks, strict=True))
    }


def _feed(posts: list[Post]) -> str:
    entries = "".join(
        f'<entry><title type="html">{html.escape(post.title)}</title><link href="{post.path}" rel="alternate" '
        f'type="text/html"/><published>{post.time.replace(" ", "T")}+08:00</published>'
        f"<id>{post.path}</id><category term={html.escape(post.category)!r}/><category term={post.tags!r}/>"
        f'<content type="html" xml:base="{post.path}">{html.escape(post.rendered)}</content></entry>'
        for post in posts
    )
    return f'<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'


def _api(posts: list[Post]) -> dict[str, object]:
    """The first third of the posts is in list 45, the second in list 102, the others in the market's."""
    thirds = [posts[begin::3] for begin in range(3)]
    nodes = [
        {"title": p.title, "from": "证券时报", "showtime": p.time, "infocode": p.code, "simtitle": p.title[:9],
         "simdigest": p.digest}
        for p in thirds[0]
    ]  # fmt: skip
    records = [
        {"title": p.title, "digest": p.digest, "id": 7, "url_w": p.link, "showtime": p.time, "infoCode": p.code}
        for p in thirds[1]
    ]
    market = [{"title": p.title, "medianame": "证券时报", "datetime": p.time, "infoCode": p.code} for p in thirds[2]]
    lists: dict[str, object] = {
        "/web/webapi?type=45&count=100&newsid=1": {"nodeList": nodes},
        "/web/webapi?type=102&count=100&newsid=1": {"records": records},
        "/information/newmarket/web/webapi?marketType=37&count=100": {"record": market},
    }
    texts = {
        f"/NewsData/GetNewsText.do?id={post.code}": {("text", "content")[number % 2]: _body(post)}
        for number, post in enumerate(posts)
    }
    return lists | texts


def _body(post: Post) -> str:
    return post.content if post.content.startswith("<") else f"<p>{html.escape(post.content, quote=False)}</p>"


def _json(answer: object) -> bytes:
    return json.dumps(answer, ensure_ascii=False).encode()
