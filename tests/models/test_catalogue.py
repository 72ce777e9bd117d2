"""The catalogue: closed, without doubles, and found by the words of an article."""

import tomllib
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from models.catalogue import entities, find_entity, find_metric, find_unit, metric_names, metrics, units
from models.vocabulary import Kind

DATA = Path(__file__).resolve().parents[2] / "models"


def doubles(names: list[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


def test_an_id_stands_in_one_table_alone() -> None:
    """TOML forbids a double in one table, not in two."""
    tables = tomllib.loads((DATA / "metrics.toml").read_text(encoding="utf-8"))
    ids = [id_ for name, table in tables.items() if name != "units" for id_ in table]
    assert doubles(ids) == []
    assert len(ids) == len(metrics()) > 200


def test_no_name_is_borne_by_two_metrics_two_units_or_two_entities() -> None:
    for catalogue in (metrics(), units(), entities()):
        names = [name for entry in catalogue.values() for name in {entry.name, *entry.aliases}]
        assert doubles(names) == []


def test_every_dimension_of_a_metric_is_one_that_a_unit_has() -> None:
    known = {unit.dimension for unit in units().values()} | {"price", "flow"}
    assert {dimension for metric in metrics().values() for dimension in metric.unit_dimensions} <= known


def test_a_share_is_never_negative_and_may_be_in_per_cent() -> None:
    shares = [metric for metric in metrics().values() if metric.is_share]
    assert shares
    assert all(metric.non_negative and "ratio" in metric.unit_dimensions for metric in shares)


def test_every_metric_has_a_definition_and_a_sensible_range() -> None:
    for metric in metrics().values():
        assert metric.definition
        assert metric.plausible is None or metric.plausible[0] < metric.plausible[1]


def test_every_parent_is_an_entity_and_no_entity_is_its_own_ancestor() -> None:
    for entity in entities().values():
        seen = [entity.id]
        parent = entity.parent
        while parent is not None:
            assert parent in entities(), f"{entity.id} has the unknown parent {parent}"
            assert parent not in seen
            seen.append(parent)
            parent = entities()[parent].parent


@pytest.mark.parametrize(
    ("words", "metric_id"),
    [
        ("净利润", "net_profit"),
        ("归母净利润", "net_profit_attributable"),
        ("GDP", "gdp"),
        ("累计成交量", "trading_volume"),
        ("市场销售均价", "average_price"),
        ("毛利率", "gross_margin"),
        ("政策性贷款利率", "interest_rate"),
        ("占公司总股本", "share_of_capital"),
        ("占最近一期经审计净资产的比例", "share_of_net_assets"),
        ("在电子板块持仓占比", "share_of_whole"),
        ("加息25个基点的概率", "probability"),
        ("全口径 交易规模", "transaction_scale"),
        ("天气", None),
        ("", None),
        (None, None),
    ],
)
def test_words_find_their_metric(words: str | None, metric_id: str | None) -> None:
    found = find_metric(words)
    assert (found.id if found else None) == metric_id


def test_what_only_says_a_metric_is_known_and_parts_no_measure_from_its_subject() -> None:
    found = find_metric("减持")
    assert found is not None
    assert (found.id, found.said) == ("shares_reduced", ("减持",))
    assert "减持" not in metric_names()
    assert {"减持股份", "净利润"} <= metric_names()


@pytest.mark.parametrize(
    ("code", "dimension"),
    [
        ("CNY", "money"),
        ("%", "ratio"),
        ("pp", "points"),
        ("x", "multiple"),
        ("点", "index"),
        ("CNY/吨", "price"),
        ("桶/日", "flow"),
        ("例/10万人", "flow"),
        ("平米", "area"),
        ("摞", "count"),
        ("", None),
        (None, None),
        (" 吨", None),
        ("CNY/", None),
        ("3吨", None),
    ],
)
def test_a_unit_has_its_dimension(code: str | None, dimension: str | None) -> None:
    found = find_unit(code)
    assert (found.dimension if found else None) == dimension


def test_another_name_of_a_unit_finds_the_same_unit() -> None:
    renminbi = find_unit("人民币")
    assert renminbi is not None
    assert renminbi.code == "CNY"


@pytest.mark.parametrize(
    ("words", "entity_id"),
    [("沪指", "sse_composite"), ("全国碳市场", "national_carbon_market"), ("上海机场", None), (None, None)],
)
def test_only_an_exact_name_finds_an_entity(words: str | None, entity_id: str | None) -> None:
    """上海机场 is not Shanghai, although it begins so."""
    found = find_entity(words)
    assert (found.id if found else None) == entity_id


@pytest.mark.parametrize(
    ("words", "unit", "kind", "is_allowed"),
    [
        ("净利润", "CNY", Kind.LEVEL, True),
        ("净利润", "吨", Kind.LEVEL, False),
        ("净利润", "家", Kind.CHANGE_AMOUNT, False),
        ("净利润", "%", Kind.CHANGE_RATE, True),
        ("净利润", "CNY", Kind.CHANGE_RATE, False),
        ("净利润", "pp", Kind.CHANGE_AMOUNT, True),
        ("净利润", "pp", Kind.LEVEL, False),
        ("占比", "CNY", Kind.LEVEL, False),
        ("收益率", "bp", Kind.CHANGE_AMOUNT, True),
        ("市盈率", "x", Kind.LEVEL, True),
        ("产量", "吨", Kind.LEVEL, True),
        ("产量", "CNY", Kind.LEVEL, False),
    ],
)
def test_a_metric_allows_the_units_of_its_dimension(words: str, unit: str, kind: Kind, is_allowed: bool) -> None:
    metric, found = find_metric(words), find_unit(unit)
    assert metric is not None
    assert found is not None
    assert metric.allows(found, kind) is is_allowed


def test_a_rate_that_stays_in_a_band_has_it_as_decimals() -> None:
    assert metrics()["unemployment_rate"].plausible == (Decimal(0), Decimal(60))
