"""The grammar: a fixed cascade of passes, read from top to bottom.

times → numbers with scale and unit → words → clauses → figures; then every number gets its one role.
"""

from datetime import date

from models.values import Number
from tasks.engine.grammar import headline
from tasks.engine.grammar.drafts import Draft
from tasks.engine.grammar.ledger import ledger
from tasks.engine.grammar.reader import Reader
from tasks.engine.grammar.tokens import tokenize


def read_tokens(text: str, published: date) -> tuple[list[Draft], list[Number]]:
    """Give the figures of a folded text, still as drafts, and the ledger of all its numbers."""
    tokens = tokenize(text, published)
    reader = Reader(tokens, published)
    reader.read()
    return headline.complete(text, reader.drafts), ledger(tokens, reader)
