"""What a reader carries from clause to clause: subject, metric, period, status, basis."""

from dataclasses import dataclass, field, replace

from models.values import Period
from models.vocabulary import Basis, Status
from tasks.engine.grammar.times import TimeExpression


@dataclass(slots=True)
class Context:
    """The state of a reading; brackets get a copy of it, so that what they say ends with them."""

    main: str | None = None
    subject: str | None = None
    metric: str | None = None
    time: TimeExpression | None = None
    time_sentence: int = -1
    day: TimeExpression | None = None
    period: Period | None = None
    status: Status = Status.ACTUAL
    basis: Basis | None = None
    preview: bool = False
    quoting: bool = False
    sentence: int = 0
    colon: str | None = None
    recent: list[tuple[str | None, str | None]] = field(default_factory=list)

    def bracket(self) -> "Context":
        """Give a copy for the inside of a bracket."""
        return replace(self, recent=list(self.recent))
