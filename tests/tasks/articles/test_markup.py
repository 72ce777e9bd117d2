import pytest

from tasks.articles.exchanges import read_marked
from tasks.articles.markup import read_html
from tasks.articles.tags import has_tags


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<p>第一段</p> <p>第二段</p>\n<div>第三段<br/>第四段</div>", "第一段\n第二段\n第三段\n第四段"),
        ("<center>题</center><ul><li>甲<li>乙</ul><h3>丙</h3>丁", "题\n甲\n乙\n丙\n丁"),
        ("<p>\u3000\u3000营收&nbsp; 8\n亿元 \t</p><p> &nbsp;\u3000</p>", "营收 8 亿元"),
        ("<p>增长 <b>8%</b> ，<i> 下降</i> 3%</p>", "增长 8% ， 下降 3%"),
        ("<p>6\u200b55.58\ufeff亿\u00ad元</p>", "655.58亿元"),
        ("<p>《&lt;条例&gt;修正案》&amp;lt;</p>", "《<条例>修正案》&lt;"),
        ("<p>低于<5%，高于<区间>的，a<b 且R&D投入</p>", "低于<5%，高于<区间>的，a<b 且R&D投入"),
        ("<p><o:p>甲</o:p><font color='red'>乙</font><?xml:namespace prefix=o /></p>", "甲乙"),
        ("第一段\n\n第二段\n<p>第三段</p>", "第一段\n第二段\n第三段"),
        ("<p class='em", ""),
        ("<p>营收8亿元</spa", "营收8亿元"),
        ("<p>营收8亿元<", "营收8亿元"),
        ("<frameset>", "<frameset>"),
    ],
)
def test_visible_text(source: str, text: str) -> None:
    assert read_html(source).text == text


@pytest.mark.parametrize(
    "hidden",
    [
        '<p style="display:none;height:1px">隐</p>',
        '<span style="color:red; DISPLAY : None">隐<b>藏</b></span>',
        '<span style="visibility: hidden">隐</span>',
        "<div hidden>隐<p>藏</p></div>",
        "<script>if (a<b) { 隐 }</script>",
        "<style>p > b { 隐 }</style>",
        "<!-- 隐 <p>藏</p> -->",
        "<template><p>隐</p></template>",
        '<a href="#" data-code="K NIO|106|7"><img src="x.png" alt="隐"/></a>',
        "<svg><text>隐</text><path d='M0 0'/></svg>",
        "<iframe src='x'>隐</iframe>",
    ],
)
def test_what_nobody_sees_is_gone(hidden: str) -> None:
    passage = read_html(f"<div>甲{hidden}</div><div>乙</div>")
    assert (passage.text, passage.mentions, passage.faults) == ("甲\n乙", (), ())


def test_cells_of_a_row_are_parted_by_tabs() -> None:
    rows = "<tr><th>指标</th><th>同比</th></tr><tr><td><p>营收</p></td><td><p>8.1%</p><p>（增）</p></td></tr>"
    assert read_html(f"<p>表：</p><table>{rows}</table><p>完</p>").text == "表：\n指标\t同比\n营收\t8.1% （增）\n完"


def test_a_row_of_one_cell_is_layout() -> None:
    assert read_html("<table><tr><td><p>甲</p><p>乙</p></td></tr></table>").text == "甲\n乙"


def test_mentions_of_both_forms() -> None:
    passage = read_html(
        '<p>具体来看， <span id="stock_1.600160"><a class="keytip" data-code="1,600160"> 巨化股份 </a></span>'
        '<span id="quote_1.600160"></span>、<span web="1" data-code="90,BK0493">新能源</span>与'
        '<a class="infokey">业绩</a>。</p>'
    )
    assert passage.text == "具体来看， 巨化股份 、新能源与业绩。"
    found = [(m.start, m.end, m.text, m.exchange, m.code, m.marked) for m in passage.mentions]
    assert found == [
        (6, 10, "巨化股份", "SH", "600160", "1,600160"),
        (12, 15, "新能源", "BOARD", "BK0493", "90,BK0493"),
    ]


def test_an_unreadable_code_is_said_and_its_text_stays() -> None:
    passage = read_html('<p><a data-code="NIO|106|7">蔚来</a>涨3%</p>')
    assert (passage.text, passage.mentions) == ("蔚来涨3%", ())
    assert passage.faults == ("the mark-up of '蔚来' has an unreadable code: 'NIO|106|7'",)


def test_markup_that_swallows_the_rest_is_said() -> None:
    passage = read_html("<p>甲</p><!-- 乙 <p>丙</p>")
    assert passage.text == "甲"
    assert passage.faults == ("<!-- has no end: what follows it is not read",)


def test_very_deep_mark_up_is_walked() -> None:
    assert read_html("<div>" * 3000 + "深").text == "深"


@pytest.mark.parametrize(
    ("marked", "security"),
    [
        ("1,600160", ("SH", "600160")),
        ("0,300343", ("SZ", "300343")),
        ("0,835185", ("BJ", "835185")),
        ("0,430047", ("BJ", "430047")),
        ("0,920819", ("BJ", "920819")),
        ("116,00941", ("HK", "00941")),
        ("105,MSFT", ("NASDAQ", "MSFT")),
        ("106,BRK.A", ("NYSE", "BRK.A")),
        ("107,SPY", ("AMEX", "SPY")),
        ("90,BK0493", ("BOARD", "BK0493")),
        ("100,DJIA", ("INDEX", "DJIA")),
        ("113,aum", ("UNKNOWN:113", "aum")),
        ("NIO|106|7", None),
        ("600160", None),
    ],
)
def test_exchanges(marked: str, security: tuple[str, str] | None) -> None:
    assert read_marked(marked) == security


@pytest.mark.parametrize("source", ["营收<5%", "a<b 且c>d", "<某某协定>", "<http://news.example>", "AT&T", "<>"])
def test_no_tags(source: str) -> None:
    assert not has_tags(source)


@pytest.mark.parametrize(
    "source",
    ["甲<br>", "<P class='a>b'>", "</div>", "<font face=宋体 size=2>", "<!-- -->", '<p class="cut', "<o:p>"],
)
def test_tags(source: str) -> None:
    assert has_tags(source)
