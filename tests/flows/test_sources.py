"""`ingest` over HTTP: each kind of source on the played site publishes the figures that the folder gives."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from models.database import open_database
from models.queries import FigureFilter, find_figures, list_unreadable
from tests.flows.posts import CLEAN, write_post
from tests.site.playing import Site, playing

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("prefect_server")]

PROJECT = Path(__file__).resolve().parents[2]
SAMPLE = PROJECT / "archive" / "sample"
PATHS = {"atom_feed": "/feed.xml", "site_pages": "/", "news_api": "/"}
COLUMNS = ["info_code", "text", "kind", "value", "low", "high", "bound", "unit", "basis", "metric", "subject"]
COLUMNS += ["period_start", "period_end", "status"]


def run(source: str, home: Path, monkeypatch: pytest.MonkeyPatch, **parameters: Any) -> tuple[Any, pl.DataFrame]:
    """Run the flow in a home and give its state and all published figures."""
    from flows.ingest import ingest

    monkeypatch.setenv("TONGBI_HOME", str(home))
    monkeypatch.setenv("TONGBI_RETRY_SECONDS", "0")
    state = ingest(source, return_state=True, **parameters)
    engine = open_database(f"sqlite:///{home / 'tongbi.db'}")
    try:
        return state, find_figures(engine, FigureFilter()).sort("info_code", "id")
    finally:
        engine.dispose()


def declare(folder: Path, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = [
        f'[[source]]\nname = "{kind}"\nkind = "{kind}"\nlocation = "{site.url}{path}"\n'
        f"options = {{ requests_per_second = 0, wait_seconds = 0.01{', markets = [37]' * (kind == 'news_api')} }}\n"
        for kind, path in PATHS.items()
    ]
    (folder / "sources.toml").write_text("\n".join(sources), encoding="utf-8")
    monkeypatch.setenv("TONGBI_SOURCES", str(folder / "sources.toml"))


@pytest.mark.long
def test_each_kind_publishes_the_figures_of_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, wanted = run(str(SAMPLE), tmp_path / "folder", monkeypatch)
    assert wanted.height > 100
    with playing(SAMPLE) as site:
        declare(tmp_path, site, monkeypatch)
        for kind in PATHS:
            state, figures = run(kind, tmp_path / kind, monkeypatch)
            assert state.is_completed(), state.message
            assert figures.select(COLUMNS).equals(wanted.select(COLUMNS)), kind
        site.log()
        again, figures = run("atom_feed", tmp_path / "atom_feed", monkeypatch)
        assert "no row changed" in again.message
        assert {answer.split()[0] for answer in site.log()} == {"304"}
        replayed, _ = run("atom_feed", tmp_path / "atom_feed", monkeypatch, replay=True)
        assert "no row changed" in replayed.message
        assert site.log() == {}


@pytest.mark.long
def test_a_day_that_failed_is_completed_by_the_next_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "posts"
    posts = [write_post(folder, number, CLEAN) for number in range(1, 4)]
    for post in posts:
        post.write_text(post.read_text(encoding="utf-8").replace("categories: emnews", "categories: emnews\ntags: a"))
    with playing(folder) as site:
        declare(tmp_path, site, monkeypatch)
        page = f"/emnews/2022/04/18/{posts[0].stem[11:]}.html"
        site.go_wrong({page: "error_500", "/category/emnews.html": "empty"})
        state, figures = run("site_pages", tmp_path / "home", monkeypatch)
        assert state.is_failed()
        assert figures["info_code"].n_unique() == 2
        site.go_wrong({})
        state, figures = run("site_pages", tmp_path / "home", monkeypatch)
    assert state.is_completed(), state.message
    assert figures["info_code"].n_unique() == 3
    engine = open_database(f"sqlite:///{tmp_path / 'home' / 'tongbi.db'}")
    assert list_unreadable(engine).is_empty()
    engine.dispose()


def test_a_site_out_of_reach_is_asked_again_by_prefect(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_post(tmp_path, 1, CLEAN)
    (post,) = (tmp_path / "_posts").iterdir()
    post.write_text(post.read_text(encoding="utf-8").replace("categories: emnews", "categories: emnews\ntags: a"))
    with playing(tmp_path) as site:
        declare(tmp_path, site, monkeypatch)
        site.go_wrong({"/": ("refuse", 8)})  # all that the first run of the task asks for
        state, figures = run("atom_feed", tmp_path / "home", monkeypatch)
    assert state.is_completed(), state.message
    assert figures.height == 2
