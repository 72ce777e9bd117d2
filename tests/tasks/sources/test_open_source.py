from pathlib import Path

import pytest

from models.errors import SourceError
from tasks.sources import open_source
from tasks.sources.jekyll_archive import JekyllArchive

DECLARED = '[[source]]\nname = "news"\nkind = "jekyll_archive"\nlocation = "archive"\n'


def declare(folder: Path, content: str) -> Path:
    path = folder / "sources.toml"
    path.write_text(content, encoding="utf-8")
    return path


def a_post(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "2022-01-17-202201171600000001.md").write_text("正文", encoding="utf-8")


def test_location_is_relative_to_the_declarations(tmp_path: Path) -> None:
    a_post(tmp_path / "conf" / "archive" / "_posts")
    source = open_source("news", declare(tmp_path / "conf", DECLARED))
    assert source.name == "news"
    assert [Path(ref.location).parent for ref in source.list_documents(None, None)] == [
        tmp_path / "conf" / "archive" / "_posts"
    ]


def test_declared_name_wins_over_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a_post(tmp_path / "news")
    monkeypatch.chdir(tmp_path)
    source = open_source("news", declare(tmp_path, DECLARED))
    assert isinstance(source, JekyllArchive)
    assert source.folder == tmp_path / "archive"


def test_folder_is_known_by_its_full_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a_post(tmp_path / "posts")
    monkeypatch.chdir(tmp_path)
    source = open_source("posts", tmp_path / "missing.toml")
    assert source.name == str(tmp_path / "posts")
    assert len(source.list_documents(None, None)) == 1


def test_unknown_name_lists_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="'gnews'") as caught:
        open_source("gnews", declare(tmp_path, DECLARED))
    assert caught.value.next_step == "known sources: news"


def test_options_reach_the_kind(tmp_path: Path) -> None:
    a_post(tmp_path / "archive" / "drafts")
    declared = declare(tmp_path, DECLARED + 'options = { folders = ["drafts"] }\n')
    assert len(open_source("news", declared).list_documents(None, None)) == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[[source]\n", "not valid TOML"),
        (DECLARED + DECLARED, "'news' is declared twice"),
        (DECLARED.replace("jekyll_archive", "rss"), "unknown kind 'rss'"),
        (DECLARED.replace("location", "folder"), "needs the texts name, kind and location"),
        (DECLARED + 'colour = "red"\n', "unknown keys: colour"),
        (DECLARED + "options = { depth = 2 }\n", "unknown options: depth"),
        (DECLARED + 'options = { folders = "_posts" }\n', "not a list of names"),
        ('[source.news]\nkind = "jekyll_archive"\n', "only \\[\\[source\\]\\] tables"),
    ],
)
def test_unusable_declarations_are_named(tmp_path: Path, content: str, said: str) -> None:
    with pytest.raises(SourceError, match=said):
        open_source("news", declare(tmp_path, content))
