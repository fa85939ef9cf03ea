"""Looks at an alert when it is due or somebody wants it: reads, decides, writes what turned, and has it told."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import batched

from groundswell.alerts import news
from groundswell.alerts.announcing import Announcer
from groundswell.alerts.evaluation import Outcome, Reading, evaluate, force, readings
from groundswell.alerts.instances import SYSTEM, Instance, Status
from groundswell.alerts.instances import Step as HistoryStep
from groundswell.alerts.model import EVENTS, Alert, AlertNotFound, Operator
from groundswell.alerts.ports import ESCALATE, EVALUATE, UNACKNOWLEDGE, Now, Step, Store, anew
from groundswell.alerts.sources import Period, Source
from groundswell.alerts.state import SHOWN, Entry, Fingerprint, Result, State, Verdict
from groundswell.kernel.message import Message
from groundswell.schedules.timers import Timer
from groundswell.tasks.model import Status as TaskStatus

_TOGETHER = 15
PREVIEWS_AT_MOST, OF_GROUPS_AT_MOST, OF_QUESTIONS_AT_MOST = 200, 24, 6
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Evaluation:
    """`instance_ids` are those that fire."""

    evaluated_at: datetime
    results: tuple[Result, ...]
    instance_ids: tuple[str, ...]


@dataclass(frozen=True)
class Firing:
    """When an alert would have begun to fire."""

    at: datetime
    entry: Entry


class Evaluator:
    def __init__(self, store: Store, source: Source, announcer: Announcer, now: Now) -> None:
        self._store = store
        self._source = source
        self._announcer = announcer
        self._now = now

    def due(self, client_id: str, alert_id: str, due: datetime) -> bool:
        """Whether it was evaluated now: once for each due time. What an earlier attempt left untold is told."""
        return anew(lambda: self._due(client_id, alert_id, due))

    def _due(self, client_id: str, alert_id: str, due: datetime) -> bool:
        alert, state = self._store.load(client_id, alert_id)
        if alert is None or not alert.is_active:
            return False
        fresh = state.due is None or state.due < due
        if fresh:
            state = self._announcer.settle(alert, state)
            now = self._now()
            outcomes = evaluate(alert, state, self._read(alert, state, now), now)
            state = self._write(alert, state, outcomes, now, due)
        self._announcer.announce(alert, state)
        return fresh

    def trigger(self, client_id: str, alert_id: str, *, forced: bool) -> Evaluation:
        """Evaluate now, whatever is due. Raises AlertNotFound."""
        return anew(lambda: self._trigger(client_id, alert_id, forced=forced))

    def _trigger(self, client_id: str, alert_id: str, *, forced: bool) -> Evaluation:
        alert, state = self._store.load(client_id, alert_id)
        if alert is None:
            raise AlertNotFound
        state = self._announcer.settle(alert, state)
        now = self._now()
        read = self._read(alert, state, now)
        outcomes = force(alert, state, read, now) if forced else evaluate(alert, state, read, now)
        state = self._write(alert, state, outcomes, now, None)
        self._announcer.announce(alert, state)
        entries = [outcome.after for outcome in outcomes if outcome.after and outcome.after.status.is_open]
        ids = tuple(entry.instance_id for entry in entries if entry.status is not Status.PENDING)
        return Evaluation(now, tuple(outcome.result for outcome in outcomes), ids)

    def announce(self, client_id: str, alert_id: str) -> None:
        """What is still to be told."""

        def tell() -> None:
            alert, state = self._store.load(client_id, alert_id)
            if alert is not None:
                self._announcer.announce(alert, state)

        anew(tell)

    def preview(self, alert: Alert, days: int) -> list[Firing]:
        """When it would have begun to fire in the last days, by the same rules. It looks at 200 moments at most, at 24
        where each reads events one by one, at 6 where each asks a question, and begins on a whole minute, which rollups
        answer."""
        now = self._now()
        moments = _moments(alert, days, now)
        periods = [Period.until(moment, alert.condition.length) for moment in moments]
        compared = [period.previous for period in periods] if alert.condition.operator.compares_periods else []
        figures = self._source.read(alert, [*periods, *compared])
        state, firings = State(alert.id, alert.client_id), list[Firing]()
        for number, moment in enumerate(moments):
            previous = figures[len(periods) + number] if compared else None
            read = readings(alert, figures[number], previous, _known(alert, state))
            outcomes = evaluate(alert, state, read, moment)
            firings += [Firing(moment, outcome.after) for outcome in outcomes if outcome.after and _begins(outcome)]
            state = replace(state, entries=tuple(e.after for e in outcomes if e.after and e.after.status.is_open))
        return firings

    def _read(self, alert: Alert, state: State, now: datetime) -> list[Reading]:
        period, operator = Period.until(now, alert.condition.length), alert.condition.operator
        missed = operator is Operator.NO_DATA and alert.condition.dimension is not None
        wanted = [period, period.previous] if operator.compares_periods or missed else [period]
        figures = self._source.read(alert, wanted)
        return readings(alert, figures[0], figures[1] if len(wanted) > 1 else None, _known(alert, state))

    def _write(
        self, alert: Alert, state: State, outcomes: Sequence[Outcome], now: datetime, due: datetime | None
    ) -> State:
        """What turned, some of it at a time where it is much; the last time notes that it is done."""
        turned = list(batched([outcome for outcome in outcomes if outcome.turned], _TOGETHER, strict=False)) or [()]
        for portion in turned[:-1]:
            after = state.with_entries(outcome.after for outcome in portion if outcome.after)
            state = self._store.advance(self._step(alert, state, after, portion, now))
        results = tuple(outcome.result for outcome in outcomes)
        after = replace(
            state.with_entries(outcome.after for outcome in outcomes if outcome.after),
            evaluated_at=now,
            due=due or state.due,
            verdict=_worst(results),
            results=results[:SHOWN],
        )
        step = self._step(alert, state, after, turned[-1], now)
        if due is not None:
            timer = Timer(alert.client_id, EVALUATE, alert.id, alert.next_due(now), news.QUEUE)
            step = replace(step, timers=(timer,), alert=alert)
        elif any(entry.news for entry in after.entries):
            announce = news.to_worker(
                news.ANNOUNCE, f"{alert.id}:{state.version}", client_id=alert.client_id, alert_id=alert.id
            )
            step = replace(step, messages=(*step.messages, announce))
        return self._store.advance(step)

    def _step(self, alert: Alert, before: State, after: State, portion: Sequence[Outcome], now: datetime) -> Step:
        ids = [outcome.before.instance_id for outcome in portion if outcome.before]
        known = {instance.id: instance for instance in self._store.instances(before.client_id, ids)} if ids else {}
        entries = [outcome.after for outcome in portion if outcome.after]
        turned = [_instance(alert, entry, known.get(entry.instance_id), now) for entry in entries]
        closed = [instance for instance in turned if not instance.status.is_open]
        return Step(before, after, turned, cancelled=cancelled(closed), messages=tuple(map(end_task, closed)))


def cancelled(closed: Sequence[Instance]) -> list[tuple[str, str]]:
    """The timers of what has ended."""
    return [(kind, instance.id) for instance in closed for kind in (ESCALATE, UNACKNOWLEDGE)]


def end_task(instance: Instance) -> Message:
    status = TaskStatus.CANCELLED if instance.status is Status.DISMISSED else TaskStatus.COMPLETED
    return news.to_worker(
        news.END_TASK, instance.id, client_id=instance.client_id, instance_id=instance.id, status=status
    )


def _instance(alert: Alert, entry: Entry, before: Instance | None, now: datetime) -> Instance:
    if before is None:
        first = HistoryStep(now, None, entry.status, SYSTEM)
        before = Instance(
            entry.instance_id,
            alert.client_id,
            alert.id,
            alert.name,
            alert.alert_type,
            entry.status,
            entry.severity,
            now,
            now,
            now,
            entry.dimensions,
            history=(first,),
        )
    changed = replace(
        before,
        severity=entry.severity,
        value=entry.value,
        threshold=entry.threshold,
        forced=entry.forced,
        provisional=entry.provisional,
        updated_at=now,
    )
    if before.severity is not entry.severity:
        step = HistoryStep(now, before.severity, entry.severity, SYSTEM, "severity")
        changed = replace(changed, history=(*changed.history, step))
    return changed.moved(entry.status, SYSTEM, now)


def _known(alert: Alert, state: State) -> list[Fingerprint]:
    """What is open, as far as the alert still looks at it."""
    names = (alert.condition.dimension,) if alert.condition.dimension else ()
    return [key for key in state.open if tuple(name for name, _ in key) == names]


def _worst(results: Sequence[Result]) -> Verdict:
    order = (Verdict.FIRING, Verdict.PENDING, Verdict.OK, Verdict.UNKNOWN)
    return next((verdict for verdict in order if any(result.state is verdict for result in results)), Verdict.UNKNOWN)


def _begins(outcome: Outcome) -> bool:
    before, after = outcome.before, outcome.after
    firing = after is not None and after.status is Status.FIRING
    return firing and (before is None or before.status is not Status.FIRING)


def _moments_at_most(alert: Alert) -> int:
    if alert.condition.question is not None:
        return OF_QUESTIONS_AT_MOST
    groups = alert.condition.dimension is not None and alert.data_source == EVENTS
    return OF_GROUPS_AT_MOST if groups else PREVIEWS_AT_MOST


def _moments(alert: Alert, days: int, now: datetime) -> list[datetime]:
    """When it would have been looked at, or evenly less often; and now."""
    first, moments = (now - days * _DAY).replace(second=0, microsecond=0), list[datetime]()
    apart = days * _DAY // _moments_at_most(alert)
    least = max(timedelta(minutes=apart // timedelta(minutes=1)), timedelta(minutes=1))
    moment = alert.next_due(first - timedelta(seconds=1)) if alert.frequency.cron else first
    while moment < now:
        moments.append(moment.replace(second=0, microsecond=0))
        moment = alert.next_due(moment + least - timedelta(milliseconds=1))
    return [*moments, now]
