"""Lists of numbers: which belong together, and which name each one is of (分别)."""

import re
from dataclasses import replace

from tasks.engine.grammar import calendar
from tasks.engine.grammar.labels import Label
from tasks.engine.grammar.names import acting_name, leading_name, strip_code
from tasks.engine.grammar.times import TimeExpression
from tasks.engine.grammar.tokens import Token
from tasks.engine.values import value

_LIST_GAP = re.compile(r"[、/和及与,]|以及|，及|或")
# Names of a list are parted by 、 alone where that fits: 和 may stand inside one (设备和组件).
_NAME_GAPS = (re.compile("、"), re.compile(r"[、和及与/]|以及"))

# Verbs that end the last name of a list.
_DOING = re.compile("[获将被已等]|(?<!自)由|因(?!子)")


@value
class Before:
    """What a sentence said before a list: the labels of its figures, and the names that its topic listed."""

    labels: list[Label]
    topic: str | None


def groups(text: str, quantities: tuple[Token, ...]) -> list[list[Token]]:
    """Give the quantities of a clause, those of one list together."""
    found: list[list[Token]] = []
    for token in quantities:
        if found and _listed(text, found[-1][-1], token):
            found[-1].append(token)
        else:
            found.append([token])
    return found


def _listed(text: str, left: Token, right: Token) -> bool:
    same = left.quantity is not None and right.quantity is not None and left.quantity.unit == right.quantity.unit
    return same and bool(_LIST_GAP.fullmatch(text[left.end : right.start]))


def named_in(words: str, count: int) -> list[str]:
    """Give the names of a list, parted so that there are `count` of them, or in the usual way.

    >>> named_in("显示零组、设备和组件", 2)
    ['显示零组', '设备和组件']
    """
    parted = [gap.split(words) for gap in _NAME_GAPS]
    return next((names for names in parted if len(names) == count), parted[-1])


def aligned(label: Label, before: Before, count: int, distributed: bool, has_nouns: bool) -> list[Label] | None:
    """Give each of a list's numbers its label, or None where names and numbers differ in count after 分别.

    >>> # 通光转债、新星转债分别涨17.2%、8.69% gives each its own name
    """
    if count == 1:
        return [label]
    names = named_in(label.subject or "", count) if has_nouns else []
    if len(names) == count:
        return [replace(label, subject=strip_code(name), rule="分别: names in order") for name in names]
    metrics = named_in(label.metric or "", count) if has_nouns else []
    if len(metrics) == count and all(metrics):
        return [replace(label, metric=metric, rule="分别: measures in order") for metric in metrics]
    if distributed and not has_nouns and len(before.labels) >= count:
        return [replace(one, rule="分别: the figures before, in order") for one in before.labels[-count:]]
    subjects = _several_subjects(before, count) if distributed else None
    if subjects is not None:
        return [replace(label, subject=subject, rule="分别: the subjects before, in order") for subject in subjects]
    return None if distributed and len(names) > 1 else [label] * count


def _several_subjects(before: Before, count: int) -> list[str | None] | None:
    listed = named_in(before.topic or "", count)
    if count > 1 and len(listed) == count:
        return [*map(strip_code, listed[:-1]), _actor(listed[-1])]
    subjects = [label.subject for label in before.labels[-count:]]
    return subjects if len(subjects) == count and len(set(subjects)) == count else None


def _actor(words: str) -> str:
    """Give the last name of a list without what it does: 设备和组件 of 设备和组件获机构增持."""
    doing = _DOING.search(words, 2)
    return strip_code(words[: doing.start()] if doing else leading_name(words) or acting_name(words) or words)


def times_in_order(
    window: list[TimeExpression], sentence: list[TimeExpression], count: int, distributed: bool
) -> list[TimeExpression] | None:
    """Give each number of a list its own time, where as many were named: 2022/2023年净利润236/333亿元."""
    if count < 2:
        return None
    if len(window) == count:
        return window
    if not distributed:
        return None
    distinct = list({time.past: time for time in sentence}.values())
    if len(distinct) == count and len({time.grain for time in distinct}) == 1:
        return sorted(distinct, key=lambda time: time.start)
    return _years(distinct[-1], count) if distinct else None


def _years(time: TimeExpression, count: int) -> list[TimeExpression] | None:
    """Give the years of 2022-2024年 one by one, where they are as many as the numbers."""
    span = time.past or time.ahead
    if time.grain != "years" or span is None or span.end.year - span.start.year + 1 != count:
        return None
    years = [calendar.year_period(year) for year in range(span.start.year, span.end.year + 1)]
    return [replace(time, past=year, ahead=year, grain="year") for year in years]
