"""Each kind of source gives the same articles for the same posts, under each theme; and replay asks nobody."""

import io
import re
import subprocess
import tarfile
import zipfile
from datetime import date
from pathlib import Path

import pytest

from models.errors import DocumentError, SourceError
from models.raw_archive import RawArchive
from models.values import Article
from tasks.articles import read_article
from tasks.engine import read_text
from tasks.sources import RawReplay, Surroundings, close_source, fetch_many, open_source, source_name
from tests.site.playing import Site, playing
from tests.site.themes import THEMES
from tests.tasks.sources.web import SAMPLE, opened, run, sample_articles, without_place

NOWHERE = Path("no-declarations.toml")
POST = "2022-04-18-202204182200000114.md"


def read_all(spec: str, surroundings: Surroundings) -> dict[str, Article]:
    """Read all posts of a packed archive or repository, whose places lie below `spec`."""
    source = open_source(spec, NOWHERE, surroundings)
    try:
        refs = source.list_documents(None, None)
        assert all(ref.location.startswith(f"{spec}!/_posts/") for ref in refs)
        read = [read_article(source.fetch(ref)) for ref in refs]
        with pytest.raises(DocumentError):
            source.fetch(refs[0].__class__(source.name, f"{spec}!/_posts/2022-01-01-none.md", None, None))
    finally:
        close_source(source)
    return {article.info_code: article for article in read}


@pytest.mark.parametrize("theme", THEMES)
def test_pages_and_feed_give_the_articles_of_the_folder(theme: str, archive: RawArchive) -> None:
    wanted = {code: without_place(article) for code, article in sample_articles().items()}
    with playing(SAMPLE, "--theme", theme) as site:
        for kind in ("atom_feed", "site_pages"):
            outcome = run(kind, site, archive)
            assert not outcome.errors
            assert {code: without_place(article) for code, article in outcome.articles.items()} == wanted


def test_the_api_gives_the_texts_figures_and_times_of_the_folder(archive: RawArchive) -> None:
    with playing(SAMPLE) as site:
        outcome = run("news_api", site, archive)
    wanted = sample_articles()
    assert outcome.articles.keys() == wanted.keys()
    for code, article in outcome.articles.items():
        assert (article.title, article.published, article.mentions) == (
            wanted[code].title,
            wanted[code].published,
            wanted[code].mentions,
        )
        assert article.published is not None
        read = read_text(article.text, article.published.date())
        assert read == read_text(wanted[code].text, article.published.date())


def test_a_feed_that_reaches_beyond_the_first_day_needs_no_page(site: Site, archive: RawArchive) -> None:
    with opened("atom_feed", site, archive) as source:
        refs = source.list_documents(date(2022, 3, 1), None)
    assert [ref.info_code for ref in refs] == ["202203022200000124", "202203172200000104", "202204182200000114"]
    assert set(site.log()) == {"200 /feed.xml", "200 /robots.txt"}


def test_pages_are_followed_as_far_as_the_first_day(tmp_path: Path, archive: RawArchive) -> None:
    posts = tmp_path / "_posts"
    posts.mkdir()
    head = '---\nlayout: post\ntitle: "a"\ndate: {day} 10:00:00 +0800\ncategories: roll\ntags: b\n---\n营收1亿元。\n'
    for number in range(250):
        day = date(2022, 1, 1 + number // 10)
        (posts / f"{day}-{day:%Y%m%d}2200{number:06d}.md").write_text(head.format(day=day), encoding="utf-8")
    with playing(tmp_path) as site, opened("site_pages", site, archive, pages=["/roll/"]) as source:
        assert len(source.list_documents(None, None)) == 250
        site.log()
        assert len(source.list_documents(date(2022, 1, 20), date(2022, 1, 21))) == 20
        # The second page's newest post is older than the first day, so the third is not asked for.
        assert set(site.log()) == {"304 /roll/", "304 /roll/page2/"}


def test_replay_gives_what_was_kept_and_asks_nobody(site: Site, archive: RawArchive) -> None:
    live = run("atom_feed", site, archive)
    site.log()
    replay = RawReplay("atom_feed", archive)
    refs = replay.list_documents(None, None)
    articles = [read_article(replay.fetch(ref)) for ref in refs]
    assert {article.info_code: article for article in articles} == live.articles
    assert [ref.published_on for ref in replay.list_documents(date(2022, 3, 17), date(2022, 3, 17))] == [
        date(2022, 3, 17)
    ]
    assert site.log() == {}
    with pytest.raises(SourceError, match="nothing is kept of the source other"):
        RawReplay("other", archive).list_documents(None, None)


def test_a_source_is_known_by_its_name_when_it_is_gone() -> None:
    assert source_name("https://news.example/feed.xml", NOWHERE) == "https://news.example/feed.xml"
    assert source_name("/no/such/folder", NOWHERE) == "/no/such/folder"


@pytest.mark.parametrize("suffix", [".tar.gz", ".zip"])
def test_a_packed_archive_gives_the_articles_of_the_folder(suffix: str, tmp_path: Path) -> None:
    packed = tmp_path / f"site{suffix}"
    if suffix == ".zip":
        with zipfile.ZipFile(packed, "w") as out:
            for post in (SAMPLE / "_posts").iterdir():
                out.write(post, f"site-main/_posts/{post.name}")
            out.writestr("site-main/README.md", "no post")
    else:
        with tarfile.open(packed, "w:gz") as out:
            out.add(SAMPLE / "_posts", "_posts")
    read = read_all(str(packed), Surroundings())
    assert {code: without_place(article) for code, article in read.items()} == {
        code: without_place(article) for code, article in sample_articles().items()
    }


def test_what_leads_out_of_a_packed_archive_stays_out(tmp_path: Path) -> None:
    packed = tmp_path / "site.tar"
    with tarfile.open(packed, "w") as out:
        for name in (f"../{POST}", f"/tmp/{POST}", f"_posts/{POST}"):
            member = tarfile.TarInfo(name)
            member.size = 6
            out.addfile(member, io.BytesIO("正文".encode()))
        link = tarfile.TarInfo("_posts/2022-04-19-202204192200000001.md")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        out.addfile(link)
    source = open_source(str(packed), NOWHERE)
    assert [ref.location for ref in source.list_documents(None, None)] == [f"{packed}!/_posts/{POST}"]
    close_source(source)


def test_a_damaged_packed_archive_is_an_error_of_the_source(tmp_path: Path) -> None:
    packed = tmp_path / "site.tar.gz"
    packed.write_bytes(b"\x1f\x8b no archive")
    with pytest.raises(SourceError, match="cannot be unpacked"):
        open_source(str(packed), NOWHERE).list_documents(None, None)


def git(folder: Path, *words: str) -> None:
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *identity, *words], cwd=folder, check=True, capture_output=True)


def test_a_repository_is_copied_shallow_and_brought_up_to_date_in_its_place(tmp_path: Path) -> None:
    repository, copies = tmp_path / "repository", tmp_path / "copies"
    (repository / "_posts").mkdir(parents=True)
    post = (SAMPLE / "_posts" / POST).read_text(encoding="utf-8")
    (repository / "_posts" / POST).write_text(post, encoding="utf-8")
    (repository / "_posts" / "2022-04-19-202204192200000001.md").symlink_to("/etc/passwd")
    git(repository, "init", "-q")
    for change in ("first", "second"):
        (repository / "_posts" / POST).write_text(post + change, encoding="utf-8")
        git(repository, "add", "-A")
        git(repository, "commit", "-q", "-m", change)
    spec, surroundings = f"git+file://{repository}", Surroundings(copies=copies)
    read = read_all(spec, surroundings)
    assert read["202204182200000114"].text.endswith("second")
    assert "root:" not in read["202204192200000001"].text
    (copy,) = copies.iterdir()
    assert len((copy / ".git" / "shallow").read_text().split()) == 1
    git(repository, "rm", "-q", "_posts/2022-04-19-202204192200000001.md")
    git(repository, "commit", "-q", "-m", "third")
    assert list(read_all(spec, surroundings)) == ["202204182200000114"]
    assert [each.name for each in copies.iterdir()] == [copy.name]


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("git+ssh://host/site.git", "cannot be read from git\\+ssh"),
        ("git+https://me:secret@host/site.git", "without a password"),
        ("git+file:///no/such/repository", "git fetch failed"),
        ("git+file:///tmp#--upload-pack=x", "is no name of a branch"),
    ],
)
def test_a_repository_that_cannot_be_read_is_named(spec: str, said: str) -> None:
    with pytest.raises(SourceError) as caught:
        open_source(spec, NOWHERE).list_documents(None, None)
    assert re.search(said, str(caught.value))


def test_many_are_fetched_one_by_one_where_there_is_no_better_way() -> None:
    source = open_source(str(SAMPLE), NOWHERE)
    refs = source.list_documents(None, None)
    missing = refs[0].__class__(source.name, "none.md", None, None)
    assert [isinstance(each, DocumentError) for each in fetch_many(source, [refs[0], missing])] == [False, True]
