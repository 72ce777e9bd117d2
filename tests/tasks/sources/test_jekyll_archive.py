import hashlib
import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from models.errors import DocumentError, SourceError
from tasks.sources.documents import DocumentRef
from tasks.sources.jekyll_archive import JekyllArchive


def write(folder: Path, *names: str, text: str = "正文") -> JekyllArchive:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return JekyllArchive("news", folder)


def names(refs: list[DocumentRef]) -> list[str]:
    return [Path(ref.location).name for ref in refs]


def test_posts_of_all_folders_in_the_order_of_their_names(tmp_path: Path) -> None:
    source = write(
        tmp_path,
        "_posts/2022-02-02-202202021000000003.md",
        "old_post/2021/2021-12-08-202112081000000001.markdown",
        "2022-01-05-202201051000000002.html",
    )
    assert names(source.list_documents(None, None)) == [
        "2021-12-08-202112081000000001.markdown",
        "2022-01-05-202201051000000002.html",
        "2022-02-02-202202021000000003.md",
    ]


def test_what_a_file_name_tells(tmp_path: Path) -> None:
    source = write(
        tmp_path,
        "-202205262391921712.md",
        "2021-12-01-init.md",
        "2021-12-16-202112162200000326-2.md",
        "2022-04-18-NW202204182347189049.md",
        "202204192347189049.md",
    )
    assert [(ref.info_code, str(ref.published_on)) for ref in source.list_documents(None, None)] == [
        ("202205262391921712", "2022-05-26"),
        ("init", "2021-12-01"),
        ("202112162200000326", "2021-12-16"),
        ("202204182347189049", "2022-04-18"),
        ("202204192347189049", "2022-04-19"),
    ]


def test_other_files_are_no_posts(tmp_path: Path) -> None:
    source = write(tmp_path, "2022-01-05-202201051000000002.md", ".2022-01-05-x.md", "README.md", "index.html", "a.txt")
    assert names(source.list_documents(None, None)) == ["2022-01-05-202201051000000002.md"]


def test_days_are_chosen_inclusively(tmp_path: Path) -> None:
    source = write(tmp_path, *(f"2022-01-0{day}-20220101100000000{day}.md" for day in range(1, 6)))
    chosen = source.list_documents(date(2022, 1, 2), date(2022, 1, 4))
    assert [str(ref.published_on) for ref in chosen] == ["2022-01-02", "2022-01-03", "2022-01-04"]


def test_a_post_without_a_day_in_its_name_is_dated_by_its_front_matter(tmp_path: Path) -> None:
    source = write(tmp_path, "-oil.md", text='---\ndate: "2022-03-08 09:00:00"\n---\n正文')
    assert [ref.published_on for ref in source.list_documents(date(2022, 3, 8), date(2022, 3, 8))] == [date(2022, 3, 8)]
    assert source.list_documents(date(2022, 3, 9), None) == []


def test_a_post_that_nothing_dates_is_always_listed(tmp_path: Path) -> None:
    source = write(tmp_path, "-oil.md", "2022-02-30-gas.md", text="---\ndate:  +0800\n---\n正文")
    refs = source.list_documents(date(2030, 1, 1), date(2030, 1, 1))
    assert [(ref.info_code, ref.published_on) for ref in refs] == [("oil", None), ("gas", None)]


def test_fetch_gives_the_bytes_as_they_are(tmp_path: Path) -> None:
    source = write(tmp_path, "2022-01-05-202201051000000002.md", text="营收8%\r\n")
    before = datetime.now(UTC)
    document = source.fetch(source.list_documents(None, None)[0])
    content = (tmp_path / "2022-01-05-202201051000000002.md").read_bytes()
    assert document.content == content
    assert document.sha256 == hashlib.sha256(content).hexdigest()
    assert document.source == "news"
    assert before <= document.fetched_at <= datetime.now(UTC)


def test_one_unreadable_post_leaves_the_others(tmp_path: Path) -> None:
    source = write(tmp_path, "2022-01-05-202201051000000002.md")
    (tmp_path / "2022-01-06-202201061000000003.md").mkdir()
    os.symlink(tmp_path / "nowhere", tmp_path / "2022-01-07-202201071000000004.md")
    good, folder, broken = source.list_documents(None, None)
    assert source.fetch(good).content == "正文".encode()
    for ref in (folder, broken):
        with pytest.raises(DocumentError, match=Path(ref.location).name):
            source.fetch(ref)


def test_missing_and_empty_archives_are_errors(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    (tmp_path / "empty" / "_posts").mkdir(parents=True)
    for name, said in (
        ("nowhere", "does not exist"),
        ("file", "is not a folder"),
        ("empty", "holds no posts"),
    ):
        with pytest.raises(SourceError, match=said):
            JekyllArchive("news", tmp_path / name).list_documents(None, None)


def test_since_after_until_is_an_error(tmp_path: Path) -> None:
    source = write(tmp_path, "2022-01-05-202201051000000002.md")
    with pytest.raises(SourceError, match="since 2022-02-01 is after until 2022-01-01"):
        source.list_documents(date(2022, 2, 1), date(2022, 1, 1))


def test_a_name_that_is_not_utf8_can_be_told(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"2022-01-05-\xb9\xfa.md")).touch()
    source = JekyllArchive("news", tmp_path)
    (ref,) = source.list_documents(None, None)
    assert ref.location.endswith(r"2022-01-05-\xb9\xfa.md")
    with pytest.raises(DocumentError, match="cannot read"):
        source.fetch(ref)
