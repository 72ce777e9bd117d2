"""The declared sources: `sources.toml`, one `[[source]]` table each with name, kind, location and options."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from models.errors import SourceError

_KEYS = {"name", "kind", "location", "options"}


@dataclass(frozen=True, slots=True)
class Declaration:
    """One source as declared; a `location` that is a path is relative to the folder `base`."""

    name: str
    kind: str
    location: str
    base: Path
    options: Mapping[str, Any] = field(default_factory=dict)


def read_declarations(path: Path) -> dict[str, Declaration]:
    """Give the declarations of `path` by name, none where there is no such file.

    `[[source]]`, `name = "sample"`, `kind = "jekyll_archive"`, `location = "archive/sample"` →
    `{"sample": Declaration("sample", "jekyll_archive", "archive/sample", …)}`. Raises SourceError for a file
    that is not TOML, a missing, unknown or ill-typed key, and a name declared twice.
    """
    declared: dict[str, Declaration] = {}
    for number, table in enumerate(_tables(path), start=1):
        declaration = _declaration(table, path, f"[[source]] number {number}")
        if declaration.name in declared:
            raise SourceError(f"{path}: the source {declaration.name!r} is declared twice", "rename one of them")
        declared[declaration.name] = declaration
    return declared


def _tables(path: Path) -> list[Any]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise SourceError(f"cannot read {path}: {error.strerror}", "check the file's permissions") from error
    except ValueError as error:
        raise SourceError(f"{path} is not valid TOML: {error}", "correct the file") from error
    tables = content.pop("source", [])
    if content or not isinstance(tables, list):
        raise SourceError(f"{path}: only [[source]] tables are known", "declare each source as [[source]]")
    return tables


def _declaration(table: Any, path: Path, where: str) -> Declaration:
    entry = table if isinstance(table, dict) else {}
    texts = {key: entry.get(key) for key in ("name", "kind", "location")}
    options = entry.get("options", {})
    if not all(isinstance(text, str) and text for text in texts.values()) or not isinstance(options, dict):
        raise SourceError(
            f"{path}: {where} needs the texts name, kind and location, and may have the table options",
            "compare it with the declaration of `sample`",
        )
    if unknown := sorted(entry.keys() - _KEYS):
        raise SourceError(f"{path}: {where} has unknown keys: {', '.join(unknown)}", "remove them")
    return Declaration(**{key: str(text) for key, text in texts.items()}, base=path.parent, options=options)
