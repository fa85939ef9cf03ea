"""A question to the figures, and its answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from groundswell.analytics.questions.calendar import Calendar
from groundswell.analytics.questions.model import Granularity
from groundswell.events.eventlog.window import Window
from groundswell.reports.catalogue import METRICS, Origin, of

type ByCurrency = Mapping[str, Decimal]
type Value = int | Decimal | ByCurrency | None
"""None is unknown, which is not 0."""
type Figures = Mapping[str, Value]
"""By metric."""


class Kind(StrEnum):
    GROWTH = "growth"
    PERFORMANCE = "performance"
    LEADS = "leads"


ORIGINS_OF = {
    Kind.GROWTH: (Origin.EVENTS,),
    Kind.PERFORMANCE: (Origin.ADS, Origin.CAMPAIGNS),
    Kind.LEADS: (Origin.LEADS,),
}
USUAL_DIMENSION = {Kind.GROWTH: "name", Kind.PERFORMANCE: "campaign_id", Kind.LEADS: "source"}


@dataclass(frozen=True)
class Question:
    """`filters` are values by dimension: any of several."""

    metrics: tuple[str, ...]
    window: Window
    granularity: Granularity = Granularity.DAY
    timezone: str = "UTC"
    dimensions: tuple[str, ...] = ()
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def about(
        cls, kind: Kind, window: Window, granularity: Granularity, timezone: str, dimension: str | None
    ) -> "Question":
        return cls(of(*ORIGINS_OF[kind]), window, granularity, timezone, (dimension or USUAL_DIMENSION[kind],))

    @property
    def calendar(self) -> Calendar:
        return Calendar(self.granularity, self.timezone)

    @property
    def origins(self) -> frozenset[Origin]:
        return frozenset(METRICS[name].origin for name in self.metrics)

    def wanted(self, origin: Origin) -> tuple[str, ...]:
        return tuple(name for name in self.metrics if METRICS[name].origin is origin)


@dataclass(frozen=True)
class Group:
    """What one value of each dimension says."""

    values: Mapping[str, str | None]
    figures: Figures


@dataclass(frozen=True)
class Late:
    """A source that does not say everything: why, and up to when it does."""

    source: str
    reason: str
    until: str | None = None


@dataclass(frozen=True)
class Answer:
    """`series` is by the start of each bucket (ms), empty ones too. `as_of`: ms."""

    totals: Figures
    series: Mapping[int, Figures]
    breakdown: tuple[Group, ...]
    as_of: int
    late: tuple[Late, ...] = ()


@dataclass(frozen=True)
class Report:
    question: Question
    answer: Answer
    previous: Answer | None = None
