"""Figures of the event log and of custom metrics: what the analytics readers answer, over a period."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from groundswell.alerts.evaluation import TOO_MANY, Figures
from groundswell.alerts.metrics import Figure
from groundswell.alerts.model import Aggregation, Alert, AlertType, Operator
from groundswell.alerts.sources import Period
from groundswell.alerts.state import fingerprint
from groundswell.analytics.questions.breakdown import Grouping
from groundswell.analytics.questions.fields import Field
from groundswell.analytics.questions.filters import Match
from groundswell.analytics.questions.model import EVENTS, Granularity, Measure, Question
from groundswell.analytics.questions.questions import QuestionService
from groundswell.analytics.questions.rows import TooManyEvents
from groundswell.analytics.questions.service import AnalyticsService
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
        return [self._read(alert, each) for each in periods]

    def _read(self, alert: Alert, period: Period) -> Figures:
        if alert.condition.dimension:
            return self._by_dimension(alert, period)
        if alert.alert_type is AlertType.REVENUE:
            return {(): self._revenue(alert, period)}
        return {(): self._count(alert, period)}

    def _count(self, alert: Alert, period: Period) -> Figure:
        name = alert.condition.event
        count = self._analytics.series(alert.client_id, EVENTS, _question(period, name)).total.count
        if count:
            return Figure(Decimal(count))
        if alert.condition.operator is Operator.NO_DATA:
            return Figure(None, "no_data")
        month = Period.until(period.end, max(KNOWN_FOR, period.end - period.start))
        seen = self._analytics.series(alert.client_id, EVENTS, _question(month, name)).total.count
        return Figure(Decimal(0)) if seen else Figure(None, "never_seen")

    def _revenue(self, alert: Alert, period: Period) -> Figure:
        takings = self._analytics.revenue(alert.client_id, _question(period, alert.condition.event)).total
        if not takings.count:
            return Figure(None, "no_data")
        currency = alert.condition.currency
        if currency is None and len(takings.sums) > 1:
            return Figure(None, "several_currencies")
        sums = list(takings.sums.values()) if currency is None else [takings.sums.get(currency, Decimal(0))]
        return Figure(sum(sums, Decimal(0)))

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
            groups = self._questions.breakdown(alert.client_id, _window(period), wanted).found.groups
        except TooManyEvents:
            return {fingerprint({dimension: "*"}): Figure(None, TOO_MANY)}
        return {
            fingerprint({dimension: str(each.value)}): Figure(
                each.figures.total if money else Decimal(each.figures.count)
            )
            for each in groups
            if each.value is not None
        }


class MetricSource:
    def __init__(self, analytics: AnalyticsService) -> None:
        self._analytics = analytics

    def read(self, alert: Alert, periods: Sequence[Period]) -> list[Figures]:
        return [{(): self._figure(alert, each)} for each in periods]

    def _figure(self, alert: Alert, period: Period) -> Figure:
        tally = self._analytics.series(alert.client_id, alert.condition.metric or "", _question(period)).total
        if not tally.count:
            return Figure(None, "no_data")
        total = tally.total or Decimal(0)
        match alert.condition.aggregation:
            case Aggregation.COUNT:
                return Figure(Decimal(tally.count))
            case Aggregation.AVERAGE:
                return Figure(total / tally.count)
            case _:
                return Figure(total)


def _window(period: Period) -> Window:
    return Window(millis(period.start), millis(period.end))


def _question(period: Period, name: str | None = None) -> Question:
    return Question(_window(period), Granularity.DAY, name)
