"""The tasks that list a source's documents and fetch their bytes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.context import TaskRunContext

from models.errors import DocumentError, SourceError, TransientError, TransientSourceError
from models.staging import Unreadable
from models.values import RawDocument
from tasks.sources import DocumentRef, Source, fetch_many

_RETRIES = 2


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of a chunk of references: the documents, and each one that could not be fetched.

    `missing` counts those of the lost that may be had another time.
    """

    documents: tuple[RawDocument, ...]
    lost: tuple[Unreadable, ...]
    missing: int = 0


def _may_pass(_task: object, _run: object, state: State[Any]) -> bool:
    """Tell Prefect to try again what may be gone by itself the next time, and nothing else."""
    return isinstance(state.result(raise_on_failure=False), TransientError)


def _is_last_try() -> bool:
    run = TaskRunContext.get()
    return run is None or run.task_run.run_count > run.task.retries


@task(name="list", cache_policy=NO_CACHE, retries=_RETRIES, retry_condition_fn=_may_pass)
def list_documents(source: Source, since: date | None, until: date | None) -> list[DocumentRef]:
    """List what the source has from `since` to `until`, both included.

    Raises `SourceError` where it has nothing: an empty listing is a wrong place or a source gone silent.
    """
    documents = source.list_documents(since, until)
    if not documents:
        days = f"between {since or 'the beginning'} and {until or 'today'}"
        raise SourceError(f"the source {source.name} has no documents {days}", "choose other days or another source")
    return documents


@task(name="fetch", cache_policy=NO_CACHE, retries=_RETRIES, retry_condition_fn=_may_pass)
def fetch(source: Source, refs: Sequence[DocumentRef]) -> Fetched:
    """Fetch a chunk of documents; one that cannot be fetched is kept with its error and the others go on.

    Where not one can be had now, because the source is out of reach, the task raises TransientSourceError to be
    tried again, but for its last try.
    """
    documents: list[RawDocument] = []
    errors: list[DocumentError] = []
    lost: list[Unreadable] = []
    for ref, outcome in zip(refs, fetch_many(source, refs), strict=True):
        if isinstance(outcome, DocumentError):
            errors.append(outcome)
            lost.append(Unreadable(ref.source, ref.location, None, outcome.what))
        else:
            documents.append(outcome)
    missing = sum(isinstance(error, TransientError) for error in errors)
    is_out_of_reach = bool(errors) and not documents and missing == len(errors)
    if is_out_of_reach and not _is_last_try():
        raise TransientSourceError(f"the source {source.name} gave no document: {errors[0].what}", "run again later")
    return Fetched(tuple(documents), tuple(lost), missing)
