import pytest

from tasks.articles.identity import find_info_code, link_code

CODE = "202204182347189049"


@pytest.mark.parametrize(
    ("link", "code"),
    [
        (f"http://news.example/news/1516,{CODE}.html", CODE),
        (f"http://news.example/NewsShare.html?infoCode=NW{CODE}", CODE),
        (f"http://news.example/NewsShare.html?infoCode={CODE}&from=app", CODE),
        ("http://news.example/about.html", None),
        (None, None),
    ],
)
def test_codes_of_links(link: str | None, code: str | None) -> None:
    assert link_code(link) == code


@pytest.mark.parametrize(
    ("name", "code", "faults"),
    [
        (f"2022-04-18-{CODE}.md", CODE, ()),
        (f"-{CODE}.md", CODE, ()),
        (f"2022-04-18-NW{CODE}.html", CODE, ()),
        (f"2022-04-18-{CODE}-2.md", CODE, ("the file name marks a further copy: -2",)),
        ("2021-12-01-init.md", "init", ()),
        ("2021-12-01-phase-2.md", "phase-2", ()),
    ],
)
def test_codes_of_file_names(name: str, code: str, faults: tuple[str, ...]) -> None:
    assert find_info_code(f"archive/_posts/{name}", None) == (code, faults)


def test_the_link_names_a_post_whose_file_does_not() -> None:
    link = f"http://news.example/news/1516,{CODE}.html"
    assert find_info_code("2022-04-18-oil.md", link) == (
        CODE,
        (f"no info code in the file name: {CODE} is the link's",),
    )


def test_the_file_name_holds_against_the_link() -> None:
    link = "http://news.example/news/1516,202204182347189050.html"
    assert find_info_code(f"2022-04-18-{CODE}.md", link) == (
        CODE,
        ("the link has another info code: 202204182347189050",),
    )
