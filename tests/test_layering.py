"""The arrows of the house: flows → tasks → expectations → models, read from the imports of every module."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
ROOMS = ("flows", "tasks", "expectations", "models")
# What each room may import of the others; inside `tasks` the three inner rooms stand for themselves.
MAY_IMPORT = {
    "models": {"models"},
    "expectations": {"expectations", "models"},
    "tasks.sources": {"tasks.sources", "models"},
    "tasks.articles": {"tasks.articles", "models"},
    "tasks.engine": {"tasks.engine", "models"},
    "tasks": {"tasks", "tasks.sources", "tasks.articles", "tasks.engine", "expectations", "models"},
    "flows": {"flows", "tasks", "tasks.sources", "tasks.articles", "tasks.engine", "expectations", "models"},
}
# Who alone may import a library.
ALONE = {
    "prefect": {"flows", "tasks"},
    "great_expectations": {"expectations"},
    "typer": {"flows"},
    "rich": {"flows"},
}
NEVER_IN_THE_ENGINE = {
    "prefect",
    "great_expectations",
    "sqlmodel",
    "sqlalchemy",
    "httpx",
    "requests",
    "socket",
    "urllib",
}
MODULES = sorted(path for room in ROOMS for path in (PROJECT / room).rglob("*.py"))


def dotted(path: Path) -> str:
    parts = path.relative_to(PROJECT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room_of(module: str) -> str:
    inner = ".".join(module.split(".")[:2])
    return inner if inner in MAY_IMPORT else module.partition(".")[0]


def imported(source: str, module: str, *, package: bool) -> Iterator[str]:
    """Give the dotted name of everything that a module imports, also inside its functions."""
    base = module.split(".") if package else module.split(".")[:-1]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            up = base[: len(base) - node.level + 1] if node.level else []
            name = ".".join([*up, *([node.module] if node.module else [])])
            yield from (f"{name}.{alias.name}" for alias in node.names)


def imports_of(path: Path) -> set[str]:
    return set(imported(path.read_text(encoding="utf-8"), dotted(path), package=path.name == "__init__.py"))


def test_imports_are_seen_in_every_form() -> None:
    source = "import a.b\ndef f():\n    from c import d\n    from . import e\n    from ..g import h\n"
    assert set(imported(source, "tasks.engine.words", package=False)) == {
        "a.b",
        "c.d",
        "tasks.engine.e",
        "tasks.g.h",
    }


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_the_arrows_point_one_way(path: Path) -> None:
    ours = {name for name in imports_of(path) if name.split(".")[0] in ROOMS}
    rooms = {room_of(name) for name in ours}
    allowed = MAY_IMPORT[room_of(dotted(path))]
    assert rooms <= allowed, f"{dotted(path)} imports {sorted(rooms - allowed)}"


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_each_library_stays_in_its_rooms(path: Path) -> None:
    room = room_of(dotted(path))
    libraries = {name.split(".")[0] for name in imports_of(path)}
    for library, rooms in ALONE.items():
        assert library not in libraries or room in rooms, f"{dotted(path)} imports {library}"
    if room == "tasks.engine":
        assert not libraries & NEVER_IN_THE_ENGINE


def test_no_flow_hides_a_room() -> None:
    """Prefect puts `flows/` first on the path, where `tasks.py` would hide the package `tasks`."""
    hiding = [path.name for path in (PROJECT / "flows").iterdir() if path.stem in (*ROOMS, "tests")]
    assert hiding == []


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_no_module_is_longer_than_300_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


@pytest.mark.parametrize(
    ("module", "absent"),
    [
        ("flows.cli", ("prefect", "great_expectations", "polars", "sqlmodel", "rich", "pydantic")),
        ("tasks.engine", ("prefect", "great_expectations", "polars", "sqlmodel", "pydantic")),
        ("expectations", ("great_expectations",)),
        ("tasks.audit", ("great_expectations",)),
        ("flows.partitions.work", ("prefect", "great_expectations")),
    ],
)
def test_what_is_heavy_is_imported_late(module: str, absent: tuple[str, ...]) -> None:
    program = f"import sys, {module}; print(*(name for name in {absent!r} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
