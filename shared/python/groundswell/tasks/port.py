"""The port for features: a task for one of their objects, and its end, each once whatever is repeated.

The queue that is named hears `{"event": "task.completed" | "task.cancelled", client_id, task_id, purpose, object_id,
object_type, by}` when somebody else ends the task; it must be granted to `outbox_publisher`.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from groundswell.kernel.errors import PreconditionFailed
from groundswell.tasks.model import ChangeSet, Opener, Status, Task, changes_between
from groundswell.tasks.news import Happening, messages_of
from groundswell.tasks.service import TaskStore

_ATTEMPTS = 12  # of those that write at once one gets through each time


class TaskPort:
    def __init__(self, store: TaskStore, now: Callable[[], datetime], new_id: Callable[[], str]) -> None:
        self._store = store
        self._now = now
        self._new_id = new_id

    def open(
        self,
        client_id: str,
        opener: Opener,
        object_id: str,
        object_type: str,
        name: str,
        zone: str = "UTC",
        **values: Any,
    ) -> Task:
        """The task of (feature, object, purpose): a new one, or the one there is, whatever became of it.

        `values` are fields of a task, checked by whoever calls: `priority`, `assignees`, `task_type`, `description`,
        and `due_date`, a date on the clocks of `zone` or a time.
        """
        task_id = task_of(client_id, opener, object_id)
        now = self._now()
        by = f"feature:{opener.feature}"
        task = Task(task_id, client_id, name, by, now, now, opener=opener, **_plain(values))
        task = replace(task, related_object_id=object_id, related_object_type=object_type)
        task = task.due(values.get("due_date"), zone)
        present = self._store.find(client_id, task_id)
        if present is not None:
            return present
        try:
            return self._save(None, task, by)
        except PreconditionFailed:
            return self._store.find(client_id, task_id) or task  # somebody else opened it at the same moment

    def end(self, client_id: str, opener: Opener, object_id: str, status: Status) -> Task | None:
        """The object is done with: so is its task, unless it has ended. The feature does not hear of that.

        None where there is no such task. Raises PreconditionFailed while others go on changing it.
        """
        for _ in range(_ATTEMPTS):
            task = self._store.find(client_id, task_of(client_id, opener, object_id))
            if task is None or not task.status.is_open:
                return task
            after = replace(task, blocked_by=()).moved_to(status, self._now())
            try:
                return self._save(task, after, f"feature:{opener.feature}")
            except PreconditionFailed:
                continue
        raise PreconditionFailed

    def _save(self, before: Task | None, after: Task, by: str) -> Task:
        what = Happening(self._new_id(), by, self._now())
        done = ChangeSet(what.id, after.id, what.at, by, changes_between(before, after))
        return self._store.save(
            before, replace(after, updated_at=what.at), done, messages_of(before, after, what), None
        )


def task_of(client_id: str, opener: Opener, object_id: str) -> str:
    """The id of that task: it follows from whose it is, so that there cannot be two."""
    text = "\0".join((client_id, opener.feature, opener.purpose, object_id))
    return str(UUID(bytes=sha256(text.encode()).digest()[:16]))


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name != "due_date"}
