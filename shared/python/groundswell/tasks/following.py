"""What follows from a task's end, or from its being reopened: others wait no more, or again."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from groundswell.audit.model import SYSTEM
from groundswell.kernel.message import Message
from groundswell.tasks.model import Task
from groundswell.tasks.news import UNBLOCKED, Happening, named, notice


class FollowingStore(Protocol):
    def find(self, client_id: str, task_id: str) -> Task | None: ...

    def dependents(self, client_id: str, task_id: str) -> tuple[str, ...]: ...

    def settle(self, before: Task, after: Task, messages: Sequence[Message]) -> Task:
        """What nobody did, and no log tells. Raises PreconditionFailed if someone else wrote first."""


class Series(Protocol):
    def continue_series(self, task: Task, since: datetime) -> bool:
        """Open the next one, once."""


class Following:
    """Goes by what there is, not by what the message says: repeated and late ones do no harm."""

    def __init__(
        self, store: FollowingStore, series: Series, now: Callable[[], datetime], new_id: Callable[[], str]
    ) -> None:
        self._store = store
        self._series = series
        self._now = now
        self._new_id = new_id

    def turned(self, client_id: str, task_id: str) -> None:
        """The task ended, or was reopened."""
        task = self._store.find(client_id, task_id)
        if task is None:
            return
        if not task.status.is_open:
            self._series.continue_series(task, self._now())
        for dependent_id in self._store.dependents(client_id, task_id):
            dependent = self._store.find(client_id, dependent_id)
            if dependent is not None and task_id in dependent.depends_on:
                self._settle(task, dependent)

    def _settle(self, task: Task, dependent: Task) -> None:
        others = tuple(blocker_id for blocker_id in dependent.blocked_by if blocker_id != task.id)
        waiting = (*others, task.id) if task.status.is_open else others
        if frozenset(waiting) == frozenset(dependent.blocked_by):
            return
        what = Happening(self._new_id(), SYSTEM, self._now())
        after = replace(dependent, blocked_by=waiting, updated_at=what.at)
        free = dependent.blocked_by and not waiting and dependent.status.is_open
        text = f"Nothing is in the way any more: {named(dependent)}"
        self._store.settle(dependent, after, notice(after, after.concerns, UNBLOCKED, text, what) if free else [])
