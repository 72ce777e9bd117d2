"""An audit that is made once: Great Expectations takes longer than all else, and touches no database.

What was found is kept under what was audited, by the places of the rows, for their ids differ from run to run.
"""

import hashlib
import pickle
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

import expectations
from expectations import BatchFacts
from models.audit import AuditOutcome
from models.vocabulary import RowKind

_IDS = ("row_id", "batch_id", "article_row_id")


@dataclass(frozen=True, slots=True)
class KnownAudits:
    """The audits that were made, in a folder; the same rows again get the same outcome."""

    folder: Path

    def __call__(
        self, articles: pl.DataFrame, figures: pl.DataFrame, numbers: pl.DataFrame, facts: BatchFacts
    ) -> AuditOutcome:
        """Give the outcome of an audit, which is made where it is not known."""
        frames = {RowKind.ARTICLE: articles, RowKind.FIGURE: figures, RowKind.NUMBER: numbers}
        said = repr(facts) + "".join(frame.drop(_IDS, strict=False).write_json() for frame in frames.values())
        path = self.folder / hashlib.sha256(said.encode()).hexdigest()
        ids = {kind: frame["row_id"].to_list() for kind, frame in frames.items()}
        if path.exists():
            return _by_ids(pickle.loads(path.read_bytes()), ids)
        outcome = expectations.audit(articles, figures, numbers, facts)
        path.write_bytes(pickle.dumps(_by_places(outcome, ids)))
        return outcome


def _by_places(outcome: AuditOutcome, ids: Mapping[RowKind, list[int]]) -> AuditOutcome:
    failures = (replace(each, row_id=ids[each.row_kind].index(each.row_id)) for each in outcome.failures)
    return replace(outcome, failures=tuple(failures))


def _by_ids(outcome: AuditOutcome, ids: Mapping[RowKind, list[int]]) -> AuditOutcome:
    return replace(
        outcome, failures=tuple(replace(each, row_id=ids[each.row_kind][each.row_id]) for each in outcome.failures)
    )
