"""The info code of an article: its identity, taken from the file name and compared with the link."""

import re
from pathlib import PurePosixPath

_NAME = re.compile(r"(?:\d{4}-\d{1,2}-\d{1,2})?-?(?P<stem>.*)")
_LONG_CODE = re.compile(r"(?:NW)?(?P<code>\d{14,})(?P<copy>-\d+)?")
_LINK_CODE = re.compile(r"(?:,|infoCode=(?:NW)?)(?P<code>\d{8,})(?=\.html|[&#]|$)")


def link_code(link: str | None) -> str | None:
    """Give the info code in a link: `…/1516,202112082207158283.html` or `…?infoCode=NW202204182347189049`."""
    found = _LINK_CODE.search(link or "")
    return found["code"] if found else None


def find_info_code(location: str, link: str | None) -> tuple[str, tuple[str, ...]]:
    """Give the info code of a post and what is remarkable about it.

    `2022-04-18-202204182347189049.md` → `202204182347189049`, and so does
    `2022-04-18-202204182347189049-2.md`, with a fault that says so. A file whose name has no long number is
    known by its link's code, else by its own name (`2021-12-01-init.md` → `init`). Where name and link differ
    the name holds.
    """
    named = _NAME.fullmatch(PurePosixPath(location).stem)
    stem = (named["stem"] if named else "") or PurePosixPath(location).stem
    linked = link_code(link)
    long = _LONG_CODE.fullmatch(stem)
    if long:
        return long["code"], (*_copy_fault(long["copy"]), *_link_fault(long["code"], linked))
    if linked:
        return linked, (f"no info code in the file name: {linked} is the link's",)
    return stem, ()


def _copy_fault(copy: str | None) -> tuple[str, ...]:
    return (f"the file name marks a further copy: {copy}",) if copy else ()


def _link_fault(code: str, linked: str | None) -> tuple[str, ...]:
    return (f"the link has another info code: {linked}",) if linked and linked != code else ()
