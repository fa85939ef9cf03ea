"""What a task's timers do: remind, and open the next one of a series."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from groundswell.audit.model import SYSTEM
from groundswell.kernel.message import Message
from groundswell.schedules.timers import Firing
from groundswell.tasks import news
from groundswell.tasks.model import ChangeSet, Status, Task, changes_between
from groundswell.tasks.news import Happening, messages_of, named
from groundswell.tasks.recurrence import following
from groundswell.tasks.timers import DUE_SOON, OVERDUE, RECUR, SOON

_KINDS = {DUE_SOON: news.DUE_SOON, OVERDUE: news.OVERDUE}


class ReminderStore(Protocol):
    def find(self, client_id: str, task_id: str) -> Task | None: ...

    def say(self, messages: Sequence[Message]) -> None: ...

    def follow(
        self, before: Task, after: Task, upcoming: Task, done: ChangeSet, messages: Sequence[Message], since: datetime
    ) -> None:
        """The one that is over, and the next one of its series, together. Raises PreconditionFailed."""


class Team(Protocol):
    def working(self, client_id: str, org_id: str, user_ids: Sequence[str]) -> frozenset[str]: ...

    def organization(self, client_id: str) -> tuple[str, bool] | None:
        """Whose the client is, and whether it is active; None when nothing is left of it."""


class Reminders:
    def __init__(
        self, store: ReminderStore, team: Team, now: Callable[[], datetime], new_id: Callable[[], str]
    ) -> None:
        self._store = store
        self._team = team
        self._now = now
        self._new_id = new_id

    def fire(self, firing: Firing) -> bool:
        """Whether anything came of it: what has changed since the timer was set, or ended, is left alone."""
        task, owner = self._store.find(firing.tenant, firing.key), self._team.organization(firing.tenant)
        if task is None or owner is None:
            return False
        if firing.kind == RECUR:
            return self.continue_series(task, firing.due)
        return owner[1] and self._remind(task, firing)

    def continue_series(self, task: Task, since: datetime) -> bool:
        """Open the next of the series, once. It is what this one is, but due later, and for whom still work there."""
        if task.followed_by is not None:
            return False
        upcoming, owner = following(task), self._team.organization(task.client_id)
        if upcoming is None or owner is None:
            return False
        what = Happening(self._new_id(), SYSTEM, self._now())
        upcoming = self._fresh(upcoming, owner[0], what)
        done = ChangeSet(what.id, upcoming.id, what.at, SYSTEM, changes_between(None, upcoming))
        after = replace(task, followed_by=upcoming.id)
        # A deleted client can be restored, and its series with it; meanwhile nobody is told.
        messages = messages_of(None, upcoming, what) if owner[1] else []
        self._store.follow(task, after, upcoming, done, messages, since)
        return True

    def _fresh(self, task: Task, org_id: str, what: Happening) -> Task:
        people = self._team.working(task.client_id, org_id, [*task.assignees, *task.watchers])
        return replace(
            task,
            id=self._new_id(),
            status=Status.PENDING,
            assignees=tuple(assignee for assignee in task.assignees if assignee in people),
            watchers=tuple(watcher for watcher in task.watchers if watcher in people),
            created_at=what.at,
            updated_at=what.at,
            completed_at=None,
            depends_on=(),
            blocked_by=(),
            opener=None,
            version=0,
        )

    def _remind(self, task: Task, firing: Firing) -> bool:
        due = task.due_at - SOON if firing.kind == DUE_SOON and task.due_at else task.due_at
        if due != firing.due or not task.status.is_open or (firing.missed and firing.kind == DUE_SOON):
            return False
        kind = _KINDS[firing.kind]
        words = "Due within a day" if firing.kind == DUE_SOON else "Overdue"
        to = frozenset(task.assignees or (task.created_by,))
        what = Happening(f"{task.id}-{int(firing.due.timestamp())}", SYSTEM, self._now())
        self._store.say(news.notice(task, to, kind, f"{words}: {named(task)}", what))
        return True
