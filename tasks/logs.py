"""Lines of the log that a program can read too: what happened, and its facts by name."""

import json
import re

_PLAIN = re.compile(r"[^\s\"'=]+")


def line(event: str, **facts: object) -> str:
    """Give one line of the log; a fact that is None is left out, one with spaces stands in quotes.

    >>> line("malformed", batch=12, article="202204182200000001", text="84.32%% 的")
    'malformed batch=12 article=202204182200000001 text="84.32%% 的"'
    """
    return " ".join([event, *(f"{name}={_written(fact)}" for name, fact in facts.items() if fact is not None)])


def _written(fact: object) -> str:
    words = str(fact)
    return words if _PLAIN.fullmatch(words) else json.dumps(words, ensure_ascii=False)
