"""Wire shapes of questions that are answered later: the bodies of those answered at once, and which it is."""

from typing import Annotated, Any, Literal

import msgspec
from pydantic import Field

from functions.analytics.annotations.schemas import AnnotationOut
from functions.analytics.exact import written
from functions.analytics.questions.schemas import (
    BreakdownIn,
    FunnelIn,
    PathsIn,
    RetentionIn,
    SessionsIn,
    UniquesIn,
    window_of,
)
from functions.analytics.web3.schemas import ConversionIn, TransactionsIn, VolumeIn
from groundswell.http.range import RangedIn
from groundswell.http.schema import Out, Time
from groundswell.kernel.clock import rfc3339
from groundswell.operations.model import Operation, Status
from groundswell.tenancy.clients.model import Scope


class BreakdownQuestion(BreakdownIn):
    kind: Literal["breakdown"]


class UniquesQuestion(UniquesIn):
    kind: Literal["uniques"]


class FunnelQuestion(FunnelIn):
    kind: Literal["funnel"]


class RetentionQuestion(RetentionIn):
    kind: Literal["retention"]


class PathsQuestion(PathsIn):
    kind: Literal["paths"]


class SessionsQuestion(SessionsIn):
    kind: Literal["sessions"]


class TransactionsQuestion(TransactionsIn):
    kind: Literal["transactions"]


class VolumeQuestion(VolumeIn):
    kind: Literal["volume"]


class ConversionQuestion(ConversionIn):
    kind: Literal["conversion"]


class PersonsQuestion(RangedIn):
    """Who was seen, whoever was seen last first. The answer has `persons`, as `GET /analytics/persons` lists them, and
    `total`. An API key needs `people:read`, to ask and to read the answer."""

    kind: Literal["persons"]
    limit: Annotated[int, Field(ge=1, le=10_000)] = 1_000


AnyQuestion = Annotated[
    BreakdownQuestion
    | UniquesQuestion
    | FunnelQuestion
    | RetentionQuestion
    | PathsQuestion
    | SessionsQuestion
    | TransactionsQuestion
    | VolumeQuestion
    | ConversionQuestion
    | PersonsQuestion,
    Field(discriminator="kind"),
]


class QuestionOut(Out):
    """`progress` is in percent. `result` is what the question asked at once would have answered when the job began;
    `error` says why there is none."""

    id: str
    status: Status
    progress: int
    created_at: Time
    updated_at: Time
    question: dict[str, Any] | None = Field(description="As it was asked; times in ms since 1970")
    result: dict[str, Any] | None
    annotations: list[AnnotationOut] | None = Field(
        description="What is noted of its time, once it is answered; null where it is not over time"
    )
    error: str | None


def question_of(body: AnyQuestion, clients: str) -> str:
    """As the job takes it. `clients` is the client's time zone, as it is now."""
    time_range = body.range(clients)
    window = window_of(time_range)
    document = body.model_dump(by_alias=True, exclude={"client_id", "tz"})
    return written({**document, "from": window.start, "to": window.end, "timezone": time_range.timezone})


def scope_of(question: str | None) -> Scope:
    """What an API key needs, to ask it and to read its answer."""
    kind = msgspec.json.decode(question, type=_Kind).kind if question else ""
    return Scope.PEOPLE_READ if kind in ("persons", "sql", "conversions") else Scope.ANALYTICS_READ


class _Kind(msgspec.Struct):
    kind: str


def question_in(operation: Operation) -> str | None:
    """The question, while it is worked on and after."""
    question: str | None = operation.state.get("question") or (operation.result or {}).get("question")
    return question


def question_out(
    operation: Operation, answer: bytes | None, annotations: list[dict[str, Any]] | None = None
) -> dict[str, Any]:
    """What `QuestionOut` describes, with the answer as it is kept."""
    question = question_in(operation)
    return {
        "id": operation.id,
        "status": operation.status,
        "progress": operation.progress,
        "created_at": rfc3339(operation.created_at),
        "updated_at": rfc3339(operation.updated_at),
        "question": msgspec.Raw(question.encode()) if question else None,
        "result": msgspec.Raw(answer) if answer else None,
        "annotations": annotations,
        "error": operation.error,
    }
