"""The endpoints of the engine, and its wiring."""

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any

from fastapi import Header, Response

from functions.analytics.annotations.beside import noted
from functions.analytics.exact import ExactResponse, ExactRoute, written
from functions.analytics.jobs.examples import STARTED
from functions.analytics.jobs.routes import Operations
from functions.analytics.jobs.schemas import QuestionOut, question_out
from functions.analytics.parameters import enveloped
from functions.analytics.sql import examples
from functions.analytics.sql.schemas import LifecycleOut, PeriodsIn, SqlIn, SqlOut, StickinessOut
from groundswell.access.model import ClientContext
from groundswell.analytics.cohorts.store import DynamoCohortStore
from groundswell.analytics.engine.adapter_wiring import sql
from groundswell.analytics.engine.questions import question_of
from groundswell.analytics.engine.service import JOB, SqlService, check
from groundswell.http.app import create_router
from groundswell.http.envelope import Envelope, accepted
from groundswell.http.location import described, filled
from groundswell.http.operation import operation
from groundswell.http.principal import Viewer
from groundswell.http.provide import provide
from groundswell.http.ratelimit import Subject
from groundswell.operations.model import Operation
from groundswell.operations.service import OperationService
from groundswell.tenancy.clients.model import Scope

router = create_router("Product analytics", ExactRoute)


@cache
def engine() -> SqlService:
    return sql(DynamoCohortStore().everybody)


Sql = Annotated[SqlService, provide(engine)]
_LATER = "/analytics/questions/{id}"


def ask_operation(
    name: str,
    *,
    request_example: Mapping[str, Any],
    response_example: Mapping[str, Any],
    question: Mapping[str, Any],
    scope: Scope = Scope.ANALYTICS_READ,
    limit: tuple[int, int, Subject] | None = None,
) -> dict[str, Any]:
    """One that a worker answers where there are too many events for a request. `question` is the example as that
    worker's operation shows it."""
    declared = operation(
        name,
        scope=scope,
        limit=limit,
        request_example=request_example,
        response_example=response_example,
        errors=(401, 403, 404),
    )
    example = accepted({**STARTED, "question": question}).model_dump()
    described_as = "A worker answers: `Location` is where the answer will be"
    declared["responses"][202] = {"description": described_as, "model": Envelope[QuestionOut]}
    content = {"application/json": {"example": example}}
    declared["openapi_extra"]["responses"]["202"] = {"content": content, "headers": described(_LATER)}
    return declared


@router.post(
    "/analytics/sql",
    response_model=Envelope[SqlOut],
    **ask_operation(
        "sql.ask",
        scope=Scope.PEOPLE_READ,
        limit=(60, 60, "user"),
        request_example=examples.ASKED,
        response_example=examples.ANSWERED,
        question={"kind": "sql", **examples.ASKED},
    ),
)
async def ask_sql(
    body: SqlIn,
    who: Viewer,
    service: Sql,
    operations: Operations,
    prefer: Annotated[str, Header(max_length=200, description="`respond-async`: by a worker")] = "",
) -> Response:
    """Ask anything of the own events, as one SELECT in DuckDB's SQL over two views.

    `events`: `id, kind, name, time` (UTC), `ts` (ms), `received_at, person, user_id, anonymous_id, session_id, wallet,
    value` (a decimal; `value_text` keeps more digits than 38), `currency, path, url, referrer, utm_source, utm_medium,
    utm_campaign, country, device, browser, os, chain`, and as JSON text `properties, traits, context, web3, source,
    extra`: `properties ->> '$.plan'`. `persons`: `person, first_seen, last_seen, events, user_ids, anonymous_ids,
    traits` (those that were sent last), `country`.

    It reads only, sees no other client, no file and no network, and may use 15 s, and answer with 10,000 rows or 4 MB:
    400 `SQL_REFUSED` or `SQL_TOO_HEAVY` says what was wrong. With more than a million events, or `Prefer:
    respond-async`, a worker answers (202) within 4 minutes, with at most 100,000 rows or 50 MB.
    """
    check(body.sql)
    return answered(who, body.question(), service, operations, later="respond-async" in prefer.lower())


@router.post(
    "/analytics/lifecycle",
    response_model=Envelope[LifecycleOut],
    **ask_operation(
        "lifecycle.ask",
        request_example=examples.PERIODS,
        response_example=examples.LIFECYCLE,
        question={"kind": "lifecycle", **examples.PERIODS_STORED},
    ),
)
async def ask_lifecycle(body: PeriodsIn, who: Viewer, service: Sql, operations: Operations) -> Response:
    """Who is new in each period, who returns, who comes back after a pause, and who stays away. Who acts in a period is
    new, returning or resurrecting. With more than a million events a worker answers (202)."""
    return answered(who, body.question("lifecycle", who.timezone), service, operations)


@router.post(
    "/analytics/stickiness",
    response_model=Envelope[StickinessOut],
    **ask_operation(
        "stickiness.ask",
        request_example=examples.PERIODS,
        response_example=examples.STICKINESS,
        question={"kind": "stickiness", **examples.PERIODS_STORED},
    ),
)
async def ask_stickiness(body: PeriodsIn, who: Viewer, service: Sql, operations: Operations) -> Response:
    """In how many of the periods persons act: one day of the week, or each of them. With more than a million events a
    worker answers (202)."""
    return answered(who, body.question("stickiness", who.timezone), service, operations)


def answered(
    who: ClientContext,
    question: dict[str, Any],
    service: SqlService,
    operations: OperationService,
    *,
    later: bool = False,
) -> Response:
    text = written(question)
    answer = None if later else service.ask(who.client_id, question_of(question), text)
    if answer is not None:
        return ExactResponse(enveloped(200, "Success", answer | noted(who.client_id, question)))
    return later_by(operations.start(who, JOB, {"question": text}))


def later_by(started: Operation) -> Response:
    """The answer that a worker will have."""
    body = enveloped(202, "Accepted", question_out(started, None))
    return ExactResponse(body, 202, {"location": filled(_LATER, {"id": started.id})})
