"""What was asked, as it is kept with the operation: the body of the question, checked, with its range in ms."""

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from groundswell.analytics.questions.breakdown import Grouping
from groundswell.analytics.questions.calendar import Calendar
from groundswell.analytics.questions.conversion import from_visit
from groundswell.analytics.questions.fields import Field
from groundswell.analytics.questions.filters import Condition, Match, Operator
from groundswell.analytics.questions.funnel import Funnel
from groundswell.analytics.questions.jobs.chains import TransactionsPlan, VolumePlan
from groundswell.analytics.questions.jobs.groups import BreakdownPlan, UniquesPlan
from groundswell.analytics.questions.jobs.persons import PersonsPlan
from groundswell.analytics.questions.jobs.plan import Plan
from groundswell.analytics.questions.jobs.ways import FunnelPlan, PathsPlan, RetentionPlan, SessionsPlan
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


def plan_of(question: str, now: int) -> Plan:
    """`question` is JSON; `now` (ms) is when it was asked. Raises Invalid."""
    if len(question) > LONGEST:
        raise Invalid.on("body", f"a question of at most {LONGEST} characters")
    asked = {**json.loads(question, parse_float=Decimal), "now": now}
    window = Window(asked["from"], asked["to"])
    return _PLANS[asked["kind"]](asked, window)


def _breakdown(asked: Asked, window: Window) -> Plan:
    by, of = Field(asked["by"], "by"), _field(asked["of"], "of")
    grouping = Grouping(by, Measure(asked["measure"]), asked["top"], of, asked["currency"], match_of(asked))
    return BreakdownPlan(window, grouping)


def _uniques(asked: Asked, window: Window) -> Plan:
    return UniquesPlan(window, _calendar(asked, window), match_of(asked))


def _funnel(asked: Asked, window: Window) -> Plan:
    steps = tuple(map(match_of, asked["steps"]))
    return FunnelPlan(window, (Funnel(steps, asked["within_seconds"] * 1000, _field(asked["by"], "by")),))


def _retention(asked: Asked, window: Window) -> Plan:
    begins, returns, period = match_of(asked["start"]), match_of(asked["return"]), Granularity(asked["period"])
    first_time, zone = asked["first_time"], asked["timezone"]
    return RetentionPlan(Retention(window, period, asked["periods"], begins, returns, first_time, zone), asked["now"])


def _paths(asked: Asked, window: Window) -> Plan:
    within = asked["within_seconds"] * 1000
    among = match_of(asked["among"])
    return PathsPlan(window, PathQuestion(match_of(asked["start"]), asked["steps"], within, asked["top"], among))


def _sessions(asked: Asked, window: Window) -> Plan:
    return SessionsPlan(window, _calendar(asked, window), asked["top"], match_of(asked))


def _transactions(asked: Asked, window: Window) -> Plan:
    wanted = Wanted(asked["chain"], asked["tx_hash"], asked["status"])
    return TransactionsPlan(window, wanted, asked["limit"])


def _volume(asked: Asked, window: Window) -> Plan:
    return VolumePlan(window, By(asked["by"]), asked["top"])


def _conversion(asked: Asked, window: Window) -> Plan:
    return FunnelPlan(window, from_visit(asked["within_seconds"] * 1000), conversion=True)


def _persons(asked: Asked, window: Window) -> Plan:
    return PersonsPlan(window, asked["limit"])


_PLANS: dict[str, Callable[[Asked, Window], Plan]] = {
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
KINDS = tuple(_PLANS)


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
