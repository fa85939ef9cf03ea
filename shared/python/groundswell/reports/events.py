"""Figures of the event log."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from groundswell.analytics.questions.breakdown import Grouping
from groundswell.analytics.questions.fields import Field
from groundswell.analytics.questions.filters import Condition, Match, Operator
from groundswell.analytics.questions.model import Measure
from groundswell.analytics.questions.model import Question as EventQuestion
from groundswell.analytics.questions.names import OWN
from groundswell.analytics.questions.questions import QuestionService
from groundswell.analytics.questions.rows import TooManyEvents
from groundswell.analytics.questions.service import AnalyticsService
from groundswell.analytics.questions.values import shown
from groundswell.kernel.errors import Invalid
from groundswell.reports.catalogue import Origin
from groundswell.reports.model import Answer, Group, Late, Question, Value

_TOP = 1000
_PEOPLE = frozenset({"active_people", "new_people"})
_CURRENCIES_AT_MOST = 5


class EventSource:
    dimensions = frozenset((*OWN, "properties.*", "context.*", "traits.*"))

    def __init__(self, analytics: AnalyticsService, questions: QuestionService) -> None:
        self._analytics = analytics
        self._questions = questions

    def knows(self, dimension: str) -> bool:
        try:
            Field(dimension)
        except Invalid:
            return False
        return True

    def read(self, client_id: str, question: Question) -> Answer:
        """Raises Invalid, TooManyEvents."""
        names = question.wanted(Origin.EVENTS)
        if question.filters:
            raise Invalid.on("filters", "figures of events are not filtered here: ask POST /analytics/breakdown")
        if len(question.dimensions) > 1:
            raise Invalid.on("dimensions", "events are broken down by one dimension")
        event_question = EventQuestion(question.window, question.granularity, None, question.timezone)
        revenue = self._analytics.revenue(client_id, event_question)
        series: dict[int, dict[str, Value]] = {
            point.ts: {"events": point.count, "revenue": dict(point.sums)} for point in revenue.points
        }
        totals: dict[str, Value] = {"events": revenue.total.count, "revenue": dict(revenue.total.sums)}
        late = tuple(self._add_people(client_id, question, totals, series)) if _PEOPLE & set(names) else ()
        breakdown = tuple(self._groups(client_id, question, tuple(revenue.total.sums)))
        return Answer(
            _only(names, totals),
            {ts: _only(names, figures) for ts, figures in series.items()},
            breakdown,
            revenue.as_of,
            late,
        )

    def _add_people(
        self, client_id: str, question: Question, totals: dict[str, Value], series: dict[int, dict[str, Value]]
    ) -> Iterator[Late]:
        try:
            people = self._questions.newcomers(client_id, question.window, question.calendar).value
        except TooManyEvents:
            totals |= dict.fromkeys(_PEOPLE)
            for figures in series.values():
                figures.update(dict.fromkeys(_PEOPLE))
            yield Late("people", "too_many_events")
            return
        totals |= {"active_people": people.active, "new_people": people.new}
        for start, point in series.items():
            point["active_people"] = people.active_by_start.get(start, 0)
            point["new_people"] = people.new_by_start.get(start, 0)

    def _groups(self, client_id: str, question: Question, currencies: tuple[str, ...]) -> Iterator[Group]:
        """Counts of events and persons, and money in each currency, by the largest values."""
        if not question.dimensions:
            return
        names, (dimension,) = question.wanted(Origin.EVENTS), question.dimensions
        field = Field(dimension, "dimension")
        counted = self._questions.breakdown(client_id, question.window, Grouping(field, Measure.UNIQUE, _TOP)).value
        money: dict[object, dict[str, Decimal]] = {}
        for currency in currencies[:_CURRENCIES_AT_MOST] if "revenue" in names else ():
            match = Match(where=(Condition(Field("currency"), Operator.EQ, currency),))
            wanted = Grouping(field, Measure.SUM, _TOP, currency=currency, match=match)
            for revenue_group in self._questions.breakdown(client_id, question.window, wanted).value.groups:
                money.setdefault(revenue_group.value, {})[currency] = revenue_group.figures.total
        for group in counted.groups:
            figures: dict[str, Value] = {
                "events": group.figures.count,
                "active_people": group.figures.persons,
                "revenue": money.get(group.value, {}),
            }
            value = shown(group.value)
            yield Group({dimension: None if value is None else str(value)}, _only(names, figures))


def _only(names: tuple[str, ...], figures: Mapping[str, Value]) -> dict[str, Value]:
    return {name: figures[name] for name in names if name in figures}
