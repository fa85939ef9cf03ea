"""The endpoints of comments on tasks."""

from functools import cache
from typing import Annotated, Any

from fastapi import Response

from functions.tasks.comments.schemas import CommentIn, CommentOut
from functions.tasks.wiring import task_service
from groundswell.http.app import create_router
from groundswell.http.envelope import Empty, Envelope, Listed, created, ok
from groundswell.http.operation import operation
from groundswell.http.paging import OldestFirst
from groundswell.http.preconditions import IfMatch, tag
from groundswell.http.principal import Member, Viewer
from groundswell.http.provide import provide
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id
from groundswell.tasks.comments.model import Comment
from groundswell.tasks.comments.service import CommentService
from groundswell.tasks.comments.store import DynamoCommentStore
from groundswell.tenancy.clients.model import Scope
from groundswell.tenancy.members.store import DynamoTeam

router = create_router("Tasks")
_READS: dict[str, Any] = {"scope": Scope.TASKS_READ, "errors": (401, 403, 404)}
_CHANGES: dict[str, Any] = {"scope": Scope.TASKS_WRITE, "errors": (401, 403, 404)}
_BODY = {"content": "Looks good to me. @grace@example.com, please have a look"}
_EXAMPLE: dict[str, Any] = {
    "id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c51",
    "task_id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c31",
    "user_id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c11",
    **_BODY,
    "mentions": ["0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c14"],
    "unknown_mentions": [],
    "created_at": "2026-11-22T09:00:00.000Z",
    "updated_at": "2026-11-22T09:00:00.000Z",
    "edited_at": None,
    "version": 1,
}
_EDITED = {
    **_EXAMPLE,
    "updated_at": "2026-11-22T10:00:00.000Z",
    "edited_at": "2026-11-22T10:00:00.000Z",
    "version": 2,
}


@cache
def comment_service() -> CommentService:
    return CommentService(DynamoCommentStore(), task_service(), DynamoTeam(), now=utc_now, new_id=new_id)


Comments = Annotated[CommentService, provide(comment_service)]


@router.get("/tasks/{task_id}/comments", **operation("task_comments.list", response_example=[_EXAMPLE], **_READS))
async def list_comments(task_id: str, who: Viewer, paging: OldestFirst, comments: Comments) -> Listed[CommentOut]:
    """What was said about a task, oldest first."""
    page = comments.page(who, task_id, paging.limit, paging.position(who.client_id))
    return paging.answer(who.client_id, page.map(CommentOut.model_validate))


@router.post(
    "/tasks/{task_id}/comments",
    **operation(
        "task_comments.create",
        request_example=_BODY,
        response_example=_EXAMPLE,
        status=201,
        location="/tasks/comments/{id}",
        **_CHANGES,
    ),
)
async def add_comment(
    task_id: str, body: CommentIn, who: Member, response: Response, comments: Comments
) -> Envelope[CommentOut]:
    """Comment on a task. Whom it concerns is told, and whoever is mentioned."""
    return created(_tagged(comments.add(who, task_id, body.content), response))


@router.get(
    "/tasks/{task_id}/comments/{comment_id}",
    **operation("task_comments.get.task", alias_of="task_comments.get", response_example=_EXAMPLE, **_READS),
)
async def get_comment_on_task(
    task_id: str, comment_id: str, who: Viewer, response: Response, comments: Comments
) -> Envelope[CommentOut]:
    """One comment on this task. Its version is the ETag."""
    return ok(_tagged(comments.get(who, comment_id, task_id), response))


@router.get("/tasks/comments/{comment_id}", **operation("task_comments.get", response_example=_EXAMPLE, **_READS))
async def get_comment(comment_id: str, who: Viewer, response: Response, comments: Comments) -> Envelope[CommentOut]:
    """One comment. Its version is the ETag."""
    return ok(_tagged(comments.get(who, comment_id), response))


@router.update(
    "/tasks/comments/{comment_id}",
    **operation(
        "task_comments.update",
        scope=Scope.TASKS_WRITE,
        request_example=_BODY,
        response_example=_EDITED,
        errors=(401, 403, 404, 412),
    ),
)
async def edit_comment(
    comment_id: str, body: CommentIn, who: Member, response: Response, expected: IfMatch, comments: Comments
) -> Envelope[CommentOut]:
    """Change what you said. `edited_at` tells that it was; who is mentioned newly is told."""
    return ok(_tagged(comments.edit(who, comment_id, body.content, expected), response))


@router.delete("/tasks/comments/{comment_id}", **operation("task_comments.delete", response_example={}, **_CHANGES))
async def delete_comment(comment_id: str, who: Member, comments: Comments) -> Envelope[Empty]:
    """Delete a comment for good: whoever wrote it, or an admin."""
    comments.delete(who, comment_id)
    return ok(Empty())


def _tagged(comment: Comment, response: Response) -> CommentOut:
    tag(response, comment.version)
    return CommentOut.model_validate(comment)
