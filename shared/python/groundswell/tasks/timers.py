"""What a task wants to hear of at a time: that it is due soon, that it is overdue, and that its next one is to come."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from groundswell.schedules.timers import Timer
from groundswell.tasks.model import Task
from groundswell.tasks.news import QUEUE
from groundswell.tasks.recurrence import turn_of

DUE_SOON, OVERDUE, RECUR = "task.due_soon", "task.overdue", "task.recur"
KINDS = (DUE_SOON, OVERDUE, RECUR)
SOON = timedelta(days=1)


def timers_of(task: Task, since: datetime) -> Mapping[str, Timer]:
    """By kind. Nobody is reminded of what was over when the task came to be as it is (`since`)."""
    wanted: dict[str, datetime] = {}
    if task.due_at is not None and task.status.is_open:
        reminders = {DUE_SOON: task.due_at - SOON, OVERDUE: task.due_at}
        wanted = {kind: due for kind, due in reminders.items() if due > since}
    turn = turn_of(task)
    if turn is not None:
        wanted[RECUR] = turn
    return {kind: Timer(task.client_id, kind, task.id, due, QUEUE) for kind, due in wanted.items()}
