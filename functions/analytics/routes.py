"""The endpoints of the readers, and the wiring of this function."""

from dataclasses import replace
from functools import cache
from hashlib import sha256
from os import urandom
from typing import Annotated, Any, Literal

import msgspec
from fastapi import Depends, Header, Query, Response

from functions.analytics import examples
from functions.analytics.exact import ExactResponse, ExactRoute
from functions.analytics.parameters import Name, enveloped
from functions.analytics.questions.wiring import Questions
from functions.analytics.schemas import (
    EventOut,
    MetricCreate,
    MetricOut,
    SeriesOut,
    event_out,
    metric_out,
    revenue_out,
    series_out,
)
from groundswell.access.model import ClientContext
from groundswell.analytics.questions.answers import Answer, uniques_out
from groundswell.analytics.questions.calendar import Calendar
from groundswell.analytics.questions.filters import Match
from groundswell.analytics.questions.model import EVENTS, Filter, Granularity, Measure, MetricPoint, Question
from groundswell.analytics.questions.questions import QuestionService
from groundswell.analytics.questions.recorder import MetricRecorder
from groundswell.analytics.questions.service import AnalyticsService
from groundswell.analytics.questions.uniques import Uniques
from groundswell.events.eventlog.adapter_writer import DynamoBlockWriter
from groundswell.events.eventlog.store import DynamoEventLog
from groundswell.events.eventlog.window import Window
from groundswell.events.rollups.committer import Committer
from groundswell.http.app import create_router
from groundswell.http.envelope import Envelope, Listed
from groundswell.http.operation import operation
from groundswell.http.paging import PageRequest, paging
from groundswell.http.principal import Member, Viewer
from groundswell.http.provide import provide
from groundswell.http.range import QueryRange
from groundswell.http.timestamps import milliseconds
from groundswell.kernel.clock import utc_now
from groundswell.kernel.errors import Invalid
from groundswell.kernel.ids import new_id
from groundswell.kernel.page import Page
from groundswell.storage.client import dynamodb
from groundswell.storage.settings import table_name
from groundswell.tenancy.clients.model import Scope

router = create_router("Product analytics", ExactRoute)
router.include_late(
    "functions.analytics.questions.routes",
    "functions.analytics.jobs.routes",
    "functions.analytics.sql.routes",
    "functions.analytics.query.routes",
    "functions.analytics.saved.routes",
    "functions.analytics.dashboards.routes",
    "functions.analytics.annotations.routes",
    "functions.analytics.web3.routes",
    "functions.analytics.persons.routes",
    "functions.analytics.catalogue.routes",
    "functions.analytics.cohorts.routes",
    "functions.analytics.wallets.routes",
)


@cache
def analytics() -> AnalyticsService:
    return AnalyticsService(DynamoEventLog(dynamodb(), table_name("events")), utc_now)


@cache
def recorder() -> MetricRecorder:
    blocks = DynamoBlockWriter(dynamodb(), table_name("events"), random=lambda: urandom(6).hex())
    committer = Committer(DynamoEventLog(dynamodb(), table_name("events")), utc_now, attempts=4)
    return MetricRecorder(blocks, committer, utc_now)


Analytics = Annotated[AnalyticsService, provide(analytics)]
Recorder = Annotated[MetricRecorder, provide(recorder)]
EventsPage = Annotated[PageRequest, paging(1000, sorts=("-ts",))]


async def wanted(
    time_range: QueryRange,
    name: Annotated[Name, Query(description="The event's name, exactly")] = None,
    user_id: Annotated[Name, Query(description="The user's id, exactly")] = None,
    currency: Annotated[
        str | None, Query(max_length=12, description="Events with a value in it; `XXX`: in none")
    ] = None,
) -> Filter:
    return Filter(Window.between(time_range.start, time_range.end), name, user_id, currency=currency)


_EVENTS: dict[str, Any] = {
    "scope": Scope.EVENTS_READ,
    "response_example": [examples.EVENT],
    "errors": (401, 403, 404),
}


@router.get(
    "/analytics/events",
    response_model=Listed[EventOut],
    **operation("events.list.analytics", alias_of="events.list", **_EVENTS),
)
@router.get(
    "/dashboard/client-companies/{client_id}/events",
    response_model=Listed[EventOut],
    **operation("events.list", **_EVENTS),
)
async def list_events(
    who: Viewer, page: EventsPage, events: Annotated[Filter, Depends(wanted)], service: Analytics, response: Response
) -> Response:
    """Events by when they happened, newest first. Pages show the log as it was when the first one was read."""
    return _listed(who, page, events, service, response)


@router.get(
    "/dashboard/client-companies/{client_id}/web3-events",
    response_model=Listed[EventOut],
    **operation(
        "events.list_web3", scope=Scope.EVENTS_READ, response_example=[examples.WEB3_EVENT], errors=(401, 403, 404)
    ),
)
async def list_web3_events(
    who: Viewer, page: EventsPage, events: Annotated[Filter, Depends(wanted)], service: Analytics, response: Response
) -> Response:
    """Events about a chain, newest first: transactions, wallets, contracts."""
    return _listed(who, page, replace(events, kind="web3"), service, response)


@router.get(
    "/analytics/metrics",
    response_model=Envelope[SeriesOut],
    **operation("metrics.query", scope=Scope.ANALYTICS_READ, response_example=examples.SERIES, errors=(401, 403, 404)),
)
async def query_metric(
    who: Viewer,
    service: Analytics,
    asking: Questions,
    when: QueryRange,
    metric: Annotated[str, Query(max_length=200, description="`events`, or the name of a custom metric")] = EVENTS,
    name: Annotated[Name, Query(description="With `metric=events`: only events of this name")] = None,
    granularity: Granularity = Granularity.HOUR,
    measure: Annotated[Measure | None, Query(description="`count` for events, `sum` for metrics if absent")] = None,
    compare: Annotated[Literal["previous"] | None, Query(description="Also the period before, as long")] = None,
    currency: Annotated[str | None, Query(max_length=12, description="With `measure=sum`: of these amounts")] = None,
    annotations: Annotated[bool, Query(description="Also what happened meanwhile")] = False,
) -> Response:
    """A series of counts, or of sums of values, in buckets of local time; empty ones are zero.

    With `metric=events` and `measure=sum` it sums what the events brought in (`revenue`, else `total`, else `value` of
    their properties; a refund's is taken off, and steps around a sale bring nothing in: Segment's e-commerce events,
    `Order Refunded`, `Checkout Started`, …). Amounts of different currencies are never added up: `sums` has each
    (`XXX`: without one), and `value` is null where there are several, unless `currency` chooses.

    `from` is inclusive and `to` exclusive to the millisecond, so the first and last bucket may be cut. Everything
    received up to about `as_of` is counted. Without a range: the last hour, day, 30 days, 12 weeks or 12 months.
    """
    calendar = Calendar(granularity, when.timezone)
    window = calendar.recent(milliseconds(utc_now()), when.start, when.end)
    wanted = Question(window, granularity, name, when.timezone)
    filters = [wanted, replace(wanted, window=window.previous)] if compare else [wanted]
    measure = measure or (Measure.COUNT if metric == EVENTS else Measure.SUM)
    if measure is Measure.UNIQUE:
        shown = uniques_out([_persons(who, metric, question, asking) for question in filters], calendar)
    elif metric == EVENTS and measure is Measure.SUM:
        shown = revenue_out([service.revenue(who.client_id, question) for question in filters], currency, calendar)
    else:
        series = [service.series(who.client_id, metric, question) for question in filters]
        shown = series_out(series[0], measure, calendar, *series[1:])
    if annotations:
        shown |= {"annotations": _noted(who.client_id, window, name if metric == EVENTS else metric)}
    return ExactResponse(enveloped(200, "Success", shown))


@router.post(
    "/analytics/metrics",
    response_model=Envelope[MetricOut],
    **operation(
        "metrics.record",
        scope=Scope.METRICS_WRITE,
        request_example=examples.METRIC,
        response_example=examples.RECORDED,
        status=201,
        errors=(401, 403, 404),
    ),
)
async def record_metric(
    body: MetricCreate,
    who: Member,
    service: Recorder,
    idempotency_key: Annotated[str | None, Header(max_length=260)] = None,
) -> Response:
    """Record a point of a custom metric. A repeat with the same `id` or Idempotency-Key counts once."""
    point = MetricPoint(
        id=body.id or (_repeated_id(who, idempotency_key) if idempotency_key else new_id()),
        name=body.name,
        value=body.value,
        ts=milliseconds(body.ts or utc_now()),
        dimensions=msgspec.json.encode(body.dimensions),
    )
    service.record(who.client_id, point)
    return ExactResponse(enveloped(201, "Created", metric_out(point)), 201)


def _listed(
    who: ClientContext, page: PageRequest, events: Filter, service: AnalyticsService, response: Response
) -> Response:
    event_page = service.events(who.client_id, events, page.limit, page.position(who.client_id))
    listed = page.answer(who.client_id, Page[EventOut]((), event_page.next))
    rest = enveloped(200, "Success", [event_out(event) for event in event_page.items])
    link = {name: value for name, value in response.headers.items() if name == "link"}
    return ExactResponse(rest | {"meta": listed.meta.model_dump()}, headers=link)


def _persons(who: ClientContext, metric: str, question: Question, service: QuestionService) -> Answer[Uniques]:
    if metric != EVENTS:
        raise Invalid.on("measure", f"only `{EVENTS}` have persons")
    return service.uniques(
        who.client_id, question.window, Calendar(question.granularity, question.tz), Match(question.name)
    )


def _noted(client_id: str, window: Window, name: str | None) -> list[dict[str, Any]]:
    from functions.analytics.annotations.beside import (
        annotations_in,  # most series are shown without, and start the sooner
    )

    return annotations_in(client_id, window, {name} if name else ())


def _repeated_id(who: ClientContext, key: str) -> str:
    """A request that is carried out again, because its answer was never kept, records the same point."""
    return "key-" + sha256(f"{who.actor_id}\0{key}".encode()).hexdigest()[:32]
