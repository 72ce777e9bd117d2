"""The catalogue: which metrics, units and entities are known, read from the TOML files beside this module.

A metric says what its amounts may be (money, a share, a price …): so a figure can be told from a misreading.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from models.vocabulary import Kind

_ANY_WORDS = "…"


@dataclass(frozen=True, slots=True)
class Unit:
    """A canonical unit: `CNY` is money, `CNY/股` a price, `桶/日` a flow, an unknown measure word a count."""

    code: str
    dimension: str
    name: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Metric:
    """A measure: its names, the dimensions that its units may have, and where its amounts lie.

    `said` are those of its aliases that are no names by themselves: 减持 of 减持股份. `plausible` bounds a level in
    per cent; `is_share` says that it is a part of a whole, 0 … 100 %.
    """

    id: str
    name: str
    aliases: tuple[str, ...]
    dimension: str
    unit_dimensions: frozenset[str]
    definition: str
    non_negative: bool
    is_share: bool
    plausible: tuple[Decimal, Decimal] | None
    said: tuple[str, ...] = ()

    def allows(self, unit: Unit, kind: Kind) -> bool:
        """Give True where a figure of this kind may have this unit.

        Any amount may be so many times, or so much per cent, of something else (净利润的7.74%), and its
        growth may speed up by percentage points.

        >>> metric = find_metric("净利润")
        >>> metric.allows(find_unit("CNY"), Kind.LEVEL), metric.allows(find_unit("吨"), Kind.LEVEL)
        (True, False)
        """
        if kind is Kind.CHANGE_RATE:
            return unit.code == "%"
        relative = {"points"} if kind is Kind.CHANGE_AMOUNT else {"ratio", "multiple"}
        return unit.dimension in self.unit_dimensions | relative


@dataclass(frozen=True, slots=True)
class Entity:
    """Somebody or something that figures are about: an index, an exchange, a region, a commodity …"""

    id: str
    kind: str
    name: str
    aliases: tuple[str, ...]
    parent: str | None


@lru_cache(maxsize=1)
def metrics() -> Mapping[str, Metric]:
    """Give all metrics by id, in the order of the catalogue: `metrics()["net_profit"].name` is 净利润."""
    tables = _read("metrics.toml")
    dimensions: dict[str, list[str]] = tables.pop("units")
    return MappingProxyType(
        {id_: _metric(id_, entry, dimensions) for table in tables.values() for id_, entry in table.items()}
    )


@lru_cache(maxsize=1)
def units() -> Mapping[str, Unit]:
    """Give the canonical units by code, the currencies first: `units()["CNY"].dimension` is "money"."""
    return MappingProxyType(
        {
            code: Unit(code, dimension, entry["zh"], tuple(entry["also"]))
            for dimension, table in _read("units.toml").items()
            for code, entry in table.items()
        }
    )


@lru_cache(maxsize=1)
def entities() -> Mapping[str, Entity]:
    """Give the known entities by id: `entities()["national_carbon_market"].parent` is "seee"."""
    return MappingProxyType(
        {
            id_: Entity(id_, kind, entry["zh"], tuple(entry["also"]), entry["parent"] or None)
            for kind, table in _read("entities.toml").items()
            for id_, entry in table.items()
        }
    )


@lru_cache(maxsize=8192)
def find_metric(words: str | None) -> Metric | None:
    """Give the metric that these words name, or None.

    An exact name counts most, then one with a gap (占…股本), then the longest name that the words end with.

    >>> find_metric("累计成交量").id, find_metric("占公司总股本").id, find_metric("天气")
    ('trading_volume', 'share_of_capital', None)
    """
    squashed = "".join(words.split()) if words else ""
    if not squashed:
        return None
    names = _metric_names()
    return names.get(squashed) or _find_by_gap(squashed) or _find_by_ending(squashed, names)


@lru_cache(maxsize=4096)
def find_unit(code: str | None) -> Unit | None:
    """Give the unit of this code or other name: an unknown measure word is a count, what is no unit None.

    >>> find_unit("CNY/吨").dimension, find_unit("桶/日").dimension, find_unit("群").dimension, find_unit("")
    ('price', 'flow', 'count', None)
    """
    if not code or code != code.strip() or any(character.isspace() for character in code):
        return None
    if known := units().get(code) or _unit_names().get(code):
        return known
    above, slash, below = code.partition("/")
    if not slash:
        return None if any(character.isdigit() for character in code) else Unit(code, "count", code)
    if not above or not below or "/" in below:
        return None
    numerator = find_unit(above)
    if numerator is None:
        return None
    return Unit(code, "price" if numerator.dimension == "money" else "flow", code)


@lru_cache(maxsize=8192)
def find_entity(words: str | None) -> Entity | None:
    """Give the entity of exactly this name or alias, or None: `find_entity("沪指").id` is "sse_composite"."""
    return _entity_names().get(words.strip()) if words else None


def _read(file_name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files("models").joinpath(file_name).read_text(encoding="utf-8"))


def _metric(id_: str, entry: dict[str, Any], dimensions: dict[str, list[str]]) -> Metric:
    low_high = entry.get("range")
    said = tuple(entry.get("said", ()))
    return Metric(
        id=id_,
        name=entry["zh"],
        aliases=(*entry["also"], *said),
        dimension=entry["of"],
        unit_dimensions=frozenset(dimensions[entry["of"]]),
        definition=entry["is"],
        non_negative=entry.get("non_negative", False),
        is_share=entry.get("share", False),
        plausible=(Decimal(low_high[0]), Decimal(low_high[1])) if low_high else None,
        said=said,
    )


def metric_names() -> frozenset[str]:
    """Give all names of all metrics that part a measure from its subject: 净利润, 营收 …, not 占…股本 nor 减持."""
    return frozenset(
        name for name, metric in _metric_names().items() if _ANY_WORDS not in name and name not in metric.said
    )


@lru_cache(maxsize=1)
def _metric_names() -> dict[str, Metric]:
    return {name: metric for metric in metrics().values() for name in (metric.name, *metric.aliases)}


@lru_cache(maxsize=1)
def _gap_names() -> tuple[tuple[str, str, Metric], ...]:
    """Give (beginning, ending, metric) of the names with a gap, the longest ending first."""
    parted = [(name.partition(_ANY_WORDS), metric) for name, metric in _metric_names().items()]
    gaps = [(beginning, ending, metric) for (beginning, gap, ending), metric in parted if gap]
    return tuple(sorted(gaps, key=lambda gap: -len(gap[1])))


@lru_cache(maxsize=1)
def _unit_names() -> dict[str, Unit]:
    return {name: unit for unit in units().values() for name in (unit.name, *unit.aliases)}


@lru_cache(maxsize=1)
def _entity_names() -> dict[str, Entity]:
    return {name: entity for entity in entities().values() for name in (entity.name, *entity.aliases)}


def _find_by_gap(words: str) -> Metric | None:
    for beginning, ending, metric in _gap_names():
        if words.startswith(beginning) and words.endswith(ending) and len(words) > len(beginning + ending):
            return metric
    return None


def _find_by_ending(words: str, names: Mapping[str, Metric]) -> Metric | None:
    endings = (words[start:] for start in range(1, len(words) - 1))
    return next((names[ending] for ending in endings if ending in names), None)
