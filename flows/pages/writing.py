"""Audits as pages under TONGBI_HOME/docs: one a batch, the last fifty, and a list of them.

Great Expectations' own pages load their style from the internet; these have theirs within, and no script.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Any

from expectations import AuditSettings, reasons
from flows.settings import Settings
from flows.summary import Problem, Summary, release_command
from models.audit import AuditOutcome
from models.records import SHANGHAI

_MOST_PAGES = 50
MOST_SHOWN = 50
_STATES = {True: ("nothing was published", "bad"), False: ("published", "good")}


def with_page(
    settings: Settings, summary: Summary, audit: AuditOutcome, problems: list[Problem], held_to: AuditSettings
) -> Summary:
    """Write the page of a run and give its summary with the address of the page."""
    page = write_page(settings.docs_folder, summary, audit, problems, held_to, datetime.now(SHANGHAI))
    served = (
        settings.docs_url.rsplit("/", 1)[0] if settings.docs_url.endswith(".html") else settings.docs_url.rstrip("/")
    )
    return replace(summary, page=f"{served}/{page.name}" if served else page.as_uri())


def write_page(
    folder: Path, summary: Summary, audit: AuditOutcome, problems: list[Problem], settings: AuditSettings, now: datetime
) -> Path:
    """Write the page of a batch and the list of pages; give the page.

    `problems` are those that are shown, at most fifty of them. Example: batch 7 is `batch-7.html`, listed in
    `index.html`. The oldest beyond fifty go.
    """
    folder.mkdir(parents=True, exist_ok=True)
    run = _run(summary, audit, now)
    page = folder / str(run["page"])
    page.write_text(_page("run.html.j2", run | _details(summary, audit, problems, settings)), encoding="utf-8")
    page.with_suffix(".json").write_text(json.dumps(run, ensure_ascii=False), encoding="utf-8")
    _write_index(folder)
    return page


def _run(summary: Summary, audit: AuditOutcome, now: datetime) -> dict[str, Any]:
    state, state_class = _STATES[summary.is_refused]
    if not summary.is_refused and audit.failures:
        state, state_class = "what is clean was published", "bad"
    return {
        "title": f"Audit of batch {summary.report.batch_id}, {summary.source}",
        "page": f"batch-{summary.report.batch_id}.html",
        "batch_id": summary.report.batch_id,
        "source": summary.source,
        "when": now.strftime("%Y-%m-%d %H:%M"),
        "state": state,
        "state_class": state_class,
        "figures": summary.figures,
        "failed": len(audit.failures),
    }


def _details(summary: Summary, audit: AuditOutcome, problems: list[Problem], settings: AuditSettings) -> dict[str, Any]:
    facts = (
        ("documents", summary.documents),
        ("articles", summary.articles),
        ("figures", summary.figures),
        ("malformed rows", summary.failed_rows),
        ("warnings", len(audit.warnings)),
    )
    return {
        "message": summary.report.message,
        "facts": facts,
        "exceptions": audit.exceptions,
        "batch_failures": audit.batch_failures,
        "problems": [_shown(problem) for problem in problems[:MOST_SHOWN]],
        "shown": min(len(problems), MOST_SHOWN),
        "warnings": audit.warnings[:MOST_SHOWN],
        "warned": len(audit.warnings),
        "results": list(_results(audit, settings)),
    }


def _shown(problem: Problem) -> Mapping[str, Any]:
    """Give what a page shows of a problem: its sentence in three parts."""
    start, end = problem.start, problem.end
    return {
        **{name: getattr(problem, name) for name in Problem.__slots__},
        "before": problem.sentence[:start],
        "marked": problem.sentence[start:end],
        "after": problem.sentence[end:],
        "command": release_command(problem),
    }


def _results(audit: AuditOutcome, settings: AuditSettings) -> Iterable[Mapping[str, Any]]:
    whys = reasons()
    for result in audit.results:
        words = "could not be evaluated" if result.exception else f"{result.failed:,}"
        leads_to = settings.consequence(result.expectation).value
        mark = "" if result.success else "warn" if leads_to == "warn" else "bad"
        yield {
            "suite": result.suite,
            "expectation": result.expectation,
            "leads_to": leads_to,
            "why": whys[result.expectation],
            "evaluated": result.evaluated,
            "words": words,
            "mark": mark,
        }


def _write_index(folder: Path) -> None:
    known = [json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("batch-*.json")]
    runs = sorted(known, key=lambda run: -run["batch_id"])
    for old in runs[_MOST_PAGES:]:
        for path in (folder / old["page"], (folder / old["page"]).with_suffix(".json")):
            path.unlink(missing_ok=True)
    page = _page("index.html.j2", {"title": "Audits of tongbi", "runs": runs[:_MOST_PAGES]})
    (folder / "index.html").write_text(page, encoding="utf-8")


def _page(template: str, values: Mapping[str, Any]) -> str:
    from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
    from markupsafe import Markup

    loader = PackageLoader("flows.pages", "")
    names = select_autoescape(enabled_extensions=("j2",))
    pages = Environment(loader=loader, autoescape=names, undefined=StrictUndefined, keep_trailing_newline=True)
    # Our own style, the only thing that is no text of anybody's.
    style = Markup(resources.files("flows.pages").joinpath("style.css").read_text(encoding="utf-8"))
    return pages.get_template(template).render(style=style, **values)
