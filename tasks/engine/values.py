"""How the values are made that the passes of the grammar hand to each other."""

from dataclasses import dataclass
from typing import TypeVar, dataclass_transform

_Class = TypeVar("_Class", bound=type)


@dataclass_transform(frozen_default=True)
def value(made: _Class) -> _Class:
    """Make a class of values with slots, which the type checker holds to be frozen.

    `@dataclass(frozen=True)` checks that at run time too, and takes four times as long to make each value; a text
    makes hundreds of them, and nobody outside of the engine sees one.
    """
    return dataclass(slots=True)(made)  # type: ignore[return-value]
