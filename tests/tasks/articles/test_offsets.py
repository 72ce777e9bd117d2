"""The law of offsets: whatever the mark-up, a mention stands where it says, and only what is visible is text.

Each example is made as a list of paragraphs of pieces; what a reader would see is worked out from the pieces,
with none of the reader's code.
"""

import html
import re
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.articles.markup import read_html
from tests.tasks.articles.posts import read_body

SPACES = " \n\t\u00a0\u3000"
VISIBLE = "营收增长8亿元0.5%，<>&\"'aé𠮷;"
HIDDEN = "隐藏"


@dataclass(frozen=True)
class Piece:
    """HTML, the characters that a reader sees of it, and the mentions in it, by their text."""

    source: str
    seen: str
    mentions: tuple[str, ...] = ()


def escaped(text: str) -> Piece:
    return Piece(html.escape(text).replace("\u00a0", "&nbsp;"), text)


def numeric(text: str) -> Piece:
    return Piece("".join(f"&#{ord(character)};" for character in text), text)


def hidden(template: str) -> Piece:
    return Piece(template.replace("*", HIDDEN), "")


def wrapped(tag: str, pieces: list[Piece]) -> Piece:
    inner = joined(pieces)
    return Piece(f"<{tag}>{inner.source}</{tag.partition(' ')[0]}>", inner.seen, inner.mentions)


def mention(text: str, form: str) -> Piece:
    source = f"{form}{html.escape(text)}{'</a></span>' if '<a' in form else '</span>'}"
    squeezed = squeeze(text)
    return Piece(source, text, (squeezed,) if squeezed else ())


def joined(pieces: list[Piece]) -> Piece:
    return Piece(
        "".join(piece.source for piece in pieces),
        "".join(piece.seen for piece in pieces),
        tuple(text for piece in pieces for text in piece.mentions),
    )


def squeeze(text: str) -> str:
    return re.sub(rf"[{SPACES}]+", " ", text).strip(" ")


texts = st.text(alphabet=VISIBLE + SPACES, max_size=6)
forms = st.sampled_from(
    [
        '<span id="stock_1.600160"><a class="keytip" data-code="1,600160">',
        '<span web="1" data-code="90,BK0493">',
    ]
)
hidden_pieces = st.sampled_from(
    [
        '<span style="display:none">*<b>*</b></span>',
        "<i hidden>*</i>",
        "<!-- *<b> -->",
        "<script>*<b</script>",
        "<img alt='*'>",
    ]
).map(hidden)
leaves = st.one_of(
    texts.map(escaped),
    texts.map(numeric),
    st.sampled_from(["<5%", "<条例>", "a<b "]).map(lambda text: Piece(text, text)),
    st.builds(mention, texts, forms),
    hidden_pieces,
)
inline = st.recursive(
    leaves,
    lambda inner: st.builds(
        wrapped,
        st.sampled_from(["strong", "em", "font color='red'", "span class='x'"]),
        st.lists(inner, max_size=3),
    ),
    max_leaves=8,
)
paragraphs = st.lists(inline, max_size=5).map(joined)
blocks = st.sampled_from(["p", "div", "center", "h2", "blockquote", "li", "section"])
MEDIUM = '<p class="em_media">（文章来源：上海<span><a data-code="90,BK0473">证券</a></span>报）</p>'


def page(parts: list[tuple[str, Piece]]) -> str:
    return "".join(f"<{tag}>{piece.source}</{tag}>\n" for tag, piece in parts)


def expected_lines(parts: list[tuple[str, Piece]]) -> list[str]:
    return [line for _, piece in parts if (line := squeeze(piece.seen))]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(blocks, paragraphs), max_size=5))
def test_text_is_what_is_seen_and_mentions_stand_where_they_say(parts: list[tuple[str, Piece]]) -> None:
    passage = read_html("<div>" + page(parts) + "</div>")
    lines = expected_lines(parts)
    assert passage.text.split("\n") == (lines or [""])
    assert [mention.text for mention in passage.mentions] == [text for _, piece in parts for text in piece.mentions]
    for found in passage.mentions:
        assert passage.text[found.start : found.end] == found.text


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(blocks, paragraphs), max_size=3), st.lists(st.tuples(blocks, paragraphs), max_size=3))
def test_a_medium_anywhere_moves_no_mention(before: list[tuple[str, Piece]], after: list[tuple[str, Piece]]) -> None:
    article = read_body(f"<div>{page(before)}{MEDIUM}{page(after)}</div>")
    assert article.medium == "上海证券报"
    assert article.text == "\n".join(expected_lines(before + after))
    assert [mention.text for mention in article.mentions] == [
        text for _, piece in before + after for text in piece.mentions
    ]
    for found in article.mentions:
        assert article.text[found.start : found.end] == found.text


@settings(max_examples=60, deadline=None)
@given(st.lists(inline, max_size=4), st.lists(inline, max_size=4))
def test_each_mention_has_before_it_just_what_is_seen_before_it(left: list[Piece], right: list[Piece]) -> None:
    before, after = joined(left), joined(right)
    source = f'<p>{before.source}<span data-code="1,600160">目标</span>{after.source}</p>'
    passage = read_html(source)
    (found,) = (mention for mention in passage.mentions if mention.text == "目标")
    assert re.sub(r"\s", "", passage.text[: found.start]) == re.sub(r"\s", "", before.seen)
