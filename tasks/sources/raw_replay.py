"""The raw archive as a source: what was fetched before, without asking anybody."""

from dataclasses import dataclass
from datetime import date

from models.errors import DocumentError, RawArchiveError, SourceError
from models.raw_archive import Kept, RawArchive
from models.values import RawDocument
from tasks.sources.documents import DocumentRef, chosen


@dataclass(frozen=True, slots=True)
class RawReplay:
    """The documents of the source `name` as they were last kept."""

    name: str
    archive: RawArchive

    def list_documents(self, since: date | None, until: date | None) -> list[DocumentRef]:
        """List the documents kept of the days, by day and location. Raises SourceError where none was ever kept."""
        kept = self.archive.recent(self.name)
        if not kept:
            raise SourceError(
                f"nothing is kept of the source {self.name}", "run it once without --replay, then replay it"
            )
        refs = chosen((reference_of(each) for each in kept), since, until)
        return sorted(refs, key=lambda ref: (ref.published_on or date.min, ref.location))

    def fetch(self, ref: DocumentRef) -> RawDocument:
        """Give the bytes of one document as they came. Raises DocumentError where they are lost."""
        kept = self.archive.latest(self.name, [ref.location]).get(ref.location)
        if kept is None:
            raise DocumentError(f"{ref.location} is not kept", "run its source without --replay")
        try:
            return self.archive.read(kept)
        except RawArchiveError as error:
            raise DocumentError(error.what, error.next_step) from error


def reference_of(kept: Kept) -> DocumentRef:
    """Give the reference of a kept document."""
    return DocumentRef(kept.source, kept.location, None, kept.published_on, kept.listed)
