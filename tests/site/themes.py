"""Three minimal themes: one that marks everything up, one that marks nothing, one of tables."""

from collections.abc import Callable, Mapping

from tests.site.posts import Post

_CST = "(GMT+8, Asia/Shanghai, CST)"


def _page(title: str, body: str, charset: str = "utf-8") -> str:
    head = f'<meta charset="{charset}"><title>{title} | 财经新闻</title>'
    return f"<!DOCTYPE html>\n<html lang=zh-CN>\n<head>{head}</head>\n<body>\n{body}\n</body>\n</html>\n"


def marked(post: Post) -> str:
    """A theme in the manner of minima."""
    tags = f'<p class="post-tags"><a rel="tag" href="/tags/{post.tags}">{post.tags}</a></p>'
    return _page(
        post.title,
        '<header class="site-header"><a class="site-title" href="/">财经新闻</a><nav><a href="/about/">关于</a></nav>'
        f'</header><main><article class="post h-entry"><header class="post-header"><h1 class="post-title p-name" '
        f'itemprop="name headline">{post.title}</h1><p class="post-meta"><time class="dt-published" '
        f'datetime="{post.time.replace(" ", "T")}+08:00">{post.day}</time></p>{tags}</header>'
        f'<div class="post-content e-content" itemprop="articleBody">\n{post.rendered}\n</div></article></main>'
        "<footer><p>版权所有 2022 财经新闻，转载请注明，营业收入100亿元。</p></footer>",
    )


def bare(post: Post) -> str:
    """A theme that has a heading, three lines about the post, and the body after them."""
    return _page(
        post.title,
        f'<div id="top"><h1><a href="/">财经新闻</a></h1></div>\n<div id="main">\n<h1>{post.title}</h1>\n'
        f"<p>{_CST} {post.time}</p>\n<p>标签: <a href='/tag/'>{post.tags}</a></p>\n{post.rendered}\n</div>\n"
        "<div id=side><p>热门：沪指涨3%</p></div><footer><p>版权所有</p></footer>",
    )


def tabled(post: Post) -> str:
    """A theme of the last century: a table around everything."""
    return _page(
        post.title,
        f"<table><tr><td><a href='/'>首页</a></td><td class=main><h2>{post.title}</h2><span>{_CST} {post.time}</span>"
        f"<div><div>{post.rendered}</div></div><span>标签：{post.tags}</span></td></tr></table>",
    )


THEMES: Mapping[str, Callable[[Post], str]] = {"marked": marked, "bare": bare, "tabled": tabled}


def listing(title: str, posts: list[Post], others: list[str]) -> str:
    """A page that links posts, and other pages by their addresses."""
    links = "".join(f'<li><a href="{post.path}">{post.title}</a> {post.day}</li>\n' for post in posts)
    more = "".join(f'<a href="{other}">{other}</a>\n' for other in others)
    return _page(title, f"<h1>{title}</h1>\n<ul>\n{links}</ul>\n<nav>{more}</nav>")
