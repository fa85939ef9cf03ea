"""A question as it is kept with the operation: the body of the question, checked, with its range in ms."""

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
type Stored = Mapping[str, Any]


def emitted_of(question: str, now: int) -> Emitted:
    """`question` is JSON; `now` (ms) is when it was asked. Raises Invalid."""
    if len(question) > LONGEST:
        raise Invalid.on("body", f"a question of at most {LONGEST} characters")
    stored = {**json.loads(question, parse_float=Decimal), "now": now}
    window = Window(stored["from"], stored["to"])
    return _EMITTED[stored["kind"]](stored, window)


def _breakdown(stored: Stored, window: Window) -> Emitted:
    by, of = Field(stored["by"], "by"), _field(stored["of"], "of")
    grouping = Grouping(by, Measure(stored["measure"]), stored["top"], of, stored["currency"], match_of(stored))
    return BreakdownQuestion(window, grouping)


def _uniques(stored: Stored, window: Window) -> Emitted:
    return UniquesQuestion(window, _calendar(stored, window), match_of(stored))


def _funnel(stored: Stored, window: Window) -> Emitted:
    steps = tuple(map(match_of, stored["steps"]))
    return FunnelQuestion(window, (Funnel(steps, stored["within_seconds"] * 1000, _field(stored["by"], "by")),))


def _retention(stored: Stored, window: Window) -> Emitted:
    begins, returns, period = match_of(stored["start"]), match_of(stored["return"]), Granularity(stored["period"])
    first_time, zone = stored["first_time"], stored["timezone"]
    return RetentionQuestion(
        Retention(window, period, stored["periods"], begins, returns, first_time, zone), stored["now"]
    )


def _paths(stored: Stored, window: Window) -> Emitted:
    within = stored["within_seconds"] * 1000
    among = match_of(stored["among"])
    return PathsQuestion(window, PathQuestion(match_of(stored["start"]), stored["steps"], within, stored["top"], among))


def _sessions(stored: Stored, window: Window) -> Emitted:
    return SessionsQuestion(window, _calendar(stored, window), stored["top"], match_of(stored))


def _transactions(stored: Stored, window: Window) -> Emitted:
    wanted = Wanted(stored["chain"], stored["tx_hash"], stored["status"])
    return TransactionsQuestion(window, wanted, stored["limit"])


def _volume(stored: Stored, window: Window) -> Emitted:
    return VolumeQuestion(window, By(stored["by"]), stored["top"])


def _conversion(stored: Stored, window: Window) -> Emitted:
    return FunnelQuestion(window, from_visit(stored["within_seconds"] * 1000), conversion=True)


def _persons(stored: Stored, window: Window) -> Emitted:
    return PersonsQuestion(window, stored["limit"])


_EMITTED: dict[str, Callable[[Stored, Window], Emitted]] = {
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


def match_of(stored: Stored) -> Match:
    """From `name` and `where`."""
    return Match(stored["name"], tuple(map(_condition, stored["where"])))


def _condition(stored: Stored) -> Condition:
    value = stored["value"]
    known = tuple(map(exact_of, value)) if isinstance(value, list) else exact_of(value)
    return Condition(Field(stored["field"]), Operator(stored["operator"]), known)


def exact_of(value: Any) -> Value:
    """Numbers as decimals, by the digits they were written with."""
    exact: Value = Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value
    return exact


def _field(path: str | None, where: str) -> Field | None:
    return None if path is None else Field(path, where)


def _calendar(stored: Stored, window: Window) -> Calendar:
    """Raises Invalid, too many buckets included: nobody should wait for a refusal."""
    calendar = Calendar(Granularity(stored["granularity"]), stored["timezone"])
    calendar.starts(window)
    return calendar
