"""Every question that can be kept: the bodies of those asked at once, with their kinds."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError

from functions.analytics.exact import read, written
from functions.analytics.jobs.schemas import (
    BreakdownQuestion,
    ConversionQuestion,
    FunnelQuestion,
    PathsQuestion,
    PersonsQuestion,
    RetentionQuestion,
    SessionsQuestion,
    TransactionsQuestion,
    UniquesQuestion,
    VolumeQuestion,
    question_of,
)
from functions.analytics.query.persons import ConversionsIn, JourneysIn, ReturningIn
from functions.analytics.query.schemas import QueryIn
from functions.analytics.query.web import WebIn
from functions.analytics.sql.schemas import PeriodsIn, SqlIn
from groundswell.analytics.saved.preparing import Prepared, prepared
from groundswell.kernel.clock import millis
from groundswell.kernel.errors import Invalid


class QueryQuestion(QueryIn):
    kind: Literal["query"]


class WebQuestion(WebIn):
    kind: Literal["web"]


class ConversionsQuestion(ConversionsIn):
    kind: Literal["conversions"]


class ReturningQuestion(ReturningIn):
    kind: Literal["returning"]


class JourneysQuestion(JourneysIn):
    kind: Literal["journeys"]


class LifecycleQuestion(PeriodsIn):
    kind: Literal["lifecycle"]


class StickinessQuestion(PeriodsIn):
    kind: Literal["stickiness"]


class SqlQuestion(SqlIn):
    kind: Literal["sql"]


AnyAsked = Annotated[
    QueryQuestion
    | WebQuestion
    | ConversionsQuestion
    | ReturningQuestion
    | JourneysQuestion
    | LifecycleQuestion
    | StickinessQuestion
    | SqlQuestion
    | BreakdownQuestion
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
_any: TypeAdapter[Any] = TypeAdapter(AnyAsked, config={"defer_build": True})


def kept(body: AnyAsked) -> str:
    """As it was written."""
    return written(body.model_dump(mode="python", by_alias=True, exclude_unset=True, exclude={"client_id"}))


def stored(body: AnyAsked, clients: str) -> str:
    """As the engine takes it now. `clients` is the client's time zone. Raises Invalid."""
    match body:
        case SqlQuestion():
            return written(body.question())
        case LifecycleQuestion() | StickinessQuestion():
            return written(body.question(body.kind, clients))
        case QueryQuestion() | WebQuestion() | ConversionsQuestion() | ReturningQuestion() | JourneysQuestion():
            return written(body.question(clients))
        case _:
            return question_of(body, clients)


def prepared_now(question: str, clients: str, now: datetime, moved: dict[str, str]) -> Prepared:
    """A kept question over its range as of now; `moved` replaces `from`, `to` and `timezone`, where it has these.
    Raises Invalid."""
    body = read(question)
    if body["kind"] != "sql":
        body |= moved
    try:
        checked = _any.validate_python(body)
    except ValidationError as error:
        problem = error.errors()[0]
        raise Invalid.on(".".join(map(str, problem["loc"][1:])), str(problem["msg"])) from error
    return prepared(stored(checked, clients), millis(now))
