"""Corrections: read with one clear error, applied to a reading, and told from what only claims to be one."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from models.correcting import correct, in_force
from models.corrections import NO_CORRECTIONS, Corrections, read_corrections
from models.errors import CorrectionError
from models.values import Figure, Period, Reading
from models.vocabulary import Bound, Kind, Role
from tests.models.making import SENTENCE, a_number, a_reading, an_article

CODE = "202204180001"
WHO = 'reason = "季报为65.558亿元"\nwho = "李"\ndate = 2022-04-20'
OVERRIDE = 'action = "override"\nset = { value = "6555800000" }'
BROKEN = "海峡重工一季度营收655.58.1亿元。"


def written(tmp_path: Path, body: str, span: str = "[9, 17]", expect: str = "655.58亿元", who: str = WHO) -> Path:
    path = tmp_path / "corrections.toml"
    head = f'[[correction]]\narticle = "{CODE}"\nspan = {span}\nexpect = "{expect}"\n'
    path.write_text(f"{head}{body}\n{who}\n", encoding="utf-8")
    return path


def read(tmp_path: Path, body: str, **given: str) -> Corrections:
    return read_corrections(written(tmp_path, body, **given))


def row_of(figure: Figure) -> dict[str, object]:
    period = figure.period
    return {
        "info_code": CODE,
        "start": figure.start,
        "end": figure.end,
        "text": figure.text,
        "kind": figure.kind.value,
        "value": None if figure.value is None else f"{figure.value:f}",
        "unit": figure.unit,
        "metric": figure.metric,
        "period_start": period.start if period else None,
        "period_end": period.end if period else None,
    }


def test_the_project_has_a_file_that_can_be_read_and_corrects_nothing_yet() -> None:
    assert read_corrections(Path("models/corrections.toml")) == {}


def test_an_override_changes_what_it_names_and_signs_for_it(tmp_path: Path) -> None:
    corrections = read(tmp_path, OVERRIDE)
    before = a_reading()
    after = correct(an_article(), before, corrections)
    figure = after.figures[0]
    assert (figure.value, figure.unit, figure.metric, figure.text) == (Decimal(6555800000), "CNY", "营收", "655.58亿元")
    assert figure.rules[-1] == "corrected by 李 on 2022-04-20: 季报为65.558亿元"
    assert SENTENCE[figure.start : figure.end] == figure.text
    assert after.figures[1] == before.figures[1]
    assert correct(an_article(), after, corrections) == after
    assert correct(an_article(code="202204180002"), before, corrections) is before
    assert correct(an_article(), before, NO_CORRECTIONS) is before


def test_an_override_may_set_every_field(tmp_path: Path) -> None:
    fields = 'kind = "change_amount", low = "1", high = "2.5", unit = "pp", basis = "yoy", metric = "毛利率", '
    fields += 'subject = "", period = [2021-01-01, 2021-12-31], status = "forecast"'
    figure = correct(an_article(), a_reading(), read(tmp_path, f'action = "override"\nset = {{ {fields} }}')).figures[0]
    assert (figure.kind, figure.low, figure.high, figure.bound) == ("change_amount", 1, Decimal("2.5"), Bound.RANGE)
    assert (figure.value, figure.unit, figure.basis, figure.status) == (None, "pp", "yoy", "forecast")
    assert (figure.metric, figure.metric_id, figure.subject, figure.entity_id) == ("毛利率", "gross_margin", None, None)
    assert figure.period == Period(date(2021, 1, 1), date(2021, 12, 31))


def test_a_number_that_cannot_be_read_becomes_a_figure_where_all_of_it_is_told(tmp_path: Path) -> None:
    article = an_article(BROKEN)
    broken = Reading((), (a_number(BROKEN, "655.58.1亿元", Role.MALFORMED, "two points"),))
    place = {"span": f"[9, {9 + len('655.58.1亿元')}]", "expect": "655.58.1亿元"}
    with pytest.raises(CorrectionError, match=f"the correction {CODE} at 9…19 finds no figure at its span"):
        correct(article, broken, read(tmp_path, OVERRIDE, **place))
    whole = 'action = "override"\nset = { kind = "level", value = "65558100000", unit = "CNY", metric = "营收" }'
    mended = correct(article, broken, read(tmp_path, whole, **place))
    (figure,), (number,) = mended.figures, mended.numbers
    assert (figure.kind, figure.value, figure.metric_id, figure.text) == (
        *(Kind.LEVEL, 65558100000, "revenue", "655.58.1亿元"),
    )
    assert (number.role, number.reason) == (Role.FIGURE, None)
    assert correct(article, mended, read(tmp_path, whole, **place)) == mended


def test_a_dropped_figure_leaves_its_number_unread_with_the_reason(tmp_path: Path) -> None:
    corrections = read(tmp_path, 'action = "drop"')
    after = correct(an_article(), a_reading(), corrections)
    assert [figure.text for figure in after.figures] == ["84.32%"]
    number = after.numbers[0]
    assert (number.role, number.reason) == (Role.UNREAD, "dropped by 李 on 2022-04-20: 季报为65.558亿元")
    assert correct(an_article(), after, corrections) == after


def test_a_flagged_figure_stays_as_it_is_with_the_remark(tmp_path: Path) -> None:
    corrections = read(tmp_path, 'action = "flag"')
    before = a_reading().figures[0]
    after = correct(an_article(), a_reading(), corrections)
    assert after.figures[0] == replace(before, rules=(*before.rules, "flagged by 李 on 2022-04-20: 季报为65.558亿元"))
    assert correct(an_article(), after, corrections) == after


@pytest.mark.parametrize("action", ['action = "flag"', 'action = "drop"', OVERRIDE])
def test_what_is_not_expected_any_more_is_named(tmp_path: Path, action: str) -> None:
    article = an_article(SENTENCE.replace("655.58", "655.85"))
    with pytest.raises(CorrectionError) as error:
        correct(article, a_reading(), read(tmp_path, action))
    assert error.value.what == (
        f"the correction {CODE} at 9…17 no longer holds: it expects '655.58亿元', the article has '655.85亿元'"
    )


@pytest.mark.parametrize("action", ['action = "flag"', 'action = "drop"'])
def test_a_span_without_a_number_is_named(tmp_path: Path, action: str) -> None:
    corrections = read(tmp_path, action, span="[0, 4]", expect="海峡重工")
    with pytest.raises(CorrectionError, match=rf"the correction {CODE} at 0…4 finds no (figure|number) at its span"):
        correct(an_article(), a_reading(), corrections)


def test_only_what_says_what_the_override_sets_is_in_force(tmp_path: Path) -> None:
    corrections = read(
        tmp_path, 'action = "override"\nset = { value = "6555800000.0", period = [2022-01-01, 2022-03-31] }'
    )
    figure = correct(an_article(), a_reading(), corrections).figures[0]
    row = row_of(figure)
    assert in_force(row, corrections) == "corrected by 李 on 2022-04-20: 季报为65.558亿元"
    for name, other in (("value", "6555800001"), ("start", 8), ("info_code", "x"), ("period_end", "2022-03-30")):
        assert in_force(row | {name: other}, corrections) is None
    assert in_force(row_of(a_reading().figures[0]), corrections) is None
    assert in_force(row, read(tmp_path, 'action = "flag"')) is None


@pytest.mark.parametrize(
    ("body", "given", "said"),
    [
        ('action = "overide"', {}, "action: input should be 'drop', 'override' or 'flag'"),
        ('action = "override"', {}, "an override, and nothing else, has set"),
        ('action = "drop"\nset = { value = "1" }', {}, "an override, and nothing else, has set"),
        ('action = "override"\nset = { valeu = "1" }', {}, "set.valeu: extra inputs are not permitted"),
        ('action = "override"\nset = { value = "viel" }', {}, "set.value: input should be a valid decimal"),
        ('action = "override"\nset = { low = "5" }', {}, "set: value error, low and high go together"),
        ('action = "drop"', {"span": "[9, 18]"}, "expect has 8 characters, the span 9"),
        ('action = "drop"', {"span": "[10]"}, "span.1: field required"),
        ('action = "drop"', {"who": 'who = "李"\ndate = 2022-04-20'}, "reason: field required"),
        ('action = "drop"', {"who": 'reason = " "\nwho = "李"\ndate = 2022-04-20'}, "reason: string should match"),
        ('action = "drop"', {"who": f"{WHO}\nwhen = 1"}, "when: extra inputs are not permitted"),
    ],
)
def test_a_field_that_is_wrong_is_named_with_its_correction(
    tmp_path: Path, body: str, given: dict[str, str], said: str
) -> None:
    path = written(tmp_path, body, **given)
    with pytest.raises(CorrectionError) as error:
        read_corrections(path)
    assert error.value.what.startswith(f"{path}: [[correction]] number 1: ")
    assert said in error.value.what
    assert len(str(error.value).splitlines()) == 2


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "corrections.toml"
    with pytest.raises(CorrectionError, match=r"cannot read .*corrections.toml: No such file"):
        read_corrections(path)
    path.write_text("[[correction]\n")
    with pytest.raises(CorrectionError, match="is not valid TOML"):
        read_corrections(path)
    path.write_text("[corrections]\n")
    with pytest.raises(CorrectionError, match=r"only \[\[correction\]\] tables are known"):
        read_corrections(path)
    twice = written(tmp_path, 'action = "drop"').read_text(encoding="utf-8")
    path.write_text(f"{twice}{twice}", encoding="utf-8")
    with pytest.raises(CorrectionError, match=f"{CODE} at 9…17 overlaps {CODE} at 9…17"):
        read_corrections(path)
