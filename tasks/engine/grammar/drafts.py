"""What the grammar hands on: figures before their words are looked up in the catalogue, and refusals."""

from models.values import Period
from models.vocabulary import Basis, Status
from tasks.engine.grammar.labels import Label
from tasks.engine.grammar.measures import Measure
from tasks.engine.grammar.quantities import Quantity
from tasks.engine.values import value


@value
class Draft:
    """A figure before its words are looked up in the catalogue."""

    quantity: Quantity
    measure: Measure
    basis: Basis | None
    label: Label
    period: Period | None
    status: Status
    rules: tuple[str, ...]


@value
class Refused:
    """A quantity that the grammar abstains from, and why."""

    quantity: Quantity
    reason: str
