"""What a failed expectation leads to, and where the thresholds lie: `thresholds.toml`, and a file over it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from models.errors import SettingsError

DEFAULTS = Path(__file__).with_name("thresholds.toml")
_SUITES = ("articles", "figures", "numbers", "series", "days", "batch")
_NEXT = f"see {DEFAULTS.name} in the folder expectations for the names and what they may be"


class Consequence(StrEnum):
    """What a row that an expectation rejects leads to: the quarantine of the row or of its article, ….

    BATCH refuses the whole batch, WARN leaves the row where it is and tells of it, OFF does not look.
    """

    ROW = "row"
    ARTICLE = "article"
    BATCH = "batch"
    WARN = "warn"
    OFF = "off"


# A number or an article that fails can hardly be a row of the batch alone; a batch has no row at all.
_POSSIBLE: Mapping[str, frozenset[Consequence]] = MappingProxyType(
    {suite: frozenset(Consequence) - {Consequence.ROW} for suite in ("articles",)}
    | {suite: frozenset({Consequence.BATCH, Consequence.WARN, Consequence.OFF}) for suite in ("days", "batch")}
    | {suite: frozenset(Consequence) for suite in ("figures", "numbers", "series")}
)


@dataclass(frozen=True, slots=True)
class AuditThresholds:
    """Where an expectation begins to fail; `thresholds.toml` says what each is, and has its default."""

    unread_share: float
    unread_counts_from_numbers: int
    unreadable_share: float
    unreadable_counts_from_documents: int
    figures_expected_from_articles: int
    quarantined_share: float
    quarantined_counts_from_figures: int
    usual_days: int
    usual_counts_from_days: int
    least_of_usual: float
    silent_from_articles: float
    same_body_from_characters: int
    widest_range: float
    largest_rate: float
    largest_amount: float
    furthest_years: int
    jump_factor: float
    jump_counts_from_levels: int
    history_years: int


@dataclass(frozen=True, slots=True)
class AuditSettings:
    """The thresholds, and what each expectation leads to, by its name."""

    thresholds: AuditThresholds
    consequences: Mapping[str, Consequence]

    def consequence(self, expectation: str) -> Consequence:
        """Give what a row leads to that this expectation rejects. Raises KeyError for an unknown one."""
        return self.consequences[expectation]

    def with_consequence(self, expectation: str, consequence: Consequence) -> "AuditSettings":
        """Give the same settings but for one expectation."""
        return replace(self, consequences=MappingProxyType({**self.consequences, expectation: consequence}))


def read_audit_settings(path: Path | None = None, **thresholds: float | None) -> AuditSettings:
    """Read the defaults, over them the file at `path` where there is one, over that what is given by name.

    A file holds just what is to be otherwise, in the tables of `thresholds.toml`:
    `[series]` with `levels_agree_across_articles = "row"` makes such contradictions fail. Raises SettingsError
    for a file that cannot be read, an unknown name, and a value that cannot be.
    """
    settings = _defaults()
    if path is not None:
        settings = _over(settings, _read(path), path)
    given = {name: value for name, value in thresholds.items() if value is not None}
    return replace(settings, thresholds=replace(settings.thresholds, **given))  # type: ignore[arg-type]


@lru_cache(maxsize=1)
def _defaults() -> AuditSettings:
    tables = _read(DEFAULTS)
    words = {name: Consequence(word) for suite in _SUITES for name, word in tables[suite].items()}
    return AuditSettings(AuditThresholds(**tables["thresholds"]), MappingProxyType(words))


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"cannot read the audit's settings {path}: {error}", "set TONGBI_AUDIT anew") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path} is not TOML: {error}", _NEXT) from None


def _over(settings: AuditSettings, tables: dict[str, Any], path: Path) -> AuditSettings:
    for table, entries in tables.items():
        if table not in (*_SUITES, "thresholds") or not isinstance(entries, dict):
            raise SettingsError(f"{path} has an unknown table {table!r}", _NEXT)
    numbers = {name: _number(name, value, path) for name, value in tables.get("thresholds", {}).items()}
    words = {name: _word(suite, name, word, path) for suite in _SUITES for name, word in tables.get(suite, {}).items()}
    merged = MappingProxyType({**settings.consequences, **words})
    return AuditSettings(replace(settings.thresholds, **numbers), merged)  # type: ignore[arg-type]


def _number(name: str, value: object, path: Path) -> float:
    if name not in {field.name for field in fields(AuditThresholds)}:
        raise SettingsError(f"{path} has an unknown threshold {name!r}", _NEXT)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0:
        raise SettingsError(f"{path}: {name} cannot be {value!r}", "give a number that is not below zero")
    return value


def _word(suite: str, name: str, word: object, path: Path) -> Consequence:
    if name not in _read(DEFAULTS)[suite]:
        raise SettingsError(f"{path} has an unknown expectation {name!r} in [{suite}]", _NEXT)
    possible = sorted(_POSSIBLE[suite])
    if word not in possible:
        raise SettingsError(f"{path}: {name} cannot be {word!r}", f"give one of {', '.join(possible)}")
    return Consequence(str(word))
