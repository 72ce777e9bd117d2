"""What a source may use beside its declaration."""

from dataclasses import dataclass
from pathlib import Path

from models.raw_archive import RawArchive


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The archive of what was fetched before, and a folder where copies of repositories may stay.

    Without them every document is asked for anew, and a copy lasts as long as its source.
    """

    archive: RawArchive | None = None
    copies: Path | None = None
