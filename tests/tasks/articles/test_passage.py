from models.values import Mention
from tasks.articles.digest import only_in_digest
from tasks.articles.medium import take_medium
from tasks.articles.passage import Passage, cut, prepend

BING = Mention(4, 5, "丙", "SH", "600160", "1,600160")


def test_cutting_a_line_moves_later_mentions() -> None:
    assert cut(Passage("甲\n乙\n丙", (BING,)), [(2, 3)]) == Passage(
        "甲\n丙", (Mention(2, 3, "丙", "SH", "600160", "1,600160"),)
    )


def test_cutting_the_last_line_takes_its_line_feed_and_its_mention() -> None:
    assert cut(Passage("甲\n乙\n丙", (BING,)), [(4, 5)]) == Passage("甲\n乙")


def test_prepending_moves_mentions() -> None:
    moved = prepend(["一二"], Passage("甲\n乙\n丙", (BING,)))
    assert moved.text == "一二\n甲\n乙\n丙"
    assert moved.text[moved.mentions[0].start : moved.mentions[0].end] == "丙"


def test_media() -> None:
    cases = {
        "增长8%。\n（文章来源：上海证券报·中国证券网）": ("增长8%。", "上海证券报·中国证券网"),
        "增长8%。(文章来源: 证券日报（网）)": ("增长8%。", "证券日报（网）"),
        "增长8%。 （文章来源：新华社）\n责任编辑": ("增长8%。\n责任编辑", "新华社"),
        "（文章来源：新华社）\n增长8%。": ("增长8%。", "新华社"),
        "增长8%。\n（文章来源：证券": ("增长8%。", "证券"),
        "增长8%。\n（文章": ("增长8%。", None),
        "增长8%。\n文章来源：新华社": ("增长8%。", "新华社"),
        "增长8%。（上海证券报）": ("增长8%。（上海证券报）", None),
        "（文章来源：未收尾，增长8%。\n下降3%。": ("（文章来源：未收尾，增长8%。\n下降3%。", None),
    }
    for text, (kept, medium) in cases.items():
        passage, found = take_medium(Passage(text))
        assert (passage.text, found) == (kept, medium)


def test_the_digest_gives_only_what_the_body_lacks() -> None:
    body = "甲公司营收 8亿元，增长3%。\n乙公司亏损2亿元。"
    assert only_in_digest("甲公司营收8亿元，增长3%。丙公司盈利5亿元！（证券日报）", body) == ["丙公司盈利5亿元！"]
    assert only_in_digest("甲公司营收8亿元，增长…", body) == []
    assert only_in_digest("乙公司亏损2亿元。\n目标9亿元", body) == ["目标9亿元"]
