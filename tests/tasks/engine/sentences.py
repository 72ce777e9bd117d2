"""The sentences of sentences.txt, each with the figures that a careful reader finds in it."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text, its day of publication, and one line a figure, in the form that sentences.txt explains."""

    name: str
    published: date
    text: str
    figures: tuple[str, ...]


def _sentence(block: str) -> Sentence:
    name, written, *figures = block.splitlines()
    day, text = written.split(" ", 1)
    return Sentence(
        name.removeprefix("# "),
        date.fromisoformat(day),
        text.replace("⏎", "\n"),
        tuple(line.strip() for line in figures),
    )


def _read() -> tuple[Sentence, ...]:
    _, *blocks = Path(__file__).with_name("sentences.txt").read_text(encoding="utf-8").strip().split("\n\n")
    return tuple(_sentence(block) for block in blocks)


SENTENCES = _read()
