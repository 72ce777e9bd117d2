"""What can be set from outside: the environment's `TONGBI_…` variables, and what Prefect and GX get of them.

`Settings` reads them, and `prepare_environment` hands on what Prefect and Great Expectations read themselves.
It has to be called before either is imported, for both look at the environment only once.
"""

import os
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from flows.serving.finding import running_api
from models.errors import SettingsError

PROJECT = Path(__file__).resolve().parent.parent

# Prefect and GX would report usage; a new PREFECT_HOME takes longer to set up than Prefect's own time-out.
SILENT = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "GX_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "600",
    # Other writers are waited for, on a machine that is busy too.
    "PREFECT_SERVER_DATABASE_TIMEOUT": "60",
    "PREFECT_SERVER_DATABASE_CONNECTION_TIMEOUT": "30",
    "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
}


class Settings(BaseSettings):
    """The settings of one run; each comes from the variable `TONGBI_` + its name, or has the default below.

    >>> Settings(home=Path("/data/tongbi")).database
    'sqlite:////data/tongbi/tongbi.db'
    """

    model_config = SettingsConfigDict(env_prefix="TONGBI_", frozen=True, extra="ignore")

    home: Path = Field(default=Path(".tongbi"), description="folder of the database, raw documents and Prefect")
    database_url: str = Field(default="", description="the database; empty for SQLite in the home")
    raw_url: str = Field(default="", description="the object store of raw documents; empty for raw in the home")
    sources: Path | None = Field(default=None, description="the file that declares the sources")
    corrections: Path | None = Field(default=None, description="the file that corrects faults of the source itself")
    chunk: int = Field(default=250, ge=1, le=5_000, description="documents that one task works on at a time")
    lock_seconds: float = Field(default=30, ge=0, description="how long a run over the same days is waited for")
    retry_seconds: float = Field(default=20, ge=0, description="wait before a source that failed is asked again")
    daily_sources: str = Field(default="sample", description="the sources of the daily run, with commas between them")
    docs_url: str = Field(default="", description="where the data docs are served; empty for their folder")
    audit: Path | None = Field(default=None, description="the file of what the audit is to do otherwise")
    unread_limit: float | None = Field(default=None, ge=0, le=1, description="share of numbers that may stay unread")
    unreadable_limit: float | None = Field(default=None, ge=0, le=1, description="share of unreadable documents")

    @field_validator("home")
    @classmethod
    def _absolute(cls, home: Path) -> Path:
        return home.expanduser().absolute()

    @property
    def database(self) -> str:
        """The database's URL, with the default filled in."""
        return self.database_url or f"sqlite:///{self.home / 'tongbi.db'}"

    @property
    def raw(self) -> str:
        """The URL of the object store of raw documents, with the default filled in."""
        return self.raw_url or (self.home / "raw").as_uri()

    @property
    def corrections_file(self) -> Path:
        """The file of the corrections: the one that is set, else the project's own."""
        return self.corrections or PROJECT / "models" / "corrections.toml"

    @property
    def daily(self) -> tuple[str, ...]:
        """The sources of the daily run, each once."""
        return tuple(dict.fromkeys(name.strip() for name in self.daily_sources.split(",") if name.strip()))

    @property
    def docs_folder(self) -> Path:
        """The folder of the data docs."""
        return self.home / "docs"

    @property
    def docs(self) -> str:
        """The address of the data docs' first page, or "" where there is none yet."""
        first = self.docs_folder / "index.html"
        return (self.docs_url or first.as_uri()) if first.is_file() else ""

    @property
    def declarations(self) -> Path:
        """The file of the sources: the one that is set, else `sources.toml` here, else the project's own."""
        if self.sources is not None:
            return self.sources
        here = Path("sources.toml")
        return here if here.is_file() else PROJECT / "sources.toml"


def read_settings(**given: Any) -> Settings:
    """Read the settings from the environment; what is `given` and not None goes before it.

    Raises `SettingsError`, which names the variable and what is wrong with its value.
    """
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = "TONGBI_" + str(first["loc"][0]).upper()
        what = f"{name} cannot be {first['input']!r}: {first['msg'].lower()}"
        raise SettingsError(what, f"set {name} to another value, or unset it for the default") from None


def make_home(settings: Settings) -> None:
    """Create the home folder; raises `SettingsError` where that cannot be done."""
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        what = f"cannot create the folder {settings.home}: {error.strerror}"
        raise SettingsError(what, "name another with --home or TONGBI_HOME") from error
    if not os.access(settings.home, os.W_OK | os.X_OK):
        raise SettingsError(f"the folder {settings.home} cannot be written", "name another with --home or TONGBI_HOME")


def prepare_environment(settings: Settings, *, verbose: bool = False, finds_server: bool = True) -> None:
    """Set what Prefect and GX read from the environment, before they are imported; what is set stays.

    Where `finds_server`, the Prefect server that a `tongbi serve` of the same home runs is used.
    """
    wanted = SILENT | {"PREFECT_HOME": str(settings.home / "prefect")}
    if not verbose:
        # The run's log still goes to Prefect's own database, where its pages show it.
        wanted["PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL"] = "CRITICAL"
    for name, value in wanted.items():
        os.environ.setdefault(name, value)
    if finds_server and "PREFECT_API_URL" not in os.environ and (api := running_api(settings.home)):
        os.environ["PREFECT_API_URL"] = api
