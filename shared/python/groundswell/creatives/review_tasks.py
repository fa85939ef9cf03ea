"""The task that asks people to review: one a cycle, opened and closed exactly once."""

from collections.abc import Callable
from datetime import timedelta

from groundswell.approval.model import ApprovalStatus
from groundswell.creatives.events import QUEUE
from groundswell.creatives.model import Creative
from groundswell.kernel.clock import rfc3339
from groundswell.schedules.timers import Timer
from groundswell.tasks.model import Opener, Priority, TaskType
from groundswell.tasks.model import Status as TaskStatus
from groundswell.tasks.port import TaskPort, task_of

STALLED = "creative.stalled"
_ASSIGNEES_AT_MOST = 10
_PATIENCE = timedelta(days=3)
_AFTER_DUE = timedelta(days=1)


def review_task(creative: Creative) -> str:
    """The id of the task of the review that is under way, or was the last."""
    return task_of(creative.client_id, _opener(creative.cycle), creative.id)


class ReviewTasks:
    """Both may be repeated, and come in any order."""

    def __init__(self, port: TaskPort, find: Callable[[str, str], Creative | None]) -> None:
        self._port = port
        self._find = find

    def follow(self, client_id: str, creative_id: str, cycle: int) -> None:
        """The task of that cycle is as the creative is."""
        creative = self._find(client_id, creative_id)
        if creative is None:
            self._port.end(client_id, _opener(cycle), creative_id, TaskStatus.CANCELLED)
        elif creative.cycle > cycle or creative.status is not ApprovalStatus.PENDING:
            self._port.end(client_id, _opener(cycle), creative_id, TaskStatus.COMPLETED)
        else:
            self._open(creative)

    def _open(self, creative: Creative) -> None:
        people = [approver for approver in creative.policy.approvers if approver not in creative.authors]
        self._port.open(
            creative.client_id,
            _opener(creative.cycle),
            creative.id,
            "creative",
            f"Review: {creative.content.title}"[:200],
            creative.timezone,
            task_type=TaskType.REVIEW_CREATIVE,
            priority=Priority.HIGH,
            assignees=tuple(people[:_ASSIGNEES_AT_MOST]),
            due_date=creative.due_date,
        )


def stalled_timer(creative: Creative) -> Timer | None:
    """When somebody is told that a review makes no progress: a day after it was due, or three after it began."""
    if creative.status is not ApprovalStatus.PENDING:
        return None
    due = creative.due_at + _AFTER_DUE if creative.due_at else creative.updated_at + _PATIENCE
    return Timer(creative.client_id, STALLED, creative.id, due, QUEUE, {"creative_version": creative.creative_version})


def is_stalled(creative: Creative, due: str) -> bool:
    timer = stalled_timer(creative)
    return timer is not None and rfc3339(timer.due) == due


def _opener(cycle: int) -> Opener:
    return Opener("creatives", f"review-{cycle}", QUEUE)
