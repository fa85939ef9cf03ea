"""What an alert cannot be: refused when it is written, so that none waits for what never happens."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from groundswell.alerts.metrics import MONEY, OF_ADS, SOURCES
from groundswell.alerts.model import EVENTS, METRICS, Actions, Aggregation, Alert, AlertType, Condition, Operator
from groundswell.analytics.questions.names import KNOWN, is_field
from groundswell.kernel.durations import parse_duration
from groundswell.kernel.errors import FieldProblem, Invalid
from groundswell.kernel.ranges import zone

ADS_DIMENSIONS = frozenset({"campaign_id", "campaign", "account_id", "platform"})
_LONGEST_WINDOW = timedelta(days=3660)
_SHORTEST, _LONGEST = timedelta(minutes=1), timedelta(days=31)
_DAY = timedelta(days=1)


def check(alert: Alert) -> None:
    """Raises Invalid, naming everything that is wrong."""
    problems = (
        *_of_source(alert),
        *_of_condition(alert.condition),
        *_of_lines(alert),
        *_of_actions(alert.actions),
        *_of_frequency(alert),
    )
    if problems:
        raise Invalid(problems=problems)
    alert.frequency.recurrence.check()
    for window in alert.mute_windows:
        zone(window.timezone, "mute_windows.timezone")


def _problem(field: str, message: str, code: str = "impossible") -> FieldProblem:
    return FieldProblem(field, code, message)


def _of_source(alert: Alert) -> Iterator[FieldProblem]:
    kind, source, condition = alert.alert_type, alert.data_source, alert.condition
    if source not in SOURCES:
        yield _problem("data_source", f"one of {', '.join(SOURCES)}", "unknown")
        return
    if (kind is AlertType.EVENT_COUNT) is not (source == EVENTS) and kind is not AlertType.REVENUE:
        yield _problem("data_source", f"{kind} is not counted from {source}")
    elif (kind is AlertType.METRIC) is not (source == METRICS):
        yield _problem("data_source", f"{kind} is not measured by {source}")
    elif kind not in OF_ADS and source not in (EVENTS, METRICS):
        yield _problem("data_source", f"ads have no {kind}")
    if kind is AlertType.METRIC and not condition.metric:
        yield _problem("condition_config.metric", "name the custom metric, or `question:<id>`", "missing")
    if condition.question is not None and condition.aggregation is not Aggregation.SUM:
        yield _problem("condition_config.aggregation", "a question says itself what it measures")
    if condition.currency and kind not in MONEY:
        yield _problem("condition_config.currency", f"{kind} is no money")
    yield from _of_dimension(alert)


def _of_dimension(alert: Alert) -> Iterator[FieldProblem]:
    dimension, source = alert.condition.dimension, alert.data_source
    if source == METRICS and dimension:
        yield _problem("condition_config.dimension", "custom metrics are watched as a whole")
    counted = source == EVENTS and alert.alert_type in (AlertType.EVENT_COUNT, AlertType.REVENUE)
    if counted and dimension and not is_field(dimension):
        yield _problem("condition_config.dimension", f"no field of events: one of {KNOWN}", "unknown")
    if source not in (EVENTS, METRICS):
        if dimension and dimension not in ADS_DIMENSIONS:
            yield _problem("condition_config.dimension", f"one of {', '.join(sorted(ADS_DIMENSIONS))}")
        if alert.condition.length % _DAY:
            yield _problem("condition_config.window", "ads are reported by day: 1d, 7d, …")


def _of_condition(condition: Condition) -> Iterator[FieldProblem]:
    if not timedelta(minutes=1) <= condition.length <= _LONGEST_WINDOW:
        yield _problem("condition_config.window", "between 1m and 3660d")
    if condition.patience > _LONGEST:
        yield _problem("condition_config.for", "at most 31d")
    if condition.operator is Operator.NO_DATA:
        if condition.lines and condition.levels:
            yield _problem("condition_config.levels", "no data is more or less than any other")
        return
    if not condition.lines:
        yield _problem("condition_config.threshold", "say which value is too much or too little", "missing")
    if len({level.severity for level in condition.levels}) < len(condition.levels):
        yield _problem("condition_config.levels", "each severity once")


def _of_lines(alert: Alert) -> Iterator[FieldProblem]:
    condition = alert.condition
    operator, lines = condition.operator, condition.lines
    if operator is Operator.NO_DATA or not lines:
        return
    sign = 1 if operator.upwards else -1
    rising = [sign * line.threshold for line in reversed(lines)]
    if rising != sorted(rising):
        yield _problem("condition_config.levels", "what is more severe lies further out")
    if condition.recovery_threshold is not None and sign * condition.recovery_threshold > rising[0]:
        yield _problem("condition_config.recovery_threshold", "it would fire and recover at once")
    if alert.alert_type is not AlertType.METRIC and any(_never(operator, line.threshold) for line in lines):
        yield _problem("condition_config.threshold", "it can never be less than that")
    if alert.alert_type is AlertType.CTR and any(_above_one(operator, line.threshold) for line in lines):
        yield _problem("condition_config.threshold", "ctr is a share, of 1 at most: 0.012 for 1.2 %")


def _never(operator: Operator, threshold: Decimal) -> bool:
    """Of what is never negative; a change is never below -100 %."""
    return (
        (operator is Operator.LT and threshold <= 0)
        or (operator is Operator.LTE and threshold < 0)
        or (operator is Operator.CHANGE_LT and threshold <= -100)
    )


def _above_one(operator: Operator, threshold: Decimal) -> bool:
    return (operator is Operator.GT and threshold >= 1) or (operator is Operator.GTE and threshold > 1)


def _of_actions(actions: Actions) -> Iterator[FieldProblem]:
    if (actions.escalate_after is None) is not (actions.escalate_to is None):
        yield _problem("action_config.escalate_to", "`escalate_after` and `escalate_to` go together", "missing")
    if actions.escalate_after and not _SHORTEST <= parse_duration(actions.escalate_after) <= _LONGEST:
        yield _problem("action_config.escalate_after", "between 1m and 31d")
    if actions.throttle and parse_duration(actions.throttle) > _LONGEST:
        yield _problem("action_config.throttle", "at most 31d")


def _of_frequency(alert: Alert) -> Iterator[FieldProblem]:
    every = alert.frequency.every
    if every and not _SHORTEST <= parse_duration(every) <= _LONGEST:
        yield _problem("frequency.every", "between 1m and 31d")
