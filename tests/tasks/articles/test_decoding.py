import pytest

from models.errors import DocumentError
from tasks.articles.decoding import decode
from tests.tasks.articles.posts import HEAD, document, read


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_utf8_with_or_without_mark(encoding: str) -> None:
    assert decode("增长8%\r\n下降\r3%".encode(encoding), "a.md") == ("增长8%\n下降\n3%", ())


def test_gb18030_is_read_and_said() -> None:
    text = "㐀国内生产总值114.37万亿元"
    assert decode(text.encode("gb18030"), "a.md") == (text, ("not UTF-8: decoded as GB18030",))


def test_a_file_cut_inside_a_character_is_read_up_to_it() -> None:
    assert decode("营收8亿元".encode()[:-1], "a.md") == (
        "营收8亿",
        ("the file is cut off inside a character, at byte 10",),
    )
    text, faults = decode("营收8亿元".encode("gb18030")[:-1], "a.md")
    assert text == "营收8亿"
    assert faults == ("not UTF-8: decoded as GB18030", "the file is cut off inside a character, at byte 7")


def test_damaged_utf8_is_not_taken_for_gb18030() -> None:
    damaged = "营业收入".encode() + b"\xff" + "增长8%，净利润增长".encode()
    with pytest.raises(DocumentError, match=r"a\.md: byte 12 \(0xff\)") as caught:
        decode(damaged, "a.md")
    assert caught.value.next_step


def test_bytes_of_no_encoding_are_an_error() -> None:
    with pytest.raises(DocumentError, match=r"byte 9 \(0xff\)"):
        decode(b"\x89PNG\r\n\x1a\n\x00\xff\xff\xff", "a.md")


def test_no_nul_and_no_half_character_survives() -> None:
    text, faults = decode(b"8\x00%\xed\xa0\x80\x07", "a.md")
    assert text == "8%"
    assert faults == ("3 control or half characters left out",)


@pytest.mark.parametrize("content", [b"", b" \n\n", b"--", b"\xef\xbb", b"---\n---\n", b"\x00\x01\x02abc"])
def test_a_file_that_is_no_post(content: bytes) -> None:
    with pytest.raises(DocumentError, match=r"posts/.*not a post") as caught:
        read(content)
    assert caught.value.next_step == "remove it from the archive"


def test_a_gb18030_post_gives_the_same_text_as_its_utf8_twin() -> None:
    post = HEAD + "社会消费品零售总额同比增长12.5%。\n"
    assert read(post.encode("gb18030")).text == read(post).text == "社会消费品零售总额同比增长12.5%。"
    assert document(post).content.decode() == post
