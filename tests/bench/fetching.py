"""How fast a day of 3,000 posts is fetched and kept from the played site, beside a bare httpx loop.

`python -m tests.bench.fetching [--posts N]` prints documents a second for both, their ratio, and what a second run
on the same day asks for and changes. The client has one core for itself where there are two.
"""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import httpx
from sqlalchemy import text

from models.database import open_database, reading
from models.objects import open_objects
from models.raw_archive import RawArchive
from tasks.sources import KINDS, Declaration, DocumentRef, Surroundings, close_source, fetch_many
from tests.site.playing import Site, playing

CHUNK = 250
CONNECTIONS = 8
DAY = "2022-04-18"
_T = TypeVar("_T")
_SENTENCES = (
    "{name}4月18日披露一季报，报告期内实现营业收入{revenue}亿元，同比增长{growth}%；归属于上市公司股东的净利润{profit}亿元。",
    "公司表示，主要产品销量较上年同期增加{volume}万吨，毛利率为{margin}%，比上年同期提高{points}个百分点。",
    "截至一季度末，公司总资产{assets}亿元，较年初增长{more}%，资产负债率{debt}%。",
)


def write_posts(folder: Path, count: int) -> None:
    """Write the posts of the day, each of another company and with other figures."""
    posts = folder / "_posts"
    posts.mkdir(parents=True)
    for number in range(count):
        code = f"20220418{2200000000 + number}"
        words = {"name": f"测试股份{number}", "revenue": f"{number / 7:.2f}", "growth": f"{number % 90}.5"}
        words |= {"profit": f"{number / 70:.2f}", "volume": str(number), "margin": f"{number % 40}.1", "points": "1.2"}
        words |= {"assets": f"{number / 3:.1f}", "more": f"{number % 9}.7", "debt": f"{number % 60}.3"}
        body = "\n".join(f"<p>{sentence.format(**words)}</p>" for sentence in _SENTENCES)
        clock = f"{number // 250 % 24:02d}:{number // 60 % 60:02d}:{number % 60:02d}"
        head = f'---\nlayout: post\ntitle: "测试股份{number}一季报"\ndate: {DAY} {clock} +0800\n'
        head += f"categories: c{number % 12}\ntags: 新闻\n---\n"
        link = f"<http://news.example/news/1516,{code}.html>\n\n[返回首页](//news.example/)"
        (posts / f"{DAY}-{code}.md").write_text(f"{head}{body}\n\n{link}\n", encoding="utf-8")


async def bare(urls: list[str]) -> int:
    """Get the addresses with httpx alone, as many at once as the client does, and give the bytes."""
    gate = asyncio.Semaphore(CONNECTIONS)
    async with httpx.AsyncClient(http2=True, trust_env=False) as client:

        async def get(url: str) -> int:
            async with gate:
                return len((await client.get(url)).content)

        return sum(await asyncio.gather(*(get(url) for url in urls)))


def fetch_day(site: Site, archive: RawArchive) -> tuple[list[DocumentRef], int]:
    """List, fetch and keep all that the feed and the pages have; give the references and how many were kept."""
    options = {"requests_per_second": 0, "connections": CONNECTIONS}
    declaration = Declaration("day", "atom_feed", f"{site.url}/feed.xml", Path(), options)
    source = KINDS["atom_feed"](declaration, Surroundings(archive))
    try:
        refs = source.list_documents(None, None)
        kept = 0
        for begin in range(0, len(refs), CHUNK):
            outcomes = fetch_many(source, refs[begin : begin + CHUNK])
            kept += archive.keep([each for each in outcomes if not isinstance(each, Exception)])
    finally:
        close_source(source)
    return refs, kept


@dataclass(frozen=True)
class Spent:
    """The seconds that something took, and those that this process, the client, computed in them."""

    wall: float
    own: float

    def rate(self, documents: int) -> str:
        """Write documents a second, and what they would be on a core that nobody else uses."""
        return f"{documents / self.wall:,.0f} documents/s ({documents / self.own:,.0f} a second of the client's CPU)"


def timed(work: Callable[[], _T]) -> tuple[_T, Spent]:
    """Give what the work gives, and the time that it took."""
    began, own = time.perf_counter(), time.process_time()
    outcome = work()
    return outcome, Spent(time.perf_counter() - began, time.process_time() - own)


def rows(archive: RawArchive) -> list[object]:
    """Give every row of the raw archive's index."""
    with reading(archive.engine) as connection:
        return [tuple(row) for table in ("raw_document", "raw_response")
                for row in connection.execute(text(f"SELECT * FROM {table}"))]  # fmt: skip


def statuses(site: Site) -> dict[str, int]:
    """Give how many answers had which status since the last time."""
    counted: Counter[str] = Counter()
    for answer, times in site.log().items():
        counted[answer.split(" ", 1)[0]] += times
    return dict(counted)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--posts", type=int, default=3000)
    count = parser.parse_args().posts
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        write_posts(home, count)
        with playing(home) as site:
            _own_core()
            _measure(site, home, count)


def _own_core() -> None:
    if sys.platform == "linux" and len(cores := sorted(os.sched_getaffinity(0))) > 1:
        os.sched_setaffinity(0, {cores[0]})


def _measure(site: Site, home: Path, count: int) -> None:
    archive = RawArchive(open_database(f"sqlite:///{home}/bench.db"), open_objects((home / "raw").as_uri()))
    (refs, _), first = timed(lambda: fetch_day(site, archive))
    before, _ = rows(archive), statuses(site)
    urls = [ref.location.rpartition("#")[2] for ref in refs]
    _, alone = timed(lambda: asyncio.run(bare(urls)))
    statuses(site)
    (_, changed), second = timed(lambda: fetch_day(site, archive))
    print(f"posts                      {len(refs):,} of {count:,}")
    print(f"fetched and kept           {first.rate(len(refs))}")
    print(f"bare httpx, same addresses {alone.rate(len(urls))}")
    print(f"ratio                      {alone.wall / first.wall:.2f}")
    print(f"second run                 {second.rate(len(refs))}, answers by status {statuses(site)}")
    print(f"second run, rows changed   {changed + (rows(archive) != before)}")


if __name__ == "__main__":
    main()
