"""Figures of the event log and of custom metrics: what the analytics readers answer, over a period."""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from functools import reduce

from groundswell.alerts.evaluation import TOO_MANY, Figures
from groundswell.alerts.metrics import Figure
from groundswell.alerts.model import Aggregation, Alert, AlertType, Operator
from groundswell.alerts.sources import Period
from groundswell.alerts.state import fingerprint
from groundswell.analytics.questions.breakdown import Grouping
from groundswell.analytics.questions.fields import Field
from groundswell.analytics.questions.filters import Match
from groundswell.analytics.questions.model import EVENTS, Measure
from groundswell.analytics.questions.questions import QuestionService
from groundswell.analytics.questions.revenue import Takings
from groundswell.analytics.questions.rows import TooManyEvents
from groundswell.analytics.questions.service import AnalyticsService
from groundswell.events.eventlog.records import Tally
from groundswell.events.eventlog.window import Window
from groundswell.kernel.clock import millis

KNOWN_FOR = timedelta(days=30)
"""A name that no event had so long is taken for one that does not exist."""
GROUPS_AT_MOST = 500


class EventSource:
    def __init__(self, analytics: AnalyticsService, questions: QuestionService) -> None:
        self._analytics = analytics
        self._questions = questions

    def read(self, alert: Alert, periods: Sequence[Period]) -> list[Figures]:
        if alert.condition.dimension:
            return [self._by_dimension(alert, period) for period in periods]
        read = self._revenues if alert.alert_type is AlertType.REVENUE else self._counts
        return [{(): figure} for figure in read(alert, periods)]

    def _counts(self, alert: Alert, periods: Sequence[Period]) -> list[Figure]:
        counts = self._count(alert, periods)
        if alert.condition.operator is Operator.NO_DATA:
            return [Figure(Decimal(count)) if count else Figure(None, "no_data") for count in counts]
        none = [period for period, count in zip(periods, counts, strict=True) if not count]
        months = [Period.until(period.end, max(KNOWN_FOR, period.end - period.start)) for period in none]
        seen = iter(self._count(alert, months) if months else ())
        never = Figure(None, "never_seen")
        return [Figure(Decimal(count)) if count or next(seen) else never for count in counts]

    def _count(self, alert: Alert, periods: Sequence[Period]) -> list[int]:
        cuts = _cuts(periods)
        spans = self._analytics.spans(alert.client_id, EVENTS, cuts, alert.condition.event)
        return [sum(span.count for span in spans[_part(cuts, period)]) for period in periods]

    def _revenues(self, alert: Alert, periods: Sequence[Period]) -> list[Figure]:
        cuts = _cuts(periods)
        takings = self._analytics.takings(alert.client_id, cuts, alert.condition.event)
        return [_takings(alert.condition.currency, takings[_part(cuts, period)]) for period in periods]

    def _by_dimension(self, alert: Alert, period: Period) -> Figures:
        dimension, money = alert.condition.dimension or "", alert.alert_type is AlertType.REVENUE
        measure = Measure.SUM if money else Measure.COUNT
        wanted = Grouping(
            Field(dimension, "condition_config.dimension"),
            measure,
            GROUPS_AT_MOST,
            currency=alert.condition.currency,
            match=Match(alert.condition.event),
        )
        try:
            groups = self._questions.breakdown(alert.client_id, _window(period), wanted).value.groups
        except TooManyEvents:
            return {fingerprint({dimension: "*"}): Figure(None, TOO_MANY)}
        return {
            fingerprint({dimension: str(group.value)}): Figure(
                group.figures.total if money else Decimal(group.figures.count)
            )
            for group in groups
            if group.value is not None
        }


class MetricSource:
    def __init__(self, analytics: AnalyticsService) -> None:
        self._analytics = analytics

    def read(self, alert: Alert, periods: Sequence[Period]) -> list[Figures]:
        cuts = _cuts(periods)
        spans = self._analytics.spans(alert.client_id, alert.condition.metric or "", cuts, alert.condition.metric)
        return [{(): _metric(alert.condition.aggregation, spans[_part(cuts, period)])} for period in periods]


def _metric(aggregation: Aggregation, tallies: Sequence[Tally]) -> Figure:
    tally = reduce(Tally.plus, tallies, Tally(0))
    if not tally.count:
        return Figure(None, "no_data")
    total = tally.total or Decimal(0)
    match aggregation:
        case Aggregation.COUNT:
            return Figure(Decimal(tally.count))
        case Aggregation.AVERAGE:
            return Figure(total / tally.count)
        case _:
            return Figure(total)


def _takings(currency: str | None, takings: Sequence[Takings]) -> Figure:
    sums: dict[str, Decimal] = {}
    for taking in takings:
        for name, amount in taking.sums.items():
            sums[name] = sums.get(name, Decimal(0)) + amount
    if not any(item.count for item in takings):
        return Figure(None, "no_data")
    if currency is None and len(sums) > 1:
        return Figure(None, "several_currencies")
    return Figure(sum(sums.values(), Decimal(0)) if currency is None else sums.get(currency, Decimal(0)))


def _cuts(periods: Sequence[Period]) -> list[int]:
    return sorted({millis(edge) for period in periods for edge in (period.start, period.end)})


def _part(cuts: Sequence[int], period: Period) -> slice:
    return slice(bisect_left(cuts, millis(period.start)), bisect_left(cuts, millis(period.end)))


def _window(period: Period) -> Window:
    return Window(millis(period.start), millis(period.end))
