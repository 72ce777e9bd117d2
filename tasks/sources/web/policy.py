"""How politely and how patiently a source is asked: the options that every source over HTTP knows."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from models.errors import SourceError

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Policy:
    """The limits of one source; times are in seconds, `requests_per_second` 0 means no limit.

    `total_seconds` is for one try with its redirects. A server that asks for more than `patience_seconds` of
    waiting is left alone, and the run says so. `max_bytes` holds for an answer as it travels and unpacked.
    """

    robots: bool = True
    requests_per_second: float = 10.0
    connections: int = 8
    connect_seconds: float = 10.0
    read_seconds: float = 20.0
    total_seconds: float = 60.0
    attempts: int = 4
    wait_seconds: float = 0.5
    patience_seconds: float = 120.0
    max_bytes: int = 16 * MEBIBYTE
    max_redirects: int = 5


_FIELDS: dict[str, type] = {field.name: type(field.default) for field in fields(Policy)}
_MAY_BE_ZERO = ("requests_per_second", "max_redirects", "wait_seconds", "patience_seconds")


def split_options(name: str, options: Mapping[str, Any], own: frozenset[str]) -> tuple[Policy, dict[str, Any]]:
    """Give the policy that the options of the source `name` set, and those options that are its kind's own.

    `split_options("site", {"robots": False, "pages": ["/"]}, frozenset({"pages"}))` → a Policy without
    robots.txt, and `{"pages": ["/"]}`. Raises SourceError for an unknown option and a value of another type.
    """
    if unknown := sorted(options.keys() - own - _FIELDS.keys()):
        known = ", ".join(sorted(own | _FIELDS.keys()))
        raise SourceError(f"the source {name!r} has unknown options: {', '.join(unknown)}", f"its kind knows: {known}")
    chosen = {key: _checked(name, key, options[key]) for key in _FIELDS if key in options}
    return Policy(**chosen), {key: options[key] for key in own if key in options}


def _checked(name: str, key: str, value: Any) -> Any:
    wanted = _FIELDS[key]
    if wanted is float and type(value) is int:
        value = float(value)
    if type(value) is not wanted or not _is_possible(key, value):
        said = {bool: "true or false", int: "a whole number above 0", float: "a number above 0"}[wanted]
        raise SourceError(f"the option {key} of {name!r} cannot be {value!r}", f"make it {said}")
    return value


def _is_possible(key: str, value: Any) -> bool:
    if isinstance(value, bool):
        return True
    return bool(value >= 0 if key in _MAY_BE_ZERO else value > 0)
