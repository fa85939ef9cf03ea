"""A task and its rules: what may become of it, who may change it, when it is due."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from groundswell.access.model import ClientContext, Role
from groundswell.kernel.clock import rfc3339, whole_millis
from groundswell.kernel.errors import Conflict, Forbidden, NotFound

ASSIGNEES_AT_MOST = 10
WATCHERS_AT_MOST = 50
DEPENDENCIES_AT_MOST = 10


class TaskNotFound(NotFound):
    code = "TASK_NOT_FOUND"
    message = "No such task"


class TaskClosed(Conflict):
    code = "TASK_CLOSED"
    message = "This task has ended: reopen it first"


class TaskBlocked(Conflict):
    code = "TASK_BLOCKED"
    message = "This task waits for others: `error.details.blocked_by` names them"


class TaskInUse(Conflict):
    code = "IN_USE"
    message = "Other tasks depend on this one: `error.details.where` names them"


class NotRecurring(Conflict):
    code = "NOT_RECURRING"
    message = "Only one of a series can be skipped: cancel this task instead"


class Status(StrEnum):
    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    CANCELLED = "cancelled"

    @property
    def is_open(self) -> bool:
        return self in OPEN


OPEN = frozenset({Status.PENDING, Status.IN_PROGRESS})


class Priority(StrEnum):
    """From the least to the most urgent."""

    BACKLOG = "Backlog"
    LOW = "Low"
    MEDIUM = "Medium"
    HIGH = "High"


class TaskType(StrEnum):
    REVIEW_CREATIVE = "review_creative"
    REVIEW_REPORT = "review_report"
    OTHER = "other"


@dataclass(frozen=True)
class Opener:
    """The feature that opened a task for one of its objects, and the queue that hears of the task's end."""

    feature: str
    purpose: str
    queue: str


@dataclass(frozen=True)
class Task:
    """`due_date` is a date, or a time in UTC, as it is shown; `due_at` is the moment at which it is overdue: the last
    second of a date, in the zone of `timezone`. `blocked_by` are those of `depends_on` that have not ended.

    Of a recurring one, `series_id` is the first task and `series_start` where its rule begins; `occurrence` is when the
    rule says this one is, whatever became of its due date. Both are on the clocks of `series_zone`, and dates where
    it goes `by_date`. `followed_by` is the next one, once there is.
    """

    id: str
    client_id: str
    name: str
    created_by: str
    created_at: datetime
    updated_at: datetime
    task_type: TaskType = TaskType.OTHER
    status: Status = Status.PENDING
    priority: Priority = Priority.MEDIUM
    assignees: tuple[str, ...] = ()
    watchers: tuple[str, ...] = ()
    due_date: str | None = None
    due_at: datetime | None = None
    timezone: str = "UTC"
    description: str | None = None
    related_object_id: str | None = None
    related_object_type: str | None = None
    depends_on: tuple[str, ...] = ()
    blocked_by: tuple[str, ...] = ()
    recurrence: str | None = None
    series_id: str | None = None
    series_start: str | None = None
    series_zone: str = "UTC"
    occurrence: str | None = None
    by_date: bool = False
    followed_by: str | None = None
    completed_at: datetime | None = None
    opener: Opener | None = None
    version: int = 0

    @property
    def concerns(self) -> frozenset[str]:
        """Who hears of what happens to it."""
        return frozenset({self.created_by, *self.assignees, *self.watchers})

    def need_editable_by(self, acting: ClientContext) -> None:
        """A member edits what they created or are assigned to, an editor everything. Raises Forbidden."""
        if not acting.role.covers(Role.EDITOR) and acting.actor_id not in (self.created_by, *self.assignees):
            raise Forbidden("A member changes tasks that are their own or assigned to them; an editor changes all")

    def need_deletable_by(self, acting: ClientContext) -> None:
        """Whoever created it, or an admin. Raises Forbidden."""
        if not acting.role.covers(Role.ADMIN) and acting.actor_id != self.created_by:
            raise Forbidden("Whoever created a task deletes it, or an admin")

    def moved_to(self, status: Status, now: datetime) -> "Task":
        """In that state; the same one changes nothing. What has ended stays so until it is reopened.

        Raises TaskClosed, TaskBlocked.
        """
        if status is self.status:
            return self
        if not self.status.is_open:
            raise TaskClosed(f"This task is {self.status}: reopen it first")
        if status in (Status.COMPLETED, Status.IN_PROGRESS) and self.blocked_by:
            raise TaskBlocked(details={"blocked_by": list(self.blocked_by)})
        return replace(self, status=status, completed_at=now if status is Status.COMPLETED else None)

    def reopened(self) -> "Task":
        """Pending again; an open one stays as it is."""
        return self if self.status.is_open else replace(self, status=Status.PENDING, completed_at=None)

    def due(self, due_date: str | None, zone: str) -> "Task":
        """`due_date` is a date or a time (RFC 3339) with an offset."""
        if due_date is None:
            return replace(self, due_date=None, due_at=None)
        due_at = due_moment(due_date, zone)
        shown = due_date if is_date(due_date) else rfc3339(due_at)
        return replace(self, due_date=shown, due_at=due_at, timezone=zone)


def is_date(text: str) -> bool:
    return len(text) == len("2026-11-01")


def due_moment(due_date: str, zone: str) -> datetime:
    """When it is overdue, in UTC: a date's last second on the clocks of `zone`."""
    if not is_date(due_date):
        return whole_millis(datetime.fromisoformat(due_date).astimezone(UTC))
    next_day = datetime.combine(date.fromisoformat(due_date) + timedelta(days=1), time(), ZoneInfo(zone))
    return next_day.astimezone(UTC) - timedelta(seconds=1)


@dataclass(frozen=True)
class Change:
    """What became of one field. `before` and `after` are as JSON has them."""

    field: str
    before: object
    after: object


@dataclass(frozen=True)
class ChangeSet:
    """What somebody changed at once. `id` is time-ordered."""

    id: str
    task_id: str
    at: datetime
    by: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Activity:
    """One field that somebody changed."""

    at: datetime
    by: str
    field: str
    before: object
    after: object


_WATCHED = (
    "name",
    "task_type",
    "status",
    "priority",
    "assignees",
    "watchers",
    "due_date",
    "description",
    "related_object_id",
    "related_object_type",
    "depends_on",
    "recurrence",
)


def changes_between(before: Task | None, after: Task) -> tuple[Change, ...]:
    """For the activity log. A new task is one change: of its status."""
    if before is None:
        return (Change("status", None, after.status.value),)
    pairs = ((name, getattr(before, name), getattr(after, name)) for name in _WATCHED)
    return tuple(Change(name, _json(old), _json(new)) for name, old, new in pairs if old != new)


def _json(value: object) -> object:
    if isinstance(value, tuple):
        return list(value)
    return value.value if isinstance(value, StrEnum) else value


@dataclass(frozen=True)
class Filter:
    """Which tasks are meant. An empty field is any; several values of one are any of them. Due dates are [from, to)."""

    statuses: tuple[Status, ...] = ()
    priorities: tuple[Priority, ...] = ()
    assignees: tuple[str, ...] = ()
    task_types: tuple[TaskType, ...] = ()
    related_object_ids: tuple[str, ...] = ()
    due_from: datetime | None = None
    due_to: datetime | None = None
    text: str | None = None
    assignee_inactive: bool = False
    """Only those of people who do not work for the client any more."""


@dataclass(frozen=True)
class Order:
    """`by` is `due_date`, `created_at` or `priority`. Without a due date comes behind all that have one."""

    by: str = "created_at"
    descending: bool = True


@dataclass(frozen=True)
class Progress:
    """How many tasks there are in each state: all of a client's, or those of one assignee."""

    counts: Mapping[Status, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def completed_share(self) -> float | None:
        """Of those that were not cancelled; None where there are none."""
        counted = self.total - self.counts.get(Status.CANCELLED, 0)
        return self.counts.get(Status.COMPLETED, 0) / counted if counted else None
