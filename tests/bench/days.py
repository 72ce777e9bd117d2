"""Many days of posts, written here: flashes and HTML bodies of several sentences, each with figures of its own."""

from datetime import date, timedelta
from pathlib import Path

FIRST = date(2021, 12, 1)
_NAMES = "青禾物流 远川股份 海峡重工 松岭食品 北湾电气 云栖软件 长汀纸业 石门水泥 东埔港务 白鹭医药".split()
_SENTENCES = (
    "{name}{when}披露业绩公告，报告期内实现营业收入{revenue}亿元，同比增长{growth}%。",
    "归属于上市公司股东的净利润{profit}亿元，较上年同期下降{fall}%，基本每股收益{share}元。",
    "公司表示，主要产品销量较上年同期增加{volume}万吨，毛利率为{margin}%，比上年同期提高{points}个百分点。",
    "截至期末，公司总资产{assets}亿元，较年初增长{more}%，资产负债率{debt}%。",
    "公司预计下一季度营业收入约{low}亿元至{high}亿元，目标全年增长{aim}%以上。",
)
_BROKEN = "{name}营业收入{revenue}.1亿元，同比增长{growth}%。"


def write_days(folder: Path, days: int, posts_a_day: int, broken_every: int = 0) -> int:
    """Write the posts of some days from FIRST on, and give how many; one in `broken_every` has a malformed figure."""
    posts = folder / "_posts"
    posts.mkdir(parents=True, exist_ok=True)
    for number in range(days * posts_a_day):
        day = FIRST + timedelta(days=number // posts_a_day)
        is_broken = broken_every > 0 and number % broken_every == broken_every - 1
        code = f"{day:%Y%m%d}{2200000000 + number}"
        (posts / f"{day}-{code}.md").write_text(_post(number, day, code, is_broken=is_broken), encoding="utf-8")
    return days * posts_a_day


def _post(number: int, day: date, code: str, *, is_broken: bool) -> str:
    words = _words(number, day)
    head = f'---\nlayout: post\ntitle: "{words["name"]}第{number}号公告"\n'
    head += f"date: {day} {number // 60 % 24:02d}:{number % 60:02d}:00 +0800\ncategories: emnews\ntags: 新闻\n---\n"
    sentences = [sentence.format(**words) for sentence in _SENTENCES[: 2 + number % 4]]
    if is_broken:
        sentences.append(_BROKEN.format(**words))
    body = "".join(sentences) if number % 3 == 0 else "\n".join(f"<p>{each}</p>" for each in sentences)
    return f"{head}{body}\n\n<http://news.example/news/1516,{code}.html>\n\n[返回首页](//news.example/)\n"


def _words(number: int, day: date) -> dict[str, str]:
    rates = {name: f"{number * step % 90}.{number % 10}" for name, step in (("growth", 7), ("fall", 3), ("margin", 1))}
    amounts = {
        "revenue": f"{number / 7 + 1:.2f}",
        "profit": f"{number / 70 + 1:.2f}",
        "assets": f"{number / 3 + 9:.1f}",
    }
    small = {"share": f"0.{number % 97 + 1:02d}", "volume": str(number % 300 + 1), "points": f"1.{number % 9}"}
    rest = {"more": f"{number % 9}.7", "debt": f"{number % 60}.3", "aim": str(number % 20 + 5)}
    ends = {"low": str(number % 40 + 1), "high": str(number % 40 + 3)}
    name = {"name": _NAMES[number % len(_NAMES)], "when": f"{day.month}月{day.day}日"}
    return name | rates | amounts | small | rest | ends
