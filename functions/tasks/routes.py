"""The endpoints of tasks."""

from typing import Annotated, Any

from fastapi import Query, Response

from functions.tasks import examples
from functions.tasks.filters import Sorted, Wanted
from functions.tasks.schemas import (
    ActivityOut,
    BulkIn,
    Id,
    OutcomeOut,
    ProgressOut,
    TaskCreate,
    TaskOut,
    TaskUpdate,
    activity_out,
    outcome_out,
    progress_out,
)
from functions.tasks.wiring import Tasks
from groundswell.http.app import create_router
from groundswell.http.envelope import Counted, Empty, Envelope, Listed, created, ok, whole_list
from groundswell.http.operation import operation
from groundswell.http.paging import NewestOnly, Paging
from groundswell.http.preconditions import IfMatch, tag
from groundswell.http.principal import Member, Viewer
from groundswell.tasks.model import Task
from groundswell.tenancy.clients.model import Scope

router = create_router("Tasks")
router.include_late("functions.tasks.comments.routes", "functions.tasks.notifications.routes")
_READS: dict[str, Any] = {"scope": Scope.TASKS_READ, "errors": (401, 403, 404)}
_CHANGES: dict[str, Any] = {"scope": Scope.TASKS_WRITE, "errors": (401, 403, 404, 409, 412)}


@router.get("/tasks", **operation("tasks.list", response_example=[examples.TASK], counted=True, **_READS))
async def list_tasks(who: Viewer, wanted: Wanted, order: Sorted, paging: Paging, tasks: Tasks) -> Counted[TaskOut]:
    """The client's tasks. `meta.total` is exact without a filter, for values of one of status, priority and task type,
    and for one assignee with or without statuses; else it is null. A page may be short, with a next one, where what
    is asked for is rare among what is read for it: a text, or several filters at once."""
    page = tasks.page(who, wanted, order, paging.limit, paging.position(who.client_id))
    return paging.answer_counted(who.client_id, page.map(TaskOut.model_validate))


@router.post(
    "/tasks",
    **operation(
        "tasks.create",
        scope=Scope.TASKS_WRITE,
        request_example=examples.CREATE,
        response_example={**examples.TASK, "assignees": []},
        status=201,
        location="/tasks/{id}",
        errors=(401, 403, 404),
    ),
)
async def create_task(body: TaskCreate, who: Member, response: Response, tasks: Tasks) -> Envelope[TaskOut]:
    """Create a task. Assignees and watchers work for the client; they are told."""
    return created(_tagged(tasks.create(who, body.values()), response))


@router.post(
    "/tasks/bulk",
    **operation("tasks.bulk", request_example=examples.BULK, response_example=[examples.OUTCOME], **_CHANGES),
)
async def update_tasks(body: BulkIn, who: Member, tasks: Tasks) -> Listed[OutcomeOut]:
    """Change up to 100 tasks in the same way. Each succeeds or fails for itself."""
    return whole_list([outcome_out(outcome) for outcome in tasks.update_many(who, body.ids, body.changes.values())])


@router.get("/tasks/progress", **operation("tasks.progress", response_example=examples.PROGRESS, **_READS))
async def get_progress(
    who: Viewer, tasks: Tasks, assignee: Annotated[Id | None, Query(description="A user; else all")] = None
) -> Envelope[ProgressOut]:
    """How many tasks there are in each state: the client's, or one assignee's."""
    return ok(progress_out(tasks.progress(who, assignee), assignee))


@router.get("/tasks/{task_id}", **operation("tasks.get", response_example=examples.TASK, **_READS))
async def get_task(task_id: str, who: Viewer, response: Response, tasks: Tasks) -> Envelope[TaskOut]:
    """One task. Its version is the ETag."""
    return ok(_tagged(tasks.get(who, task_id), response))


@router.update(
    "/tasks/{task_id}",
    **operation("tasks.update", request_example=examples.UPDATE, response_example=examples.UPDATED, **_CHANGES),
)
async def update_task(
    task_id: str, body: TaskUpdate, who: Member, response: Response, expected: IfMatch, tasks: Tasks
) -> Envelope[TaskOut]:
    """Change a task: a member the own ones and those assigned to them, an editor all. With `If-Match`, only the version
    you read."""
    return ok(_tagged(tasks.update(who, task_id, body.values(), expected), response))


@router.delete("/tasks/{task_id}", **operation("tasks.delete", response_example={}, **_CHANGES))
async def delete_task(task_id: str, who: Member, expected: IfMatch, tasks: Tasks) -> Envelope[Empty]:
    """Delete a task for good, with its comments: whoever created it, or an admin. Not while others depend on it."""
    tasks.delete(who, task_id, expected)
    return ok(Empty())


@router.post(
    "/tasks/{task_id}/complete", **operation("tasks.complete", response_example=examples.COMPLETED, **_CHANGES)
)
async def complete_task(task_id: str, who: Member, response: Response, tasks: Tasks) -> Envelope[TaskOut]:
    """Mark a task as complete, unless it waits for others. Completing a completed task changes nothing."""
    return ok(_tagged(tasks.complete(who, task_id), response))


@router.post("/tasks/{task_id}/cancel", **operation("tasks.cancel", response_example=examples.CANCELLED, **_CHANGES))
async def cancel_task(task_id: str, who: Member, response: Response, tasks: Tasks) -> Envelope[TaskOut]:
    """Cancel a task. Cancelling a cancelled task changes nothing."""
    return ok(_tagged(tasks.cancel(who, task_id), response))


@router.post("/tasks/{task_id}/skip", **operation("tasks.skip", response_example=examples.SKIPPED, **_CHANGES))
async def skip_task(task_id: str, who: Member, response: Response, tasks: Tasks) -> Envelope[TaskOut]:
    """Leave out this one of a series: it is cancelled, and the next one is opened in a moment."""
    return ok(_tagged(tasks.skip(who, task_id), response))


@router.post("/tasks/{task_id}/reopen", **operation("tasks.reopen", response_example=examples.REOPENED, **_CHANGES))
async def reopen_task(task_id: str, who: Member, response: Response, tasks: Tasks) -> Envelope[TaskOut]:
    """Make a task that has ended pending again. Reopening an open task changes nothing."""
    return ok(_tagged(tasks.reopen(who, task_id), response))


@router.get("/tasks/{task_id}/activity", **operation("tasks.activity", response_example=[examples.ACTIVITY], **_READS))
async def list_activity(task_id: str, who: Viewer, paging: NewestOnly, tasks: Tasks) -> Listed[ActivityOut]:
    """Who changed which field from what to what, newest first."""
    page = tasks.activity(who, task_id, paging.limit, paging.position(who.client_id))
    return paging.answer(who.client_id, page.map(activity_out))


def _tagged(task: Task, response: Response) -> TaskOut:
    tag(response, task.version)
    return TaskOut.model_validate(task)
