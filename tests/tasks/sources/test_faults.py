"""The table of faults: what goes wrong on the site, what must happen, and that the next run completes the day.

Each row switches a fault on for one path (or all that begin so), always or so many times. What is good in the same
run is used; after the fault is gone a second run has every article of the sample, as the folder gives them.
"""

import resource
from dataclasses import dataclass

import pytest

from models.errors import SourceError, TransientError, TransientSourceError
from models.raw_archive import RawArchive
from tests.site.playing import Site
from tests.tasks.sources.web import Run, run, sample_articles, without_place

POST = "/securities/2022/04/18/202204182200000114.html"
CODE = "202204182200000114"
OLD_POST = "/roll/2021/12/31/202112312200000105.html"
TEXT = f"/NewsData/GetNewsText.do?id={CODE}"
LIST = "/web/webapi?type=45"
ALL = 14


@dataclass(frozen=True)
class Row:
    """One row: with `fault` on `path` the source of `kind` has `articles` articles, and its errors say `said`."""

    fault: str
    kind: str
    path: str
    articles: int
    said: str
    times: int = -1
    tries: int | None = None

    def __str__(self) -> str:
        return f"{self.fault}×{self.times} {self.kind} {self.path[:22]}".replace("×-1", "")


TABLE = [
    # What passes is tried again, and the run is whole.
    Row("refuse", "site_pages", POST, ALL, "", times=2, tries=2),
    Row("reset", "site_pages", POST, ALL, "", times=1, tries=1),
    Row("slow_headers", "site_pages", POST, ALL, "", times=1, tries=1),
    Row("slow_body", "site_pages", POST, ALL, "", times=1, tries=1),
    Row("too_many", "site_pages", POST, ALL, "", times=1, tries=1),
    Row("too_many_by_a_fast_clock", "site_pages", POST, ALL, "", times=1, tries=1),
    Row("error_500", "site_pages", POST, ALL, "", times=1, tries=1),
    Row("short", "site_pages", POST, ALL, "", times=1, tries=1),
    # What does not pass is tried as often as it may be, and named; the other articles are there.
    Row("refuse", "site_pages", POST, ALL - 1, "disconnected", tries=3),
    Row("reset", "site_pages", POST, ALL - 1, POST, tries=3),
    Row("slow_headers", "site_pages", POST, ALL - 1, "timed out (ReadTimeout)", tries=3),
    Row("slow_body", "site_pages", POST, ALL - 1, "timed out (TimeoutError)", tries=3),
    Row("error_500", "site_pages", POST, ALL - 1, "the server answered 500", tries=3),
    Row("short", "site_pages", POST, ALL - 1, "without sending complete message body", tries=3),
    # What stays as it is is asked for once.
    Row("closed_for_an_hour", "site_pages", POST, ALL - 1, "the server answered 503", tries=1),
    Row("not_found", "site_pages", POST, ALL - 1, "the server answered 404", tries=1),
    Row("gzip_bomb", "site_pages", POST, ALL - 1, "larger than 2,000,000 bytes: it unpacks to more", tries=1),
    Row("endless", "site_pages", POST, ALL - 1, "larger than 2,000,000 bytes: the body goes on", tries=1),
    Row("loop", "site_pages", POST, ALL - 1, "more than 5 redirects", tries=6),
    Row("to_metadata", "site_pages", POST, ALL - 1, "169.254.169.254, which is no public address", tries=1),
    Row("to_file", "site_pages", POST, ALL - 1, "redirected to 'file:///etc/passwd', which is not http", tries=1),
    # The right shape with wrong content.
    Row("long", "site_pages", POST, ALL - 1, "expected a whole page", tries=1),
    Row("truncated", "site_pages", POST, ALL - 1, "expected a whole page", tries=1),
    Row("challenge", "site_pages", POST, ALL - 1, "expected a page with news, got a challenge", tries=1),
    Row("gbk", "site_pages", POST, ALL, ""),
    Row("empty", "site_pages", "/category/securities.html", ALL, "expected links to posts, got a page without any"),
    Row("truncated", "site_pages", "/category/securities.html", ALL, "expected a whole page"),
    Row(
        "error_500",
        "site_pages",
        "/category/companies.html",
        11,
        "/category/companies.html: the server answered 500",
        tries=3,
    ),
    Row("truncated", "news_api", TEXT, ALL - 1, "expected whole JSON"),
    Row("challenge", "news_api", TEXT, ALL - 1, "expected JSON, got HTML"),
    Row("empty", "news_api", LIST, 9, "expected documents, got an empty list"),
    Row("challenge", "news_api", LIST, 9, "expected JSON, got HTML"),
    Row("truncated", "news_api", LIST, 11, "expected whole JSON"),
    Row("duplicates", "news_api", LIST, ALL, "expected each info code once"),
    Row("skewed", "news_api", LIST, ALL - 1, "expected the time of the info code, got the day 2099-"),
    Row("gbk", "news_api", TEXT, ALL, ""),
    Row("duplicates", "atom_feed", "/feed.xml", ALL, "expected each entry once"),
    Row("empty", "atom_feed", "/feed.xml", ALL, "expected entries, got a feed without any"),
    Row("laughs", "atom_feed", "/feed.xml", ALL, "expected a whole Atom feed without entities, got DTDForbidden"),
    Row("truncated", "atom_feed", "/feed.xml", ALL, "expected a whole Atom feed"),
    Row("skewed", "atom_feed", "/feed.xml", ALL, "expected the day of an entry, got the day 2099-"),
    Row("error_500", "atom_feed", "/feed.xml", ALL, "the server answered 500", tries=3),
    Row("challenge", "atom_feed", OLD_POST, ALL - 1, "expected a page with news"),
]


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_a_fault_costs_what_it_must_and_the_next_run_completes_the_day(
    row: Row, site: Site, archive: RawArchive
) -> None:
    site.go_wrong({row.path: (row.fault, row.times)})
    first = run(row.kind, site, archive)
    asked = sum(times for answer, times in site.log().items() if answer.startswith(f"{row.fault} "))
    assert len(first.articles) == row.articles, first.said
    assert (row.said in first.said) if row.said else not first.errors
    assert row.tries in (None, asked)
    site.go_wrong({})
    second = run(row.kind, site, archive)
    assert not second.errors, second.said
    assert_whole(row.kind, second)


def assert_whole(kind: str, after: Run) -> None:
    wanted = sample_articles()
    assert len(after.articles) == ALL
    assert all(article.text == wanted[code].text for code, article in after.articles.items())
    if kind != "news_api":  # which tells neither categories nor tags
        assert list(map(without_place, after.articles.values())) == [
            without_place(wanted[code]) for code in after.articles
        ]


def test_a_bomb_and_an_endless_body_take_no_memory(site: Site, archive: RawArchive) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    site.go_wrong({POST: "gzip_bomb", OLD_POST: "endless"})
    assert len(run("site_pages", site, archive).articles) == ALL - 2
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000  # KiB; the bomb has 300 MiB


def test_errors_say_by_their_type_whether_they_may_pass(site: Site, archive: RawArchive) -> None:
    site.go_wrong({POST: "error_500", OLD_POST: "not_found"})
    errors = run("site_pages", site, archive).errors
    assert {error.what[-3:]: isinstance(error, TransientError) for error in errors} == {"500": True, "404": False}


@pytest.mark.parametrize("kind", ["atom_feed", "site_pages", "news_api"])
def test_a_site_that_cannot_be_listed_is_an_error_of_the_source(kind: str, site: Site, archive: RawArchive) -> None:
    site.go_wrong({"/": "error_500"})
    with pytest.raises(TransientSourceError, match="could not be listed"):
        run(kind, site, archive)
    site.go_wrong({"/robots.txt": ("not_found", 9), "/": "challenge"})
    with pytest.raises(SourceError, match="expected") as caught:
        run(kind, site, archive)
    assert not isinstance(caught.value, TransientError)


def test_the_same_text_for_two_info_codes_is_used_once(site: Site, archive: RawArchive) -> None:
    texts = "/NewsData/GetNewsText.do?id=20220"
    site.go_wrong({texts: "same_text"})
    outcome = run("news_api", site, archive)
    assert len(outcome.articles) == ALL - outcome.said.count("got the body of")
    assert outcome.said.count("got the body of") == 11


def test_an_unchanged_day_is_asked_for_with_conditions_and_costs_304(site: Site, archive: RawArchive) -> None:
    first = run("atom_feed", site, archive)
    answers = site.log()
    assert all(answer.startswith("200 ") for answer in answers if "304" not in answer)
    second = run("atom_feed", site, archive)
    assert {answer.split()[0] for answer in site.log()} == {"304"}
    assert second.new == 0
    assert second.articles == first.articles


def test_a_clock_that_is_a_day_ahead_does_not_make_us_wait_a_day(site: Site, archive: RawArchive) -> None:
    site.go_wrong({POST: ("too_many_by_a_fast_clock", 1)})
    assert len(run("site_pages", site, archive, patience_seconds=3.0).articles) == ALL
