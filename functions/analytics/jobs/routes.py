"""The endpoints of questions that are answered later."""

import json
from functools import cache
from gzip import decompress
from typing import Annotated, Any

from fastapi import Response

from functions.analytics.exact import ExactResponse, ExactRoute
from functions.analytics.jobs import examples
from functions.analytics.jobs.schemas import AnyQuestion, QuestionOut, question_in, question_of, question_out, scope_of
from functions.analytics.parameters import enveloped
from groundswell.analytics.engine.service import JOB as SQL
from groundswell.analytics.engine.service import QUESTION as JOB
from groundswell.analytics.engine.stored_question import emitted_of
from groundswell.analytics.questions.kept import AnswerGone, answer_name
from groundswell.events.archiver.store import S3Objects
from groundswell.http.app import create_router
from groundswell.http.envelope import Envelope, Listed
from groundswell.http.operation import operation
from groundswell.http.paging import NEWEST_FIRST, PageRequest, paging
from groundswell.http.principal import Member, Viewer
from groundswell.http.provide import provide
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id
from groundswell.kernel.page import Page
from groundswell.operations.model import Operation, OperationNotFound, Status
from groundswell.operations.service import OperationService
from groundswell.operations.store import DynamoOperationStore
from groundswell.storage.client import s3
from groundswell.storage.settings import bucket_name
from groundswell.tenancy.clients.model import Scope

router = create_router("Product analytics", ExactRoute)
_REFUSES: dict[str, Any] = {"errors": (401, 403, 404, 410)}


@cache
def operations() -> OperationService:
    return OperationService(DynamoOperationStore("questions"), utc_now, new_id)


@cache
def answers() -> S3Objects:
    return S3Objects(s3(), bucket_name("questions"))


Operations = Annotated[OperationService, provide(operations)]
Answers = Annotated[S3Objects, provide(answers)]
QuestionsPage = Annotated[PageRequest, paging(20, 20, sorts=NEWEST_FIRST[:1])]


@router.post(
    "/analytics/questions",
    response_model=Envelope[QuestionOut],
    **operation(
        "questions.start",
        scope=Scope.ANALYTICS_READ,
        limit=(60, 3600, "user"),
        request_example=examples.ASKED,
        response_example=examples.STARTED,
        status=202,
        location="/analytics/questions/{id}",
        errors=(401, 403, 404),
    ),
)
async def start_question(body: AnyQuestion, who: Member, service: Operations) -> Response:
    """Ask about any number of events. The body is the one of the question asked at once, with its `kind`.

    A worker reads the log as it stands when it begins. Look the answer up under the address in `Location`.
    """
    question = question_of(body, who.timezone)
    who.need_scope(scope_of(question))
    emitted_of(question, 0)
    started = service.start(who, JOB, {"question": question})
    return ExactResponse(enveloped(202, "Accepted", question_out(started, None)), 202)


@router.get(
    "/analytics/questions",
    response_model=Listed[QuestionOut],
    **operation(
        "questions.list",
        scope=Scope.ANALYTICS_READ,
        response_example=[examples.STARTED, examples.LISTED],
        errors=(401, 403, 404),
    ),
)
async def list_questions(who: Viewer, page: QuestionsPage, service: Operations, response: Response) -> Response:
    """Questions that were asked of a worker, newest first, without their answers. Kept for 400 days. A page may be
    short, with more to come."""
    question_page = service.page(who.client_id, JOB, page.limit, page.position(who.client_id))
    listed = page.answer(who.client_id, Page[QuestionOut]((), question_page.next))
    rest = enveloped(200, "Success", [question_out(question, None) for question in question_page.items])
    link = {name: value for name, value in response.headers.items() if name == "link"}
    return ExactResponse(rest | {"meta": listed.meta.model_dump()}, headers=link)


@router.get(
    "/analytics/questions/{question_id}",
    response_model=Envelope[QuestionOut],
    **operation("questions.get", scope=Scope.ANALYTICS_READ, response_example=examples.ANSWERED, **_REFUSES),
)
async def get_question(question_id: str, who: Viewer, service: Operations, kept: Answers) -> Response:
    """How far it is, and once it succeeded the answer. It is kept for 7 days, unless somebody is erased before."""
    question = service.get(who.client_id, question_id)
    if question.job not in (JOB, SQL):
        raise OperationNotFound
    who.need_scope(scope_of(question_in(question)))
    answer = _answer(question, kept)
    annotations = _annotations(question) if answer else None
    return ExactResponse(enveloped(200, "Success", question_out(question, answer, annotations)))


def _annotations(operation: Operation) -> list[dict[str, Any]] | None:
    question = question_in(operation)
    if question is None:
        return None
    from functions.analytics.annotations.beside import noted  # whoever waits asks often, and has no answer yet

    annotations: list[dict[str, Any]] | None = noted(operation.client_id, json.loads(question)).get("annotations")
    return annotations


def _answer(question: Operation, kept: S3Objects) -> bytes | None:
    if question.status is not Status.SUCCEEDED:
        return None
    answer = kept.get(answer_name(question.client_id, question.id))
    if answer is None:
        raise AnswerGone
    return decompress(answer[0])
