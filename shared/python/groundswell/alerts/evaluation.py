"""What an evaluation makes of what was read: pure, so that a preview is the same as the real thing."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from groundswell.alerts.instances import Status, instance_id
from groundswell.alerts.metrics import Figure
from groundswell.alerts.model import Alert, AlertType, Condition, Level, Operator, Severity
from groundswell.alerts.state import Entry, Fingerprint, News, Result, State, Verdict, fingerprint

type Figures = Mapping[Fingerprint, Figure]
"""By dimensions; one without any where the alert has none."""
TOO_MANY, TOO_MANY_OPEN = "too_many_events", "too_many_open"
ROOM, _ENTRY_BYTES = 360_000, 395
"""An alert's state is one item, of 400 KB at most: some 900 instances."""
_NO_DATA = Level(Severity.WARNING, Decimal(0))
_HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Reading:
    """A figure, and the one of the period before where the condition compares."""

    dimensions: Mapping[str, str]
    figure: Figure


@dataclass(frozen=True)
class Outcome:
    """Of one reading. `after` is None where nothing is open and nothing was."""

    result: Result
    before: Entry | None
    after: Entry | None

    @property
    def turned(self) -> bool:
        """Whether an instance comes to be or changes its state."""
        if self.after is None:
            return False
        if self.before is None:
            return True
        return (self.before.status, self.before.severity) != (self.after.status, self.after.severity)


def readings(alert: Alert, current: Figures, previous: Figures | None, known: Sequence[Fingerprint]) -> list[Reading]:
    """One for each value of the dimension that there is, or that there was: what does not show up is unknown."""
    keys = dict.fromkeys((*current, *(previous or ()), *known)) if alert.condition.dimension else {(): None}
    return [Reading(dict(key), _figure(alert, key, current, previous)) for key in keys]


def _figure(alert: Alert, key: Fingerprint, current: Figures, previous: Figures | None) -> Figure:
    now = current.get(key) or _absent(alert, current)
    if not alert.condition.operator.compares_periods or now.value is None:
        return now
    before = (previous or {}).get(key) or _absent(alert, previous or {})
    if not before.value:
        return Figure(None, "nothing_to_compare_with")
    change = (now.value - before.value) / abs(before.value) * _HUNDRED
    return Figure(change, provisional=now.provisional or before.provisional)


def _absent(alert: Alert, figures: Figures) -> Figure:
    """Of a value of the dimension that does not show up: no event is a count, too; anything else is unknown."""
    incomplete = next((figure for figure in figures.values() if figure.reason == TOO_MANY), None)
    if incomplete:
        return incomplete
    counted = alert.alert_type is AlertType.EVENT_COUNT and alert.condition.operator is not Operator.NO_DATA
    return Figure(Decimal(0)) if counted and alert.condition.dimension else Figure(None, "no_data")


def evaluate(alert: Alert, state: State, read: Sequence[Reading], now: datetime) -> list[Outcome]:
    by_fingerprint = {fingerprint(reading.dimensions): reading for reading in read}
    outcomes = [_looked_at(alert, state, key, reading, now) for key, reading in by_fingerprint.items()]
    room = ROOM - sum(map(_weight, state.entries))
    return [*_bounded(outcomes, room), *_left_over(state, by_fingerprint, now)]


def _bounded(outcomes: Sequence[Outcome], room: int) -> Iterator[Outcome]:
    """What begins beyond the room of an alert's state waits, and says so: the next evaluation finds it again."""
    for outcome in outcomes:
        weight = _weight(outcome.after) if outcome.before is None and outcome.after is not None else 0
        if weight > room:
            yield Outcome(replace(outcome.result, state=Verdict.UNKNOWN, reason=TOO_MANY_OPEN), None, None)
        else:
            room -= weight
            yield outcome


def _weight(entry: Entry) -> int:
    """Bytes that it takes at most in the alert's state."""
    return _ENTRY_BYTES + len(json.dumps(dict(entry.dimensions)))


def force(alert: Alert, state: State, read: Sequence[Reading], now: datetime) -> list[Outcome]:
    """Fire whatever the values; what fires already goes on."""
    return [_forced(alert, state.open.get(fingerprint(reading.dimensions)), reading, now) for reading in read]


def _forced(alert: Alert, before: Entry | None, read: Reading, now: datetime) -> Outcome:
    result = _result(read, Verdict.FIRING)
    if before is not None and before.status is not Status.PENDING:
        return Outcome(result, before, before)
    lines = alert.condition.lines or (_NO_DATA,)
    fresh = replace(_fresh(alert, read, lines[-1], now), forced=True, status=Status.FIRING, news=News.FIRING)
    if before is not None:
        fresh = replace(fresh, instance_id=before.instance_id, since=before.since)
    return Outcome(result, before, fresh)


def _looked_at(alert: Alert, state: State, key: Fingerprint, read: Reading, now: datetime) -> Outcome:
    before, resting = state.open.get(key), state.resting.get(key)
    outcome = _outcome(alert, before, read, now)
    if before is not None or resting is None or outcome.result.state is Verdict.UNKNOWN:
        return outcome
    if outcome.after is None:
        over = _recovered(alert.condition, outcome.result.value)
        return Outcome(outcome.result, resting, replace(resting, rests=not over))
    worse = outcome.after.severity.rank > resting.severity.rank
    return outcome if worse else Outcome(replace(outcome.result, state=Verdict.FIRING), resting, resting)


def _outcome(alert: Alert, before: Entry | None, read: Reading, now: datetime) -> Outcome:
    condition, value, reason = alert.condition, read.figure.value, read.figure.reason
    if value is None and not (condition.operator is Operator.NO_DATA and reason == "no_data"):
        return Outcome(_result(read, Verdict.UNKNOWN), before, before)
    line = _crossed(condition, value)
    if line is None and before is not None and not _recovered(condition, value):
        line = Level(before.severity, before.threshold or Decimal(0))
    after = _unmet(before, read, now) if line is None else _met(alert, before, read, line, now)
    return Outcome(_result(read, _verdict(after)), before, after)


def _result(read: Reading, verdict: Verdict) -> Result:
    figure = read.figure
    return Result(read.dimensions, figure.value, verdict, figure.reason, provisional=figure.provisional)


def _verdict(entry: Entry | None) -> Verdict:
    if entry is None or not entry.status.is_open:
        return Verdict.OK
    return Verdict.PENDING if entry.status is Status.PENDING else Verdict.FIRING


def _crossed(condition: Condition, value: Decimal | None) -> Level | None:
    """The most severe line that the value has crossed."""
    if condition.operator is Operator.NO_DATA:
        return Level(condition.severity, Decimal(0)) if value is None else None
    return next((line for line in condition.lines if _beyond(condition.operator, value, line.threshold)), None)


def _beyond(operator: Operator, value: Decimal | None, line: Decimal) -> bool:
    if value is None:
        return False
    match operator:
        case Operator.GT | Operator.CHANGE_GT:
            return value > line
        case Operator.GTE:
            return value >= line
        case Operator.LT | Operator.CHANGE_LT:
            return value < line
        case _:
            return value <= line


def _recovered(condition: Condition, value: Decimal | None) -> bool:
    """What fires goes on until the value is back behind the line of recovery, where there is one."""
    line = condition.recovery_threshold
    return line is None or condition.operator is Operator.NO_DATA or not _beyond(condition.operator, value, line)


def _unmet(before: Entry | None, read: Reading, now: datetime) -> Entry | None:
    """What was forced is somebody's trial, and theirs to end."""
    if before is None or before.forced:
        return before
    return ended(_measured(before, read), now)


def _measured(entry: Entry, read: Reading) -> Entry:
    return replace(entry, value=read.figure.value, provisional=read.figure.provisional)


def ended(entry: Entry, now: datetime, status: Status = Status.RESOLVED) -> Entry:
    """Whoever was told that it began is told that it ended."""
    news = News.RESOLVED if entry.announced or entry.news.unlogged else News.NONE
    return replace(entry, status=status, since=now, news=news)


def _met(alert: Alert, before: Entry | None, read: Reading, line: Level, now: datetime) -> Entry:
    entry = before or _fresh(alert, read, line, now)
    entry = _measured(entry, read)
    if entry.status is Status.PENDING:
        return _begun(alert, replace(entry, severity=line.severity, threshold=line.threshold), now)
    worse = line.severity.rank > entry.severity.rank
    entry = replace(entry, severity=line.severity, threshold=line.threshold)
    return replace(entry, status=Status.FIRING, news=News.FIRING) if worse else entry


def _begun(alert: Alert, entry: Entry, now: datetime) -> Entry:
    if now - entry.since < alert.condition.patience:
        return entry
    return replace(entry, status=Status.FIRING, news=News.FIRING)


def _fresh(alert: Alert, read: Reading, line: Level, now: datetime) -> Entry:
    id_ = instance_id(alert.client_id, alert.id, read.dimensions, now)
    return _measured(Entry(id_, read.dimensions, Status.PENDING, line.severity, now, threshold=line.threshold), read)


def _left_over(state: State, by_fingerprint: Mapping[Fingerprint, object], now: datetime) -> Iterator[Outcome]:
    """Open, of dimensions that the alert had before it was changed."""
    for key, entry in state.open.items():
        if key not in by_fingerprint:
            yield Outcome(Result(entry.dimensions, None, Verdict.UNKNOWN, "gone"), entry, ended(entry, now))
    for key, entry in state.resting.items():
        if key not in by_fingerprint:
            yield Outcome(Result(entry.dimensions, None, Verdict.UNKNOWN, "gone"), entry, replace(entry, rests=False))
