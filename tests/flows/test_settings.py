"""The settings: defaults, what the environment says, and what becomes of a bad value."""

import os
from pathlib import Path

import pytest

from flows.settings import PROJECT, make_home, prepare_environment, read_settings
from models.errors import SettingsError


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Take away what the shell or another test has set, and stand in an empty folder."""
    for name in list(os.environ):
        if name.startswith(("TONGBI_", "PREFECT_", "GX_", "DO_NOT")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_the_home_is_absolute_and_holds_the_database(tmp_path: Path) -> None:
    settings = read_settings()
    assert settings.home == tmp_path / ".tongbi"
    assert settings.database == f"sqlite:///{tmp_path}/.tongbi/tongbi.db"


def test_the_environment_goes_before_the_default_and_an_option_before_both(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TONGBI_HOME", "/one")
    monkeypatch.setenv("TONGBI_DATABASE_URL", "postgresql+psycopg://db/tongbi")
    assert read_settings().home == Path("/one")
    assert read_settings(home=Path("/two")).home == Path("/two")
    assert read_settings(home=None).database == "postgresql+psycopg://db/tongbi"


def test_the_sources_are_declared_here_or_by_the_project(tmp_path: Path) -> None:
    assert read_settings().declarations == PROJECT / "sources.toml"
    (tmp_path / "sources.toml").write_text("")
    assert read_settings().declarations.resolve() == tmp_path / "sources.toml"


@pytest.mark.parametrize(("name", "value"), [("TONGBI_CHUNK", "many"), ("TONGBI_UNREAD_LIMIT", "2")])
def test_a_bad_value_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=f"{name} cannot be '{value}'") as caught:
        read_settings()
    assert "\n" not in caught.value.what
    assert name in caught.value.next_step


def test_a_home_that_cannot_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="cannot create the folder"):
        make_home(read_settings(home=tmp_path / "file" / "home"))


def test_prefect_and_gx_phone_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    environment: dict[str, str] = {"PREFECT_HOME": "/mine"}
    monkeypatch.setattr(os, "environ", environment)
    prepare_environment(read_settings(home=Path("/data")))
    assert environment["PREFECT_HOME"] == "/mine", "what the user has set stays"
    assert environment["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
    assert environment["GX_ANALYTICS_ENABLED"] == "false"
    assert environment["DO_NOT_TRACK"] == "1"
    assert environment["PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS"] == "600"
    assert environment["PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL"] == "CRITICAL"


def test_prefect_lives_in_the_home_and_speaks_when_asked_to(monkeypatch: pytest.MonkeyPatch) -> None:
    environment: dict[str, str] = {}
    monkeypatch.setattr(os, "environ", environment)
    prepare_environment(read_settings(home=Path("/data")), verbose=True)
    assert environment["PREFECT_HOME"] == "/data/prefect"
    assert "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL" not in environment
