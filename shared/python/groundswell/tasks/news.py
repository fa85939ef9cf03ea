"""Who hears what of a task."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from groundswell.kernel.message import Message
from groundswell.notifications.message import Kind, notification_message
from groundswell.tasks.events import webhook_messages
from groundswell.tasks.model import Status, Task

QUEUE = "tasks"
"""Of the worker that does what follows from a change: `functions/reminders`."""
ASSIGNED = Kind("task.assigned", "A task was assigned to you")
WATCHING = Kind("task.watching", "You were made a watcher of a task", mail=False)
COMPLETED = Kind("task.completed", "A task of yours was completed", mail=False)
CANCELLED = Kind("task.cancelled", "A task of yours was cancelled", mail=False)
REOPENED = Kind("task.reopened", "A task of yours was reopened", mail=False)
COMMENTED = Kind("task.commented", "Somebody commented on a task of yours", mail=False)
MENTIONED = Kind("task.mentioned", "Somebody mentioned you")
UNBLOCKED = Kind("task.unblocked", "What a task of yours waited for is done")
DUE_SOON = Kind("task.due_soon", "A task of yours is due within a day")
OVERDUE = Kind("task.overdue", "A task of yours is overdue")
KINDS = (ASSIGNED, WATCHING, COMPLETED, CANCELLED, REOPENED, COMMENTED, MENTIONED, UNBLOCKED, DUE_SOON, OVERDUE)
_OF_STATUS = {Status.COMPLETED: COMPLETED, Status.CANCELLED: CANCELLED}
_LONGEST_NAME = 120


@dataclass(frozen=True)
class Happening:
    """What made a change: its id (messages derive theirs from it), who, and when."""

    id: str
    by: str
    at: datetime


def notice(task: Task, to: frozenset[str], kind: Kind, text: str, what: Happening) -> list[Message]:
    """Nobody is told of what they did themselves, and API keys read nothing."""
    people = frozenset(user_id for user_id in to - {what.by} if ":" not in user_id)
    if not people:
        return []
    message = notification_message(
        task.client_id,
        people,
        kind,
        text,
        object_type="task",
        object_id=task.id,
        id=f"{what.id}-{kind.name}",
        at=what.at,
    )
    return [message]


def named(task: Task) -> str:
    return task.name if len(task.name) <= _LONGEST_NAME else f"{task.name[: _LONGEST_NAME - 1]}…"


def messages_of(before: Task | None, after: Task, what: Happening) -> list[Message]:
    """What follows from a change, told together with it."""
    messages = webhook_messages(before, after, by=what.by, event_id=what.id, at=what.at)
    return [
        *_notices(before, after, what),
        *_follow_up(before, after, what),
        *_to_opener(before, after, what),
        *messages,
    ]


def _notices(before: Task | None, after: Task, what: Happening) -> Iterator[Message]:
    assigned = frozenset(after.assignees) - frozenset(before.assignees if before else ())
    watching = frozenset(after.watchers) - frozenset(before.watchers if before else ()) - assigned
    yield from notice(after, assigned, ASSIGNED, f"You are to do: {named(after)}", what)
    yield from notice(after, watching, WATCHING, f"You watch: {named(after)}", what)
    if before is None or before.status.is_open is after.status.is_open:
        return
    kind = _OF_STATUS.get(after.status, REOPENED)
    word = after.status.value if after.status in _OF_STATUS else "reopened"
    yield from notice(after, after.concerns - assigned - watching, kind, f"{word.capitalize()}: {named(after)}", what)


def _follow_up(before: Task | None, after: Task, what: Happening) -> Iterator[Message]:
    """For the worker: others may wait for it, or come after it."""
    if before is not None and before.status.is_open is not after.status.is_open:
        body = {"event": "task.turned", "client_id": after.client_id, "task_id": after.id}
        yield Message(QUEUE, f"{what.id}-turned", json.dumps(body))


def _to_opener(before: Task | None, after: Task, what: Happening) -> Iterator[Message]:
    """The feature that opened it hears of its end, unless it brought it about."""
    opener = after.opener
    ended = before is not None and before.status.is_open and not after.status.is_open
    if opener is None or not ended or what.by == f"feature:{opener.feature}":
        return
    body = {
        "event": f"task.{after.status}",
        "client_id": after.client_id,
        "task_id": after.id,
        "purpose": opener.purpose,
        "object_id": after.related_object_id,
        "object_type": after.related_object_type,
        "by": what.by,
    }
    yield Message(opener.queue, f"{what.id}-ended", json.dumps(body))
