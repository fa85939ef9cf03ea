"""What webhooks get of tasks."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from groundswell.kernel.clock import rfc3339
from groundswell.kernel.message import Message
from groundswell.tasks.model import Status, Task
from groundswell.webhooks.events import event_message

_TASK: Mapping[str, Any] = {
    "id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c21",
    "name": "Review the autumn creatives",
    "task_type": "review_creative",
    "status": "pending",
    "priority": "High",
    "assignees": ["0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c11"],
    "due_date": "2026-12-04",
    "related_object_id": None,
    "related_object_type": None,
    "created_by": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c11",
    "created_at": "2026-11-30T12:00:00.000Z",
    "completed_at": None,
    "by": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c11",
}
EVENTS: Mapping[str, Mapping[str, Any]] = {
    "task.created": _TASK,
    "task.updated": {**_TASK, "changed": ["priority"]},
    "task.completed": {**_TASK, "status": "completed", "completed_at": "2026-11-30T12:00:00.000Z"},
    "task.cancelled": {**_TASK, "status": "cancelled"},
    "task.reopened": _TASK,
}
_OF_STATUS = {Status.COMPLETED: "task.completed", Status.CANCELLED: "task.cancelled"}
_NEVER_NAMED = frozenset({"version", "updated_at", "completed_at", "opener", "timezone"})


def webhook_messages(before: Task | None, after: Task, *, by: str, event_id: str, at: datetime) -> Iterator[Message]:
    """One event a change: what became of the task, or which fields are others now. None where nothing shown changed."""
    kind = _kind(before, after)
    data: dict[str, Any] = {name: getattr(after, name) for name in _TASK if name != "by"} | {"by": by}
    if before is not None and kind == "task.updated":
        data["changed"] = _changed(before, after)
        if not data["changed"]:
            return
    shown = {name: rfc3339(value) if isinstance(value, datetime) else value for name, value in data.items()}
    yield event_message(after.client_id, kind, shown, id=f"{event_id}-event", at=at)


def _kind(before: Task | None, after: Task) -> str:
    if before is None:
        return "task.created"
    if before.status.is_open is after.status.is_open:
        return "task.updated"
    return _OF_STATUS.get(after.status, "task.reopened")


def _changed(before: Task, after: Task) -> list[str]:
    names = (field.name for field in fields(Task) if field.name not in _NEVER_NAMED)
    return sorted(name for name in names if getattr(before, name) != getattr(after, name))
