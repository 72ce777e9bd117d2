"""The pages of the audits: seen in a browser that is cut off from everything, with their style."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from expectations import audit, read_audit_settings
from expectations.facts import BatchFacts
from flows.pages import write_page
from flows.summary import problems, summarize
from models.audit import AuditOutcome
from models.publishing import PublishReport
from models.quarantining import QuarantineCounts
from models.readings import ReadingCounts
from models.staging import StagedBatch
from models.vocabulary import BatchState, RowKind
from tests.expectations.making import figure, staged

SHARE = "甲<b>公司占比[[135%]]。"
NOW = datetime(2022, 4, 19, 9, 0, tzinfo=UTC)


def written(folder: Path, batch_id: int = 7) -> Path:
    rows = staged((SHARE, [figure(value="135", unit="%", metric="占比", period_start=None)]))
    batch = StagedBatch(batch_id, rows.articles, rows.figures, rows.numbers)
    outcome: AuditOutcome = audit(rows.articles, rows.figures, rows.numbers, BatchFacts(1))
    ids = {(RowKind.FIGURE, rows.articles["info_code"][0], None, None, "share_is_within_whole"): 3}
    report = PublishReport(batch_id, BatchState.PUBLISHED, "0 figures published", ReadingCounts(), QuarantineCounts())
    summary = summarize("feed", 1, batch, outcome, report, [], 1.0, ids)
    shown = problems(batch, outcome.failures, 50, ids)
    return write_page(folder, summary, outcome, shown, read_audit_settings(), NOW)


def test_a_page_has_the_sentence_the_rule_in_words_and_what_is_allowed(tmp_path: Path) -> None:
    words = written(tmp_path).read_text(encoding="utf-8")
    assert "甲&lt;b&gt;公司占比<mark>135%</mark>。" in words
    assert "A part cannot be more than its whole." in words
    assert "observed: 占比 of 135 %<br>allowed: 0 … 100 %" in words


def test_a_page_asks_for_nothing_from_elsewhere(tmp_path: Path) -> None:
    for page in (written(tmp_path), tmp_path / "index.html"):
        words = page.read_text(encoding="utf-8")
        assert "http:" not in words
        assert "https:" not in words
        assert "<script" not in words


def test_fifty_pages_stay_and_are_listed_the_newest_first(tmp_path: Path) -> None:
    page = written(tmp_path, 1)
    for number in range(2, 53):
        for path in (page, page.with_suffix(".json")):
            shown = path.read_text(encoding="utf-8").replace("batch-1.", f"batch-{number}.")
            changed = shown.replace('"batch_id": 1,', f'"batch_id": {number},')
            path.with_name(f"batch-{number}{path.suffix}").write_text(changed, encoding="utf-8")
    written(tmp_path, 53)
    assert len(list(tmp_path.glob("batch-*.html"))) == 50
    index = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert index.index("batch-53.html") < index.index("batch-52.html")
    assert "batch-3.html" not in index


@pytest.mark.slow
def test_a_browser_shows_it_with_its_style_and_no_request_leaves_the_machine(tmp_path: Path) -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no Chromium on this machine: the pages are not looked at (apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    page_of_batch = written(tmp_path)
    asked: list[str] = []
    with sync_playwright() as drive:
        browser = drive.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto((tmp_path / "index.html").as_uri())
        page.get_by_role("link", name="7").click()
        page.wait_for_url("**/batch-7.html")
        assert page.get_by_role("heading", level=1).inner_text() == "Batch 7, feed"
        marked = page.locator("mark").first
        assert marked.inner_text() == "135%"
        assert marked.evaluate("node => getComputedStyle(node).backgroundColor") == "rgb(255, 224, 138)"
        browser.close()
    assert asked == [(tmp_path / "index.html").as_uri(), page_of_batch.as_uri()]
