"""The medium of an article: the line （文章来源：上海证券报） at its end."""

import re

from tasks.articles.passage import Passage, cut

_IN_BRACKETS = re.compile(
    r"[（(]\s*文章来源\s*[:：]\s*"
    r"(?P<medium>[^（）()\n]*(?:[（(][^（）()\n]*[)）][^（）()\n]*)*)"
    r"(?:[)）]|\Z)"
)
_ON_ITS_OWN = re.compile(r"^文章来源\s*[:：]\s*(?P<medium>[^\n]{1,30})$", re.MULTILINE)
# The beginning of the line, where the file is cut off in it.
_CUT_OFF = re.compile(r"^[（(](?:文(?:章(?:来源?)?)?)?(?P<medium>)\Z", re.MULTILINE)
_FORMS = (_IN_BRACKETS, _ON_ITS_OWN, _CUT_OFF)


def take_medium(passage: Passage) -> tuple[Passage, str | None]:
    """Give the passage without its medium, and the medium.

    `增长8%。\\n（文章来源：证券时报）` → text `增长8%。`, medium `证券时报`. The brackets may be half-width,
    stand at the end of a paragraph, or miss at the very end of the text. Of several the last one is given;
    all are taken off.
    """
    found = next((found for form in _FORMS if (found := list(form.finditer(passage.text)))), [])
    if not found:
        return passage, None
    medium = found[-1]["medium"].strip()
    return cut(passage, [match.span() for match in found]), medium or None
