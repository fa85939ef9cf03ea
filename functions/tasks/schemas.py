"""Wire shapes of tasks."""

from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from groundswell.http.schema import Changes, In, Line, Out, Time, any_case
from groundswell.http.timestamps import DueDate
from groundswell.tasks.model import (
    ASSIGNEES_AT_MOST,
    DEPENDENCIES_AT_MOST,
    WATCHERS_AT_MOST,
    Activity,
    Priority,
    Progress,
    Status,
    TaskType,
)
from groundswell.tasks.recurrence import LONGEST
from groundswell.tasks.service import Outcome

IDS_AT_MOST = 100


def _once(ids: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ids))


Id = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
Rule = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST)]
_RULE = (
    "RRULE (RFC 5545), daily at most: `FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR`. It begins at the due date, which moves on to "
    "the first that fits, on the clocks of the client, or of a zone of its own: `DTSTART;TZID=Europe/Berlin:"
    "20261102T090000` in a line before it. The next task is opened when this one is due, or ends before"
)
Text = Annotated[str, StringConstraints(max_length=10_000)]
AnyPriority = Annotated[Priority, any_case(Priority)]
AnyStatus = Annotated[Status, any_case(Status)]
AnyType = Annotated[TaskType, any_case(TaskType)]
Assignees = Annotated[tuple[Id, ...], Field(max_length=ASSIGNEES_AT_MOST), AfterValidator(_once)]
Watchers = Annotated[tuple[Id, ...], Field(max_length=WATCHERS_AT_MOST), AfterValidator(_once)]
Dependencies = Annotated[tuple[Id, ...], Field(max_length=DEPENDENCIES_AT_MOST), AfterValidator(_once)]


class TaskCreate(Changes):
    """Only `name` is required."""

    name: Line
    task_type: AnyType | None = TaskType.OTHER
    priority: AnyPriority | None = Priority.MEDIUM
    assignees: Assignees | None = Field(default=(), description="Users who work for the client")
    watchers: Watchers | None = Field(default=(), description="Users who hear of what happens to it")
    due_date: DueDate | None = Field(default=None, description="A date, on the clocks of the client, or a time")
    description: Text | None = None
    related_object_id: Id | None = None
    related_object_type: Line | None = None
    depends_on: Dependencies | None = Field(default=(), description="Tasks that have to end before this one begins")
    recurrence: Rule | None = Field(default=None, description=_RULE)
    client_id: str | None = None

    def values(self) -> dict[str, Any]:
        """What was given; null is the same as absent."""
        return {name: value for name, value in self.changes().items() if value is not None}


class TaskUpdate(Changes):
    """Absent keeps; `null` clears. `status` moves an open task; one that has ended is reopened first."""

    required: ClassVar[frozenset[str]] = frozenset({"name", "task_type", "priority", "status"})

    name: Line | None = None
    task_type: AnyType | None = None
    priority: AnyPriority | None = None
    status: AnyStatus | None = None
    assignees: Assignees | None = None
    watchers: Watchers | None = None
    due_date: DueDate | None = None
    description: Text | None = None
    related_object_id: Id | None = None
    related_object_type: Line | None = None
    depends_on: Dependencies | None = None
    recurrence: Rule | None = Field(default=None, description=_RULE)
    client_id: str | None = None

    def values(self) -> dict[str, Any]:
        """Lists that are cleared are empty."""
        lists = ("assignees", "watchers", "depends_on")
        return {name: () if value is None and name in lists else value for name, value in self.changes().items()}


class TaskOut(Out):
    """`due_at` is when it is overdue: a date's last second in `timezone`. `blocked_by` are those of `depends_on` that
    have not ended, `followed_by` the next one of its series."""

    id: str
    client_id: str
    name: str
    task_type: TaskType
    status: Status
    priority: Priority
    assignees: list[str]
    watchers: list[str]
    due_date: str | None
    due_at: Time | None
    timezone: str
    description: str | None
    related_object_id: str | None
    related_object_type: str | None
    depends_on: list[str]
    blocked_by: list[str]
    recurrence: str | None
    series_id: str | None
    followed_by: str | None
    created_by: str
    created_at: Time
    updated_at: Time
    completed_at: Time | None
    version: int


class BulkIn(In):
    """The same changes for each of the tasks; they succeed or fail each for itself."""

    ids: Annotated[tuple[Id, ...], Field(min_length=1, max_length=IDS_AT_MOST)]
    changes: TaskUpdate
    client_id: str | None = None


class OutcomeError(BaseModel):
    code: str
    message: str


class OutcomeOut(BaseModel):
    id: str
    ok: bool
    error: OutcomeError | None


def outcome_out(outcome: Outcome) -> OutcomeOut:
    error = outcome.error
    words = OutcomeError(code=error.code, message=_words(error)) if error else None
    return OutcomeOut(id=outcome.id, ok=error is None, error=words)


def _words(error: Any) -> str:
    problems = getattr(error, "problems", ())
    return "; ".join(f"{problem.field}: {problem.message}" for problem in problems) or str(error.text)


class ActivityOut(BaseModel):
    at: Time
    by: str
    field: str
    before: Any = Field(serialization_alias="from")
    after: Any = Field(serialization_alias="to")


def activity_out(activity: Activity) -> ActivityOut:
    return ActivityOut(**vars(activity))


class ProgressOut(BaseModel):
    """`completed_share` is of those that were not cancelled; null where there are none."""

    assignee: str | None
    total: int
    pending: int
    in_progress: int
    completed: int
    cancelled: int
    completed_share: float | None


def progress_out(progress: Progress, assignee: str | None) -> ProgressOut:
    counts = {status.value: progress.counts.get(status, 0) for status in Status}
    return ProgressOut(assignee=assignee, total=progress.total, completed_share=progress.completed_share, **counts)
