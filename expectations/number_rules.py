"""What a good ledger is: every number in its place with one role, none malformed, no two over each other."""

import polars as pl

from expectations.rules import Row, Rule, known_word, misplaced, overlapping
from expectations.suspects import MISPLACED, OVERLAPPING, unknown
from models.vocabulary import Role


def _malformed(row: Row) -> str | None:
    if row["role"] != Role.MALFORMED:
        return None
    return f"{row['text']} ({row['reason']})" if row["reason"] else row["text"]


RULES = (
    Rule(
        "numeral_is_well_formed",
        _malformed,
        suspect=pl.col("role") == "malformed",
        allowed="a numeral that can be read in one way",
        why="A numeral such as 655.58.1亿元 or 84.32%% is never guessed at: somebody has to look at it.",
        accepts={"role": "figure", "text": "84.32%", "reason": None},
        rejects={"role": "malformed", "text": "84.32%%"},
    ),
    Rule(
        "number_role_is_known",
        known_word("role", Role),
        suspect=unknown("role", Role),
        allowed="a role of the ledger",
        why="Every number of an article has exactly one known role, so that recall can be counted.",
        accepts={"role": "date"},
        rejects={"role": "other"},
    ),
    Rule(
        "number_text_is_in_article",
        misplaced,
        suspect=MISPLACED,
        allowed="the characters of the article from start to end",
        why="A number of the ledger must point at the characters that it stands for.",
        accepts={"text": "4月18日", "written": "4月18日", "start": 0, "end": 5},
        rejects={"start": 5},
    ),
    Rule(
        "numbers_do_not_overlap",
        overlapping,
        suspect=OVERLAPPING,
        allowed="a start not before the end of the number before it",
        why="Where two numbers of the ledger overlap, one digit is counted twice.",
        accepts={"start": 11, "previous_end": 11},
        rejects={"start": 10},
    ),
)
