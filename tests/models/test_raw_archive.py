"""The raw archive: every byte kept once, how it came noted, and nothing half-written."""

import gzip
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from models.database import open_database
from models.errors import RawArchiveError
from models.objects import object_key, open_objects
from models.raw_archive import RawArchive
from models.values import RawDocument
from models.vocabulary import DocumentFormat
from tests.models.making import NOW, rows

PLACE = "http://news.example/a.html"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[RawArchive]:
    engine = open_database(f"sqlite:///{tmp_path}/tongbi.db")
    yield RawArchive(engine, open_objects((tmp_path / "raw").as_uri()))
    engine.dispose()


def a_document(content: bytes = b"one", **changes: object) -> RawDocument:
    fields: dict[str, object] = {
        "source": "site",
        "location": PLACE,
        "content": content,
        "sha256": hashlib.sha256(content).hexdigest(),
        "fetched_at": NOW,
        "format": DocumentFormat.SITE_PAGE,
        "listed": (("title", "涨1%"),),
        "published_on": NOW.date(),
        "status": 200,
        "headers": (("etag", '"1"'), ("x-served-by", "cache")),
    }
    return RawDocument(**(fields | changes))  # type: ignore[arg-type]


def test_a_document_comes_back_as_it_came(archive: RawArchive, tmp_path: Path) -> None:
    assert archive.keep([a_document()]) == 1
    kept = archive.latest("site", [PLACE, "elsewhere"])
    assert kept.keys() == {PLACE}
    assert (kept[PLACE].etag, kept[PLACE].last_modified) == ('"1"', None)
    assert archive.read(kept[PLACE]) == archive.find(a_document().sha256) == a_document()
    stored = tmp_path / "raw" / object_key(a_document().sha256)
    assert gzip.decompress(stored.read_bytes()) == b"one"


def test_the_same_again_changes_no_row_and_other_bytes_are_another_response(archive: RawArchive) -> None:
    archive.keep([a_document()])
    before = rows(archive.engine, "SELECT * FROM raw_response")
    assert archive.keep([a_document(fetched_at=NOW + timedelta(days=1))]) == 0
    assert rows(archive.engine, "SELECT * FROM raw_response") == before
    assert archive.keep([a_document(b"two", fetched_at=NOW + timedelta(days=2))]) == 1
    assert archive.latest("site", [PLACE])[PLACE].sha256 == a_document(b"two").sha256
    archive.keep([a_document(fetched_at=NOW + timedelta(days=3))])
    assert archive.latest("site", [PLACE])[PLACE].sha256 == a_document().sha256
    assert len(rows(archive.engine, "SELECT id FROM raw_response")) == 2


def test_both_places_of_the_same_bytes_are_known(archive: RawArchive) -> None:
    other = a_document(source="feed", location="http://news.example/feed.xml#a")
    assert archive.keep([a_document(), other]) == 1
    assert archive.read(archive.latest("feed", [other.location])[other.location]) == other


def test_listings_are_kept_but_are_no_documents(archive: RawArchive) -> None:
    archive.keep([a_document(), a_document(b"list", location="/", format=DocumentFormat.LISTING)])
    assert [kept.location for kept in archive.recent("site")] == [PLACE]


@pytest.mark.parametrize("damage", [b"", b"\x1f\x8b cut", gzip.compress(b"another", mtime=0)])
def test_a_damaged_object_is_found_out(damage: bytes, archive: RawArchive, tmp_path: Path) -> None:
    archive.keep([a_document()])
    (tmp_path / "raw" / object_key(a_document().sha256)).write_bytes(damage)
    with pytest.raises(RawArchiveError):
        archive.find(a_document().sha256)


def test_any_store_holds_it() -> None:
    objects = open_objects("memory:///")
    sha256 = hashlib.sha256(b"a").hexdigest()
    assert objects.get(objects.put(sha256, b"a"), sha256) == b"a"
    with pytest.raises(RawArchiveError, match="cannot be opened"):
        open_objects("nonsense://bucket")


WRITE_FOR_EVER = """
import hashlib, os, sys
from models.objects import open_objects
objects = open_objects(sys.argv[1])
print("begun", flush=True)
while True:
    content = os.urandom(200_000)
    objects.put(hashlib.sha256(content).hexdigest(), content)
"""


def test_a_killed_writer_leaves_no_half_object(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    for wait in (0.05, 0.11, 0.17):
        command = [sys.executable, "-c", WRITE_FOR_EVER, raw.as_uri()]
        with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=os.getcwd()) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            try:
                writer.wait(wait)
            except subprocess.TimeoutExpired:
                writer.kill()
    objects = open_objects(raw.as_uri())
    whole = list(raw.rglob("*.gz"))
    assert whole
    for path in whole:
        objects.get(str(path.relative_to(raw)), path.name.removesuffix(".gz"))


def test_what_the_rows_say_can_be_told_apart(archive: RawArchive) -> None:
    archive.keep([a_document()])
    archive.keep([replace(a_document(), listed=(("title", "又"),), fetched_at=NOW + timedelta(days=1))])
    assert archive.latest("site", [PLACE])[PLACE].listed == (("title", "又"),)
