"""Imports of thousands of modules, in less time."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def importing() -> Iterator[None]:
    """Let the block import much, and count what is there at its end among what is never garbage.

    Python would look for garbage on the way, which takes a sixth of the time and finds none.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
