"""How much the catalogue knows of what figures name, and what it does not know, by frequency."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Example:
    """A figure that bears a name: the id of its article, whom and what it is about, and its text."""

    article: str
    subject: str | None
    metric: str | None
    text: str


@dataclass(slots=True)
class Name:
    """A name that the catalogue does not know, how many figures bear it, and one of them."""

    words: str
    count: int
    example: Example


@dataclass(slots=True)
class Coverage:
    """How many figures have a name, of how many of them the catalogue knows it, and the names that it does not."""

    named: int = 0
    known: int = 0
    unknown: dict[str, Name] = field(default_factory=dict)

    def share(self) -> float:
        """Give the known part of the named, 1.0 where nothing is named."""
        return self.known / self.named if self.named else 1.0

    def most_frequent(self, limit: int) -> list[Name]:
        """Give the unknown names, the most frequent first; equally frequent ones in the order of their words."""
        return sorted(self.unknown.values(), key=lambda name: (-name.count, name.words))[:limit]


Named = tuple[str, int, Example]


def cover(names: Iterable[Named], knows: Callable[[str], object | None]) -> Coverage:
    """Count the names (words, how many figures, an example) by whether the catalogue knows them.

    >>> cover([("净利润", 3, example), ("用户粘性", 1, example)], find_metric).share()  # doctest: +SKIP
    0.75
    """
    found = Coverage()
    for words, count, example in names:
        found.named += count
        if knows(words):
            found.known += count
        else:
            found.unknown.setdefault(words, Name(words, 0, example)).count += count
    return found


def names_of(records: Iterable[Record], role: str) -> Iterable[Named]:
    """Give the words that the figures of some records have as their `role`: "metric" or "subject"."""
    for record in records:
        for figure in record["figures"]:
            if figure[role]:
                yield (
                    figure[role],
                    1,
                    Example(record["id"], figure["subject"], figure["metric"], figure["text"]),
                )
