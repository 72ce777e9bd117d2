"""The object store of the raw archive: bytes under the SHA-256 of what they are, compressed, in any store.

obstore talks to files, S3, Azure, Google Cloud Storage and memory; which one, a URL says. A write is atomic in
each of them: a crash leaves the whole object or none.
"""

import gzip
import hashlib
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from models.errors import RawArchiveError

if TYPE_CHECKING:
    from obstore.store import ObjectStore

# News shrinks to a third already at this level, in a quarter of the time of the default one.
_LEVEL = 4


@dataclass(frozen=True, slots=True)
class Objects:
    """Bytes by the SHA-256 of what they are; `url` is for messages."""

    url: str
    store: "ObjectStore"

    def put(self, sha256: str, content: bytes) -> str:
        """Keep bytes and give their key; the same bytes again change nothing. Raises RawArchiveError."""
        import obstore

        key = object_key(sha256)
        try:
            obstore.put(self.store, key, gzip.compress(content, _LEVEL, mtime=0))
        except (OSError, obstore.exceptions.BaseError) as error:
            raise _failed(f"cannot write {key} to the raw archive {self.url}", error) from error
        return key

    def get(self, key: str, sha256: str) -> bytes:
        """Give the bytes of a key, which have to be those of the SHA-256.

        Raises RawArchiveError where they are missing or damaged.
        """
        import obstore

        try:
            content = gzip.decompress(bytes(obstore.get(self.store, key).bytes()))
        except (OSError, EOFError, zlib.error, obstore.exceptions.BaseError) as error:
            raise _failed(f"cannot read {key} from the raw archive {self.url}", error) from error
        if hashlib.sha256(content).hexdigest() != sha256:
            raise RawArchiveError(f"{key} in the raw archive {self.url} is damaged", "fetch its document again")
        return content


def open_objects(url: str) -> Objects:
    """Give the object store of a URL; a folder is made where it is missing.

    `open_objects("file:///data/tongbi/raw")`, `open_objects("s3://bucket/raw")`. What a store of the cloud
    needs besides stands in its own variables (AWS_ACCESS_KEY_ID …). Raises RawArchiveError.
    """
    from obstore.exceptions import BaseError
    from obstore.store import LocalStore, from_url

    parsed = urlsplit(url)
    try:
        if parsed.scheme == "file":
            return Objects(url, LocalStore(Path(unquote(parsed.path)), mkdir=True))
        return Objects(url, from_url(url))
    except (OSError, ValueError, BaseError) as error:
        raise _failed(f"the raw archive {url!r} cannot be opened", error) from error


def object_key(sha256: str) -> str:
    """Give the key of an object: `ab/cd/abcd….gz`, so that no folder holds too many."""
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}.gz"


def _failed(what: str, error: Exception) -> RawArchiveError:
    lines = str(error).strip().splitlines()
    reason = lines[0] if lines else type(error).__name__
    return RawArchiveError(f"{what}: {reason}", "check TONGBI_RAW_URL, the permissions and the free space")
