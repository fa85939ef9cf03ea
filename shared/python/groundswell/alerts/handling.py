"""What people and tasks do with instances, and what becomes of those that nobody takes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from groundswell.alerts import news
from groundswell.alerts.evaluator import cancelled, end_task
from groundswell.alerts.instances import QUEUED, Instance, Notification, Status
from groundswell.alerts.instances import Step as HistoryStep
from groundswell.alerts.model import Alert, InstanceClosed, InstanceNotFound
from groundswell.alerts.ports import UNACKNOWLEDGE, Now, Step, Store, anew
from groundswell.alerts.state import Entry, News, State
from groundswell.kernel.ids import can_be_id
from groundswell.kernel.message import Message
from groundswell.kernel.page import Page, Position
from groundswell.notifications.message import notification_message
from groundswell.schedules.timers import Timer

type Change = Callable[[Instance, datetime], Instance]


class InstanceStore(Store, Protocol):
    def instance(self, client_id: str, instance_id: str) -> Instance | None: ...

    def save_instance(self, instance: Instance) -> Instance: ...

    def instance_page(
        self,
        client_id: str,
        statuses: Sequence[Status],
        alert_id: str | None,
        span: tuple[datetime | None, datetime | None],
        limit: int,
        position: Position | None,
    ) -> Page[Instance]: ...

    def mails(self, ids: Sequence[str]) -> Mapping[str, str]: ...


class Handling:
    def __init__(self, store: InstanceStore, now: Now, frontend_url: str) -> None:
        self._store = store
        self._now = now
        self._frontend_url = frontend_url

    def page(
        self,
        client_id: str,
        statuses: Sequence[Status],
        alert_id: str | None,
        span: tuple[datetime | None, datetime | None],
        limit: int,
        position: Position | None,
    ) -> Page[Instance]:
        instances = self._store.instance_page(client_id, statuses, alert_id, span, limit, position)
        return Page(tuple(self._current(instances.items)), instances.next)

    def get(self, client_id: str, instance_id: str) -> Instance:
        """Raises InstanceNotFound."""
        instance = self._store.instance(client_id, instance_id) if can_be_id(instance_id) else None
        if instance is None:
            raise InstanceNotFound
        return self._current([instance])[0]

    def _current(self, instances: Sequence[Instance]) -> list[Instance]:
        """With what became of their mails by now."""
        waiting = [mail_id for instance in instances for mail_id in instance.waiting_mails]
        if not waiting:
            return list(instances)
        states, now = self._store.mails(waiting), self._now()
        return [instance.with_mails(states, now) for instance in instances]

    def close(self, client_id: str, instance_id: str, status: Status, by: str, comment: str | None = None) -> Instance:
        """Resolve or dismiss it, and its task with it; once more changes nothing. Raises InstanceNotFound,
        InstanceClosed."""
        return self._change(client_id, instance_id, lambda instance, now: instance.moved(status, by, now, comment))

    def acknowledge(
        self, client_id: str, instance_id: str, by: str, comment: str | None, lasts: timedelta | None
    ) -> Instance:
        """Somebody looks after it: nobody else is called, until that `lasts` no more. Raises as `close`."""

        def change(instance: Instance, now: datetime) -> Instance:
            moved = instance.moved(Status.ACKNOWLEDGED, by, now, comment)
            return replace(moved, acknowledged_until=now + lasts if lasts else moved.acknowledged_until)

        return self._change(client_id, instance_id, change)

    def judge(self, client_id: str, instance_id: str, useful: bool, comment: str | None) -> Instance:
        """Whether it was worth having. Raises InstanceNotFound."""

        def judge() -> Instance:
            instance = self.get(client_id, instance_id)
            return self._store.save_instance(replace(instance, useful=useful, feedback=comment))

        return anew(judge)

    def task_ended(self, client_id: str, instance_id: str, by: str, *, completed: bool) -> None:
        """Its task is done with, and so is it. Nothing, where it has ended already."""
        status = Status.RESOLVED if completed else Status.DISMISSED
        instance = self._store.instance(client_id, instance_id)
        if instance is None or not instance.status.is_open:
            return
        try:
            self.close(client_id, instance_id, status, by, "by its task")
        except InstanceClosed:
            return

    def unacknowledge(self, client_id: str, instance_id: str, due: datetime) -> None:
        """What somebody was to look after fires anew."""

        def change(instance: Instance, now: datetime) -> Instance:
            if instance.status is not Status.ACKNOWLEDGED or instance.acknowledged_until != due:
                return instance
            moved = instance.moved(Status.FIRING, "system", now, "The acknowledgement has expired")
            return replace(moved, acknowledged_until=None)

        if self._store.instance(client_id, instance_id) is not None:
            self._change(client_id, instance_id, change)

    def escalate(self, client_id: str, instance_id: str) -> None:
        """Call the next ones, once, where nobody has acknowledged it."""
        anew(lambda: self._escalate(client_id, instance_id))

    def _escalate(self, client_id: str, instance_id: str) -> None:
        instance = self._store.instance(client_id, instance_id)
        if instance is None or instance.status is not Status.FIRING or instance.escalated_at:
            return
        alert, state = self._store.load(client_id, instance.alert_id)
        if alert is None or alert.actions.escalate_to is None:
            return
        now, to = self._now(), alert.actions.escalate_to
        mail_ids = {email: news.escalation_mail_id(instance, now, email) for email in to.emails}
        sent = [Notification("email", key, QUEUED, now, mail_id) for key, mail_id in mail_ids.items()]
        sent += [Notification("user", assignee, "queued", now) for assignee in to.assignees]
        step = HistoryStep(now, instance.status, instance.status, "system", "Escalated: nobody has acknowledged it")
        after = replace(instance, escalated_at=now, history=(*instance.history, step)).noted(now, *sent)
        messages = [*news.escalation_mails(alert, instance, now, self._frontend_url), *_notices(alert, after, now)]
        self._store.advance(Step(state, state, [after], messages=messages))

    def _change(self, client_id: str, instance_id: str, change: Change) -> Instance:
        """With what the alert's state has of it, in one transaction; what changes nothing is not written."""

        def act() -> Instance:
            instance, now = self.get(client_id, instance_id), self._now()
            after = change(instance, now)
            if after == instance:
                return instance
            alert, state = self._store.load(client_id, instance.alert_id)
            closed = [after] if not after.status.is_open else []
            self._store.advance(
                Step(
                    state,
                    _moved(state, after, alert),
                    [after],
                    tuple(_timers(alert, after, now)),
                    cancelled(closed),
                    [end_task(instance) for instance in closed],
                )
            )
            return self.get(client_id, instance_id)

        return anew(act)


def _moved(state: State, instance: Instance, alert: Alert | None) -> State:
    entry = next((entry for entry in state.entries if entry.instance_id == instance.id), None)
    if entry is None:
        return state
    after = replace(entry, status=instance.status)
    if not instance.status.is_open:
        tells = alert is not None and instance.status is Status.RESOLVED and (entry.announced or entry.news.unlogged)
        after = replace(after, news=News.RESOLVED if tells else News.NONE, rests=not entry.forced)
    return state.with_entries([_spoken(after, entry)])


def _spoken(after: Entry, before: Entry) -> Entry:
    """An acknowledged instance whose beginning was not told yet is told all the same: who looks at it knows, others do
    not. One that fires anew is told anew."""
    again = before.status is Status.ACKNOWLEDGED and after.status is Status.FIRING
    return replace(after, news=News.FIRING) if again else after


def _timers(alert: Alert | None, instance: Instance, now: datetime) -> list[Timer]:
    if alert is None or instance.status is not Status.ACKNOWLEDGED or instance.acknowledged_until is None:
        return []
    until, payload = instance.acknowledged_until, {"alert_id": alert.id}
    return [Timer(instance.client_id, UNACKNOWLEDGE, instance.id, max(until, now), news.QUEUE, payload)]


def _notices(alert: Alert, instance: Instance, now: datetime) -> list[Message]:
    people = alert.actions.escalate_to.assignees if alert.actions.escalate_to else ()
    if not people:
        return []
    return [
        notification_message(
            instance.client_id,
            people,
            news.ESCALATED,
            f"Nobody has acknowledged: {news.task_name(alert, instance)}",
            object_type=news.OBJECT_TYPE,
            object_id=instance.id,
            id=f"{instance.id}-escalated",
            at=now,
        )
    ]
