"""The endpoints of saved questions."""

from typing import Any

from fastapi import Response

from functions.analytics.exact import ExactResponse, ExactRoute
from functions.analytics.jobs.routes import Operations
from functions.analytics.parameters import enveloped
from functions.analytics.saved import examples
from functions.analytics.saved.asking import Asking
from functions.analytics.saved.schemas import (
    AnsweredOut,
    AskIn,
    SavedQuestionCreate,
    SavedQuestionOut,
    SavedQuestionUpdate,
    saved_out,
)
from functions.analytics.saved.wiring import Saved
from functions.analytics.sql.routes import Sql, ask_operation, later_by
from groundswell.analytics.saved.model import SavedQuestion
from groundswell.http.app import create_router
from groundswell.http.envelope import Empty, Envelope, Listed, ok
from groundswell.http.operation import operation
from groundswell.http.paging import OldestFirst
from groundswell.http.preconditions import IfMatch, tag
from groundswell.http.principal import Editor, Member, Viewer
from groundswell.http.ratelimit import MINUTE
from groundswell.kernel.page import Page
from groundswell.operations.model import Operation
from groundswell.tenancy.clients.model import Scope

router = create_router("Product analytics", ExactRoute)
_READ: dict[str, Any] = {"scope": Scope.ANALYTICS_READ, "errors": (401, 403, 404)}
_WRITE: dict[str, Any] = {"scope": Scope.ANALYTICS_WRITE}


@router.get(
    "/analytics/saved-questions",
    response_model=Listed[SavedQuestionOut],
    **operation("saved_questions.list", response_example=[examples.SAVED], **_READ),
)
async def list_saved_questions(who: Viewer, page: OldestFirst, saved: Saved, response: Response) -> Response:
    """Questions that the client keeps, oldest first."""
    present = saved.page(who.client_id, page.limit, page.position(who.client_id))
    listed = page.answer(who.client_id, Page[SavedQuestionOut]((), present.next))
    rest = enveloped(200, "Success", [saved_out(question) for question in present.items])
    link = {name: value for name, value in response.headers.items() if name == "link"}
    return ExactResponse(rest | {"meta": listed.meta.model_dump()}, headers=link)


@router.post(
    "/analytics/saved-questions",
    response_model=Envelope[SavedQuestionOut],
    **operation(
        "saved_questions.create",
        request_example=examples.CREATE,
        response_example=examples.SAVED,
        status=201,
        location="/analytics/saved-questions/{id}",
        errors=(401, 403, 404, 409),
        **_WRITE,
    ),
)
async def create_saved_question(body: SavedQuestionCreate, who: Member, saved: Saved) -> Response:
    """Keep a question under a name, for everybody who reads the client's analytics."""
    return _shown(saved.make(who, body.values(who.timezone)), 201, "Created")


@router.get(
    "/analytics/saved-questions/{saved_question_id}",
    response_model=Envelope[SavedQuestionOut],
    **operation("saved_questions.get", response_example=examples.SAVED, **_READ),
)
async def get_saved_question(saved_question_id: str, who: Viewer, saved: Saved) -> Response:
    """One question, without its answer. The version is the ETag."""
    return _shown(saved.get(who.client_id, saved_question_id))


@router.update(
    "/analytics/saved-questions/{saved_question_id}",
    response_model=Envelope[SavedQuestionOut],
    **operation(
        "saved_questions.update",
        request_example=examples.UPDATE,
        response_example=examples.UPDATED,
        errors=(401, 403, 404, 412),
        **_WRITE,
    ),
)
async def update_saved_question(
    saved_question_id: str, body: SavedQuestionUpdate, who: Member, expected: IfMatch, saved: Saved
) -> Response:
    """Change what is sent and keep the rest. Dashboards and alerts ask what it is by then."""
    return _shown(saved.change(who, saved_question_id, body.values(who.timezone), expected))


@router.delete(
    "/analytics/saved-questions/{saved_question_id}",
    **operation("saved_questions.delete", response_example={}, errors=(401, 403, 404, 409, 412), **_WRITE),
)
async def delete_saved_question(
    saved_question_id: str, who: Editor, expected: IfMatch, saved: Saved
) -> Envelope[Empty]:
    """409 `IN_USE` while a dashboard shows it; alerts that watch it do not know their figure any more."""
    saved.delete(who, saved_question_id, expected)
    return ok(Empty())


@router.post(
    "/analytics/saved-questions/{saved_question_id}/ask",
    response_model=Envelope[AnsweredOut],
    **ask_operation(
        "saved_questions.ask",
        limit=(120, MINUTE, "user"),
        request_example=examples.ASK,
        response_example=examples.ANSWERED,
        question=examples.STORED,
    ),
)
async def ask_saved_question(
    saved_question_id: str,
    who: Viewer,
    saved: Saved,
    engine: Sql,
    operations: Operations,
    body: AskIn | None = None,
) -> Response:
    """Ask it again, as of now; over another range for this once, where the body names one. `annotations` are what
    happened meanwhile. With more than a million events a worker answers (202).

    An API key needs `people:read` for what shows persons: `sql`, `conversions`, `persons`.
    """
    question = saved.get(who.client_id, saved_question_id)
    answered = Asking(engine, operations).ask(who, question, body.moved() if body else {})
    if isinstance(answered, Operation):
        return later_by(answered)
    data = {"question": saved_out(question), **vars(answered)}
    return ExactResponse(enveloped(200, "Success", data))


def _shown(question: SavedQuestion, status: int = 200, message: str = "Success") -> Response:
    response = ExactResponse(enveloped(status, message, saved_out(question)), status)
    tag(response, question.version)
    return response
