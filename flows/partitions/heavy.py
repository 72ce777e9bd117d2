"""What takes long to import and may be forked afterwards; polars has threads from its import on, and may not.

The room `expectations` imports polars, so the library that it takes long to import is named here.
"""

from importlib import import_module

from flows.importing import importing

with importing():
    for name in ("great_expectations", "tasks.articles", "tasks.reading"):
        import_module(name)
