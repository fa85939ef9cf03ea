"""What was asked, as it is kept with the operation: the body of the question, checked, with its range in ms."""

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from groundswell.analytics.engine.emitters.base import Emitted
from groundswell.analytics.engine.emitters.breakdowns import BreakdownQuestion
from groundswell.analytics.engine.emitters.funnels import FunnelQuestion
from groundswell.analytics.engine.emitters.paths import PathsQuestion
from groundswell.analytics.engine.emitters.persons import PersonsQuestion
from groundswell.analytics.engine.emitters.retention import RetentionQuestion
from groundswell.analytics.engine.emitters.sessions import SessionsQuestion
from groundswell.analytics.engine.emitters.transactions import TransactionsQuestion, VolumeQuestion
from groundswell.analytics.engine.emitters.uniques import UniquesQuestion
from groundswell.analytics.questions.breakdown import Grouping
from groundswell.analytics.questions.calendar import Calendar
from groundswell.analytics.questions.conversion import from_visit
from groundswell.analytics.questions.fields import Field
from groundswell.analytics.questions.filters import Condition, Match, Operator
from groundswell.analytics.questions.funnel import Funnel
from groundswell.analytics.questions.model import Granularity, Measure
from groundswell.analytics.questions.paths import PathQuestion
from groundswell.analytics.questions.retention import Retention
from groundswell.analytics.questions.transactions import By, Wanted
from groundswell.analytics.questions.values import Value
from groundswell.events.eventlog.window import Window
from groundswell.kernel.errors import Invalid

LONGEST = 60_000
"""Characters: the question is kept with its operation."""
type Asked = Mapping[str, Any]


def emitted_of(question: str, now: int) -> Emitted:
    """`question` is JSON; `now` (ms) is when it was asked. Raises Invalid."""
    if len(question) > LONGEST:
        raise Invalid.on("body", f"a question of at most {LONGEST} characters")
    asked = {**json.loads(question, parse_float=Decimal), "now": now}
    window = Window(asked["from"], asked["to"])
    return _EMITTED[asked["kind"]](asked, window)


def _breakdown(asked: Asked, window: Window) -> Emitted:
    by, of = Field(asked["by"], "by"), _field(asked["of"], "of")
    grouping = Grouping(by, Measure(asked["measure"]), asked["top"], of, asked["currency"], match_of(asked))
    return BreakdownQuestion(window, grouping)


def _uniques(asked: Asked, window: Window) -> Emitted:
    return UniquesQuestion(window, _calendar(asked, window), match_of(asked))


def _funnel(asked: Asked, window: Window) -> Emitted:
    steps = tuple(map(match_of, asked["steps"]))
    return FunnelQuestion(window, (Funnel(steps, asked["within_seconds"] * 1000, _field(asked["by"], "by")),))


def _retention(asked: Asked, window: Window) -> Emitted:
    begins, returns, period = match_of(asked["start"]), match_of(asked["return"]), Granularity(asked["period"])
    first_time, zone = asked["first_time"], asked["timezone"]
    return RetentionQuestion(
        Retention(window, period, asked["periods"], begins, returns, first_time, zone), asked["now"]
    )


def _paths(asked: Asked, window: Window) -> Emitted:
    within = asked["within_seconds"] * 1000
    among = match_of(asked["among"])
    return PathsQuestion(window, PathQuestion(match_of(asked["start"]), asked["steps"], within, asked["top"], among))


def _sessions(asked: Asked, window: Window) -> Emitted:
    return SessionsQuestion(window, _calendar(asked, window), asked["top"], match_of(asked))


def _transactions(asked: Asked, window: Window) -> Emitted:
    wanted = Wanted(asked["chain"], asked["tx_hash"], asked["status"])
    return TransactionsQuestion(window, wanted, asked["limit"])


def _volume(asked: Asked, window: Window) -> Emitted:
    return VolumeQuestion(window, By(asked["by"]), asked["top"])


def _conversion(asked: Asked, window: Window) -> Emitted:
    return FunnelQuestion(window, from_visit(asked["within_seconds"] * 1000), conversion=True)


def _persons(asked: Asked, window: Window) -> Emitted:
    return PersonsQuestion(window, asked["limit"])


_EMITTED: dict[str, Callable[[Asked, Window], Emitted]] = {
    "breakdown": _breakdown,
    "uniques": _uniques,
    "funnel": _funnel,
    "retention": _retention,
    "paths": _paths,
    "sessions": _sessions,
    "transactions": _transactions,
    "volume": _volume,
    "conversion": _conversion,
    "persons": _persons,
}
KINDS = tuple(_EMITTED)


def match_of(asked: Asked) -> Match:
    """From `name` and `where`."""
    return Match(asked["name"], tuple(map(_condition, asked["where"])))


def _condition(asked: Asked) -> Condition:
    value = asked["value"]
    known = tuple(map(exact_of, value)) if isinstance(value, list) else exact_of(value)
    return Condition(Field(asked["field"]), Operator(asked["operator"]), known)


def exact_of(value: Any) -> Value:
    """Numbers as decimals, by the digits they were written with."""
    exact: Value = Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value
    return exact


def _field(path: str | None, where: str) -> Field | None:
    return None if path is None else Field(path, where)


def _calendar(asked: Asked, window: Window) -> Calendar:
    """Raises Invalid, too many buckets included: nobody should wait for a refusal."""
    calendar = Calendar(Granularity(asked["granularity"]), asked["timezone"])
    calendar.starts(window)
    return calendar
