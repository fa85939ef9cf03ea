"""Figures of many periods, read at the price of few."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from groundswell.alerts.evaluator import Evaluator
from groundswell.alerts.events_source import EventSource, MetricSource
from groundswell.alerts.model import Actions, Aggregation, Alert, AlertType, Condition, Frequency, Operator
from groundswell.alerts.sources import Period
from groundswell.analytics.questions.revenue import Takings
from groundswell.events.eventlog.records import Tally
from groundswell.kernel.clock import millis

NOW = datetime(2026, 11, 30, 12, 0, 7, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Log:
    """Something each hour of two days; counts how often it is asked."""

    def __init__(self, *, empty: bool = False) -> None:
        self.times = [] if empty else [millis(NOW - number * HOUR - timedelta(minutes=1)) for number in range(48)]
        self.asked = 0

    def _between(self, cuts):
        self.asked += 1
        for start, end in pairwise(cuts):
            yield start, sum(start <= time < end for time in self.times)

    def spans(self, _client, _metric, cuts, _name=None):
        return [Tally(count, Decimal(2 * count)) for _, count in self._between(cuts)]

    def takings(self, _client, cuts, _name=None):
        return [Takings(ts, count, {"EUR": Decimal(count)} if count else {}) for ts, count in self._between(cuts)]


def alert(kind=AlertType.EVENT_COUNT, source="events", **condition) -> Alert:
    wanted = Condition(**{"operator": Operator.GT, "threshold": Decimal(3), "window": "6h", "event": "x", **condition})
    return Alert("a", "c", "o", "A", kind, source, wanted, Actions(), Frequency(every="15m"), "ada", NOW, NOW)


PERIODS = [Period.until(NOW - number * HOUR, 6 * HOUR) for number in range(50)]


@pytest.mark.parametrize(
    ("kind", "aggregation", "times"),
    [
        (AlertType.EVENT_COUNT, Aggregation.SUM, 1),
        (AlertType.REVENUE, Aggregation.SUM, 1),
        (AlertType.METRIC, Aggregation.SUM, 2),
        (AlertType.METRIC, Aggregation.COUNT, 1),
    ],
)
def test_each_period_has_its_own_figure_and_all_are_one_question(kind, aggregation, times):
    log = Log()
    metric = kind is AlertType.METRIC
    source = MetricSource(log) if metric else EventSource(log, None)
    watched = alert(kind, "metrics" if metric else "events", metric="m" if metric else None, aggregation=aggregation)

    values = [figures[()].value for figures in source.read(watched, PERIODS)]

    assert values[:43] == [Decimal(6 * times)] * 43
    assert values[45] == 3 * times
    assert log.asked <= 2


def test_an_event_that_was_never_seen_is_unknown_and_one_that_was_is_none():
    assert [reading[()].reason for reading in EventSource(Log(empty=True), None).read(alert(), PERIODS[:2])] == [
        "never_seen"
    ] * 2
    log = Log()
    log.times = [millis(NOW - timedelta(days=3))]
    assert EventSource(log, None).read(alert(), PERIODS[:1])[0][()].value == 0


def test_a_preview_asks_once_whatever_it_looks_at():
    log = Log()

    [firing] = Evaluator(None, EventSource(log, None), None, lambda: NOW).preview(alert(), 2)

    assert firing.at < NOW - timedelta(hours=40)
    assert log.asked <= 2


def test_a_preview_looks_at_this_moment_too():
    log = Log()
    log.times = [millis(NOW) - 1]
    once = alert(threshold=Decimal(0))

    [firing] = Evaluator(None, EventSource(log, None), None, lambda: NOW).preview(once, 1)

    assert firing.at == NOW
