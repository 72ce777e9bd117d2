"""Small archives for the flow: posts of one paragraph each."""

from pathlib import Path

CLEAN = "今年一季度，青禾物流营业收入5.32亿元，同比增长12.5%。"
MALFORMED = "今年一季度，远川股份营业收入655.58.1亿元，同比增长8.4%。"


def code_of(number: int) -> str:
    return f"20220418220000{number:04d}"


def write_post(folder: Path, number: int, text: str, day: str = "2022-04-18", title: str | None = None) -> Path:
    """Write one flash as the site keeps it and give its path."""
    posts = folder / "_posts"
    posts.mkdir(parents=True, exist_ok=True)
    code = code_of(number)
    fields = (
        "layout: post",
        f'title: "{title or f"第{number}条"}"',
        f"date: {day} 09:30:00 +0800",
        "categories: emnews",
    )
    head = "\n".join(("---", *fields, "---", ""))
    path = posts / f"{day}-{code}.md"
    path.write_text(f"{head}{text}\n\n<http://news.example/news/1516,{code}.html>", encoding="utf-8")
    return path
