"""Prefect's pages in a real browser: a run by its form, its figures read in its artifacts, a failure with its reason.

In both versions of the pages, which Prefect brings; pictures of what was seen are in `.cache/browser`.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import PICTURES
from tests.served import ENDED, Served, serving

pytestmark = pytest.mark.browser

_MOMENT = 60_000


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("home")) as found:
        yield found


@dataclass
class Pages:
    """One version of Prefect's pages, and a page of it."""

    version: str
    page: Any
    served: Served
    asked: list[str]
    refused: list[str]

    @property
    def base(self) -> str:
        return self.served.url + ("/v2" if self.version == "v2" else "")

    def open(self, path: str) -> None:
        self.page.goto(self.base + path)

    def keep(self, name: str) -> None:
        """Keep a picture of what is seen now."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.wait_for_timeout(2_500)
        self.page.screenshot(path=PICTURES / f"{self.version}-{name}.png", full_page=True)

    def fill_in(self, source: str, since: date | None = None, until: date | None = None) -> None:
        self.open(f"/deployments/deployment/{self.served.deployment('manual')}/run")
        self.page.get_by_role("button", name="Submit").wait_for(timeout=_MOMENT)
        self.page.locator("textarea").first.fill(source)
        for place, day in enumerate((since, until)):
            if day is not None:
                self._choose("date", place, day)

    def _choose(self, kind: str, place: int, day: date) -> None:
        role = "tab" if self.version == "v2" else "button"
        self.page.get_by_role(role, name=kind, exact=True).nth(place).click()
        self.page.get_by_text(re.compile("^(Select|Pick a) date$")).first.click()
        if self.version == "v2":
            self.page.get_by_placeholder("yyyy-MM-dd").fill(day.isoformat())
            self.page.keyboard.press("Enter")
            self.page.keyboard.press("Escape")
        else:
            self.page.locator("input[type=date]").fill(day.isoformat())
            self.page.get_by_role("button", name="Apply").click()

    def submit(self) -> str:
        """Submit the form and give the id of the run that it started."""
        before = {run["id"] for run in self.served.ask("/flow_runs/filter")}
        self.page.get_by_role("button", name="Submit").click()
        for _ in range(100):
            self.page.wait_for_timeout(200)
            new = [run for run in self.served.ask("/flow_runs/filter") if run["id"] not in before]
            if made := [run for run in new if not run["auto_scheduled"]]:
                return str(made[0]["id"])
        raise AssertionError(self.refused)

    def shows(self, words: str) -> Any:
        """Wait until the page shows these words."""
        found = self.page.get_by_text(words).first
        found.wait_for(timeout=_MOMENT)
        return found

    def open_artifact(self, run_id: str, key: str) -> None:
        """Go from the run to one of its artifacts by the page's own links."""
        self.open(f"/runs/flow-run/{run_id}")
        kind = "tab" if self.version == "v2" else "button"
        tab = self.page.get_by_role(kind, name="Artifacts", exact=True)
        (tab if tab.count() else self.page.get_by_text("Artifacts", exact=True).last).click()
        artifact = f"/artifact/{self.served.artifact_id(run_id, key)}"
        if self.version == "v2":  # it shows the history of the key first
            self.page.locator(f'a[href$="/artifacts/key/{key}"]').first.click()
        self.page.locator(f'a[href$="{artifact}"]').first.click()
        self.page.wait_for_url(re.compile(artifact), timeout=_MOMENT)


@pytest.fixture(params=["v1", "v2"])
def pages(request: pytest.FixtureRequest, browser: Any, served: Served) -> Iterator[Pages]:
    context = browser.new_context(viewport={"width": 1600, "height": 1250}, locale="en-GB")
    page = context.new_page()
    asked: list[str] = []
    page.on("response", lambda answer: asked.append(answer.url))
    refused: list[str] = []
    page.on("response", lambda answer: refused.append(f"{answer.status} {answer.url}") if answer.status > 399 else None)
    page.on("requestfailed", lambda asking: refused.append(f"{asking.failure} {asking.url}"))
    yield Pages(request.param, page, served, asked, refused)
    context.close()
    foreign = [url for url in asked if not url.startswith((served.url, "data:", "blob:"))]
    assert foreign == [], "the pages get nothing from anybody else"


def test_a_run_by_the_form_is_completed_and_its_figures_are_read(pages: Pages) -> None:
    pages.fill_in("sample", date(2022, 1, 1), date(2022, 6, 30))
    pages.keep("1-form")
    run_id = pages.submit()
    given = pages.served.get(f"/flow_runs/{run_id}")["parameters"]
    assert (given["source"], given["since"], given["until"]) == ("sample", "2022-01-01", "2022-06-30")
    state = pages.served.ended(run_id, ENDED)
    assert state["type"] == "COMPLETED", state
    pages.open(f"/runs/flow-run/{run_id}")
    pages.shows("Completed")
    pages.keep("2-completed")
    published = pages.served.artifact(run_id, "published")
    assert published
    pages.open_artifact(run_id, "published")
    for words in ("新能源汽车", "累计销量"):
        pages.shows(words)
    (first,) = [row for row in json.loads(published) if row["subject"] == "新能源汽车"][:1]
    pages.shows(first["text"])
    pages.keep("3-published")
    pages.open_artifact(run_id, "summary")
    pages.shows("sample: done, batch")
    pages.keep("4-summary")
    pages.open_artifact(run_id, "runs")
    # The page may draw the artifact twice, so a look at one moment can find no picture.
    picture = "[...document.images].some(each => each.src.startsWith('data:image/svg+xml') && each.naturalWidth > 700)"
    pages.page.wait_for_function(picture, timeout=_MOMENT)
    pages.keep("5-picture")


def test_the_malformed_sample_is_failed_and_says_which_sentence_and_which_rule(pages: Pages) -> None:
    pages.fill_in("sample-malformed")
    run_id = pages.submit()
    assert pages.served.ended(run_id, ENDED)["type"] == "FAILED"
    pages.open(f"/runs/flow-run/{run_id}")
    pages.shows("Failed")
    sentence = "红枫置业公告，控股股东增持后持有公司股份8.12亿股，占公司总股本的128.6%。"
    kind = pages.page.get_by_role("tab", name="Details") if pages.version == "v2" else pages.page.get_by_text("Details")
    kind.last.click()
    if pages.version == "v1":
        pages.page.get_by_text("See More").first.click()
    shown = pages.shows(f"“{sentence.replace('128.6%', '⟦128.6%⟧')}”").inner_text()
    assert "share_is_within_whole" in shown
    assert "next: tongbi quarantine list" in shown
    pages.keep("6-failed")
    pages.open_artifact(run_id, "quarantined")
    pages.shows(sentence)
    pages.shows("share_is_within_whole")
    pages.keep("7-quarantined")


def test_a_wrong_value_is_refused_by_the_form(pages: Pages) -> None:
    name = pages.served.deployment("daily")
    pages.open(f"/deployments/deployment/{name}/run")
    pages.page.get_by_role("button", name="Submit").wait_for(timeout=_MOMENT)
    before = len(pages.served.ask("/flow_runs/filter"))
    pages.page.locator("input[type=number]").first.fill("-5")
    pages.page.get_by_role("button", name="Submit").click()
    pages.page.wait_for_timeout(2_000)
    pages.keep("8-refused")
    assert len(pages.served.ask("/flow_runs/filter")) == before
    assert Path(PICTURES / f"{pages.version}-8-refused.png").stat().st_size > 10_000
