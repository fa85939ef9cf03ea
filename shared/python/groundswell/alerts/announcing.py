"""Tells what an evaluation brought, each of it once whatever dies on the way.

What is to be told stands in the alert's state. First it is said, all of it in one mail an address, in the transaction
that notes that it was; then instance by instance the log is written, with its webhook, its task and its escalation.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import batched

from groundswell.alerts import news
from groundswell.alerts.events import webhook_message
from groundswell.alerts.instances import Instance, Notification
from groundswell.alerts.model import Alert, Severity
from groundswell.alerts.muting import muted, silenced
from groundswell.alerts.ports import ESCALATE, Now, Step, Store, Tasks, Team
from groundswell.alerts.state import TOLD, Entry, News, State, Telling
from groundswell.kernel.clock import rfc3339
from groundswell.kernel.durations import parse_duration
from groundswell.kernel.message import Message
from groundswell.schedules.timers import Timer
from groundswell.tasks.model import Status as TaskStatus
from groundswell.tasks.port import task_of

_TOGETHER = 12
"""Instances of one transaction: each has up to five items."""


class Announcer:
    def __init__(self, store: Store, tasks: Tasks, team: Team, now: Now, frontend_url: str) -> None:
        self._store = store
        self._tasks = tasks
        self._team = team
        self._now = now
        self._frontend_url = frontend_url

    def announce(self, alert: Alert, state: State) -> State:
        """Raises PreconditionFailed when the alert moved on meanwhile: do it again with what there is."""
        now = self._now()
        for portion in news.portions(alert, self._tellable(alert, state, now)):
            state = self._tell(alert, state, portion, Telling(now, f"{state.version}"))
        return self.settle(alert, state)

    def _tell(self, alert: Alert, state: State, entries: Sequence[Entry], telling: Telling) -> State:
        noted = [replace(entry, news=TOLD[entry.news], telling=telling) for entry in entries]
        after = replace(state, told_at=telling.at).with_entries(noted)
        return self._store.advance(Step(state, after, messages=tuple(self._messages(alert, entries, telling))))

    def settle(self, alert: Alert, state: State) -> State:
        """What was told is written down. The tasks of a few are there at once, those of many come with the messages
        that each transaction leaves."""
        unlogged = [entry for entry in state.entries if entry.news.unlogged]
        for portion in batched(unlogged, _TOGETHER, strict=False):
            state, logged = self._log(alert, state, portion)
            for instance in logged if len(unlogged) <= _TOGETHER else ():
                self.open_task(alert, instance)
        return state

    def open_task(self, alert: Alert, instance: Instance) -> None:
        """Safe to repeat. One whose instance has ended meanwhile ends, too."""
        wanted = alert.actions.create_task
        if wanted is None or not instance.status.is_open:
            return
        people = self._team.working(alert.client_id, alert.org_id, wanted.assignees)
        self._tasks.open(
            alert.client_id,
            news.OPENER,
            instance.id,
            news.OBJECT_TYPE,
            news.task_name(alert, instance),
            priority=wanted.priority,
            assignees=tuple(assignee for assignee in wanted.assignees if assignee in people),
        )
        left = self._store.instances(alert.client_id, [instance.id])
        if not left or not left[0].status.is_open:
            self.end_task(alert.client_id, instance.id, TaskStatus.COMPLETED)

    def end_task(self, client_id: str, instance_id: str, status: TaskStatus) -> None:
        self._tasks.end(client_id, news.OPENER, instance_id, status)

    def _tellable(self, alert: Alert, state: State, now: datetime) -> list[Entry]:
        untold = [entry for entry in state.entries if entry.news.untold]
        if not untold or muted(alert.mute_windows, now) or _throttled(alert, state, now):
            return []
        silences = self._store.silences(alert.client_id)
        return [entry for entry in untold if not silenced(alert, entry, silences, now)]

    def _messages(self, alert: Alert, entries: Sequence[Entry], telling: Telling) -> Iterator[Message]:
        spoken = [entry for entry in entries if entry.news is News.FIRING or alert.actions.notify_resolved]
        if not spoken:
            return
        key = f"{alert.id}:{telling.key}"
        yield from news.mails(alert, spoken, telling, self._frontend_url)
        if alert.actions.slack_webhook_url:
            text = news.slack_text(alert, spoken)
            ids = [entry.instance_id for entry in spoken]
            yield news.to_worker(
                news.SLACK,
                key,
                client_id=alert.client_id,
                alert_id=alert.id,
                key=key,
                at=rfc3339(telling.at),
                text=text,
                instance_ids=ids,
            )

    def _log(self, alert: Alert, state: State, portion: Sequence[Entry]) -> tuple[State, list[Instance]]:
        now = self._now()
        instances = {
            instance.id: instance
            for instance in self._store.instances(alert.client_id, [e.instance_id for e in portion])
        }
        pairs = [(entry, instances[entry.instance_id]) for entry in portion if entry.instance_id in instances]
        logged = [self._logged(alert, entry, instance, now) for entry, instance in pairs]
        after = state.with_entries(replace(entry, news=News.NONE, announced=True, telling=None) for entry in portion)
        step = Step(
            state,
            after,
            [instance for instance, _ in logged],
            tuple(_escalations(alert, pairs, now)),
            messages=[message for _, messages in logged for message in messages],
        )
        return self._store.advance(step), [instance for instance, _ in logged]

    def _logged(self, alert: Alert, entry: Entry, instance: Instance, now: datetime) -> tuple[Instance, list[Message]]:
        firing, actions = entry.news is News.LOG_FIRING, alert.actions
        messages: list[Message] = []
        if actions.webhook:
            messages.append(webhook_message(instance, "alert.firing" if firing else "alert.resolved", now))
        if firing and actions.create_task:
            task_id = task_of(alert.client_id, news.OPENER, instance.id)
            instance = replace(instance, task_id=task_id)
            messages.append(news.to_worker(news.OPEN_TASK, f"{instance.id}:{instance.version}", **_named(instance)))
        return instance.noted(now, *_sent(alert, instance, entry.telling, now, firing=firing)), messages


def _named(instance: Instance) -> dict[str, str]:
    return {"client_id": instance.client_id, "alert_id": instance.alert_id, "instance_id": instance.id}


def _throttled(alert: Alert, state: State, now: datetime) -> bool:
    throttle = alert.actions.throttle
    if throttle is None or state.told_at is None or now - state.told_at >= parse_duration(throttle):
        return False
    return not any(entry.severity is Severity.CRITICAL and entry.news is News.FIRING for entry in state.entries)


def _sent(
    alert: Alert, instance: Instance, telling: Telling | None, now: datetime, *, firing: bool
) -> Iterator[Notification]:
    actions = alert.actions
    if firing or actions.notify_resolved:
        for address in actions.emails:
            mail_id = news.mail_id(alert.id, telling, address) if telling else None
            yield Notification("email", address, "queued", now, mail_id)
        if actions.slack_webhook_url:
            yield Notification("slack", "webhook", "queued", now)
    if actions.webhook:
        yield Notification("webhook", "subscribers", "queued", now)
    if (
        firing
        and instance.task_id
        and not any(notification.channel == "task" for notification in instance.notifications)
    ):
        yield Notification("task", instance.task_id, "sent", now)


def _escalations(alert: Alert, pairs: Sequence[tuple[Entry, Instance]], now: datetime) -> Iterator[Timer]:
    after = alert.actions.escalate_after
    for entry, instance in pairs:
        if after and entry.news is News.LOG_FIRING and instance.status.is_open:
            due = now + parse_duration(after)
            yield Timer(alert.client_id, ESCALATE, instance.id, due, news.QUEUE, {"alert_id": alert.id})
