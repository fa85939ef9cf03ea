"""The endpoints of questions."""

from typing import Annotated, Any

from fastapi import Query, Response

from functions.analytics.exact import ExactResponse, ExactRoute
from functions.analytics.parameters import Name, enveloped
from functions.analytics.questions import examples
from functions.analytics.questions.answers import (
    BreakdownOut,
    FunnelOut,
    LiveOut,
    PathsOut,
    RetentionOut,
    SessionsOut,
    live_out,
)
from functions.analytics.questions.schemas import (
    YEAR,
    BreakdownIn,
    EventName,
    FunnelIn,
    PathsIn,
    RetentionIn,
    SessionsIn,
    UniquesIn,
    field_of,
    window_of,
)
from functions.analytics.questions.wiring import Questions
from functions.analytics.schemas import SeriesOut
from groundswell.access.model import ClientContext
from groundswell.analytics.questions.answers import (
    breakdown_out,
    funnel_out,
    paths_out,
    retention_out,
    sessions_out,
    uniques_out,
)
from groundswell.analytics.questions.breakdown import Grouping
from groundswell.analytics.questions.calendar import Calendar
from groundswell.analytics.questions.fields import Field
from groundswell.analytics.questions.filters import ANYTHING, Match
from groundswell.analytics.questions.funnel import MOST_STEPS, Funnel
from groundswell.analytics.questions.model import Granularity, Measure
from groundswell.analytics.questions.paths import MOST_STEPS as MOST_PATH_STEPS
from groundswell.analytics.questions.paths import PathQuestion
from groundswell.analytics.questions.retention import Retention
from groundswell.events.eventlog.window import Window
from groundswell.http.app import create_router
from groundswell.http.envelope import Envelope
from groundswell.http.operation import operation
from groundswell.http.principal import Viewer
from groundswell.http.range import QueryRange, RangedIn
from groundswell.tenancy.clients.model import Scope

router = create_router("Product analytics", ExactRoute)
_REFUSES: dict[str, Any] = {"errors": (401, 403, 404)}
_Top = Annotated[int, Query(ge=1, le=1_000)]
_Within = Annotated[int, Query(ge=1, le=YEAR)]


@router.get(
    "/analytics/breakdown",
    response_model=Envelope[BreakdownOut],
    **operation("breakdown.query", scope=Scope.ANALYTICS_READ, response_example=examples.BREAKDOWN, **_REFUSES),
)
async def query_breakdown(
    who: Viewer,
    service: Questions,
    time_range: QueryRange,
    by: Annotated[str, Query(max_length=300, description="A field such as `properties.plan`")] = "name",
    name: Annotated[Name, Query(description="Only events of this name")] = None,
    measure: Measure = Measure.COUNT,
    currency: Annotated[str | None, Query(pattern=r"^[A-Z0-9]{3,12}$", description="With `measure=sum`")] = None,
    top: _Top = 10,
) -> Response:
    """Events by the values of a field, the largest groups first. With conditions: `POST`."""
    grouping = Grouping(Field(by, "by"), measure, top, None, currency, Match(name))
    return _breakdown(who, window_of(time_range), grouping, service)


@router.post(
    "/analytics/breakdown",
    response_model=Envelope[BreakdownOut],
    **operation(
        "breakdown.ask",
        scope=Scope.ANALYTICS_READ,
        request_example=examples.BREAKDOWN_ASKED,
        response_example=examples.BREAKDOWN,
        **_REFUSES,
    ),
)
async def ask_breakdown(body: BreakdownIn, who: Viewer, service: Questions) -> Response:
    """Counts, sums or different persons by the values of a field: the largest groups, and all others together."""
    return _breakdown(who, _window(body, who), body.grouping(), service)


@router.post(
    "/analytics/funnels",
    response_model=Envelope[FunnelOut],
    **operation(
        "funnel.ask",
        scope=Scope.ANALYTICS_READ,
        request_example=examples.FUNNEL_ASKED,
        response_example=examples.FUNNEL,
        **_REFUSES,
    ),
)
async def ask_funnel(body: FunnelIn, who: Viewer, service: Questions) -> Response:
    """How many took each step, each strictly later than the one before, the last within the time from the first.

    A person counts once, by the way on which they got farthest, soonest. Steps are looked for in the range only.
    """
    return _answered(funnel_out(service.funnel(who.client_id, _window(body, who), body.funnel())))


@router.get(
    "/analytics/funnels",
    response_model=Envelope[FunnelOut],
    **operation("funnel.query", scope=Scope.ANALYTICS_READ, response_example=examples.FUNNEL, **_REFUSES),
)
async def query_funnel(
    who: Viewer,
    service: Questions,
    time_range: QueryRange,
    step: Annotated[list[EventName], Query(min_length=2, max_length=MOST_STEPS, description="Names, in order")],
    within_seconds: _Within = 7 * 86_400,
    by: Annotated[str | None, Query(max_length=300, description="Also one funnel for each value of it")] = None,
) -> Response:
    """A funnel of events by name: `step=Product Viewed&step=Order Completed`. With conditions: `POST`."""
    wanted = Funnel(tuple(map(Match, step)), within_seconds * 1000, field_of(by, "by"))
    return _answered(funnel_out(service.funnel(who.client_id, window_of(time_range), wanted)))


@router.get(
    "/analytics/retention",
    response_model=Envelope[RetentionOut],
    **operation("retention.query", scope=Scope.ANALYTICS_READ, response_example=examples.RETENTION, **_REFUSES),
)
async def query_retention(
    who: Viewer,
    service: Questions,
    time_range: QueryRange,
    name: Annotated[Name, Query(description="The event that begins and that counts as coming back")] = None,
    period: Granularity = Granularity.WEEK,
    periods: Annotated[int, Query(ge=1, le=60)] = 8,
    first_time: bool = True,
) -> Response:
    """Cohorts of one event, and who did it again. With conditions, or another event to return with: `POST`."""
    event = Match(name)
    wanted = Retention(window_of(time_range), period, periods, event, event, first_time, time_range.timezone)
    return _retention(who, wanted, service)


@router.post(
    "/analytics/retention",
    response_model=Envelope[RetentionOut],
    **operation(
        "retention.ask",
        scope=Scope.ANALYTICS_READ,
        request_example=examples.RETENTION_ASKED,
        response_example=examples.RETENTION,
        **_REFUSES,
    ),
)
async def ask_retention(body: RetentionIn, who: Viewer, service: Questions) -> Response:
    """Cohorts by the local day, week or month of their first start ever (or of every start), and who returned in the
    periods after it. Returns are counted after `to` as well; `complete` says whether a period is over."""
    return _retention(who, body.retention(body.range(who.timezone)), service)


@router.get(
    "/analytics/paths",
    response_model=Envelope[PathsOut],
    **operation("paths.query", scope=Scope.ANALYTICS_READ, response_example=examples.PATHS, **_REFUSES),
)
async def query_paths(
    who: Viewer,
    service: Questions,
    time_range: QueryRange,
    name: Annotated[EventName, Query(description="The event that each path starts from")],
    steps: Annotated[int, Query(ge=1, le=MOST_PATH_STEPS)] = 3,
    within_seconds: _Within = 1_800,
    top: _Top = 20,
) -> Response:
    """The next events after one, most frequent first. With conditions: `POST`."""
    wanted = PathQuestion(Match(name), steps, within_seconds * 1000, top)
    return _answered(paths_out(service.paths(who.client_id, window_of(time_range), wanted)))


@router.post(
    "/analytics/paths",
    response_model=Envelope[PathsOut],
    **operation(
        "paths.ask",
        scope=Scope.ANALYTICS_READ,
        request_example=examples.PATHS_ASKED,
        response_example=examples.PATHS,
        **_REFUSES,
    ),
)
async def ask_paths(body: PathsIn, who: Viewer, service: Questions) -> Response:
    """The next steps after an event, most frequent first. Every occurrence of it begins a path of its own."""
    return _answered(paths_out(service.paths(who.client_id, _window(body, who), body.paths())))


@router.get(
    "/analytics/sessions",
    response_model=Envelope[SessionsOut],
    **operation("sessions.query", scope=Scope.ANALYTICS_READ, response_example=examples.SESSIONS, **_REFUSES),
)
async def query_sessions(
    who: Viewer,
    service: Questions,
    time_range: QueryRange,
    granularity: Granularity = Granularity.DAY,
    top: _Top = 10,
) -> Response:
    """Sessions by when they began. With conditions: `POST`."""
    return _sessions(who, window_of(time_range), Calendar(granularity, time_range.timezone), top, ANYTHING, service)


@router.post(
    "/analytics/sessions",
    response_model=Envelope[SessionsOut],
    **operation(
        "sessions.ask",
        scope=Scope.ANALYTICS_READ,
        request_example=examples.SESSIONS_ASKED,
        response_example=examples.SESSIONS,
        **_REFUSES,
    ),
)
async def ask_sessions(body: SessionsIn, who: Viewer, service: Questions) -> Response:
    """Sessions of the events that match: the client's own session ids, else events at most 30 minutes apart.

    An event without a session id belongs to its person's running session; a server's begins none of its own. An event
    that comes late joins the sessions it lies between. A session of one page, or of one other act, is a bounce: what
    SDKs say of themselves (`$pageleave`, `identify`) is no act.
    """
    time_range = body.range(who.timezone)
    calendar = Calendar(body.granularity, time_range.timezone)
    return _sessions(who, window_of(time_range), calendar, body.top, body.match(), service)


@router.post(
    "/analytics/uniques",
    response_model=Envelope[SeriesOut],
    **operation(
        "uniques.ask",
        scope=Scope.ANALYTICS_READ,
        request_example=examples.UNIQUES_ASKED,
        response_example=examples.UNIQUES,
        **_REFUSES,
    ),
)
async def ask_uniques(body: UniquesIn, who: Viewer, service: Questions) -> Response:
    """Different persons of the events that match, in buckets of local time. Without conditions:
    `GET /analytics/metrics?measure=unique`."""
    time_range = body.range(who.timezone)
    calendar = Calendar(body.granularity, time_range.timezone)
    answer = service.uniques(who.client_id, window_of(time_range), calendar, body.match())
    return _answered(uniques_out([answer], calendar))


@router.get(
    "/analytics/live",
    response_model=Envelope[LiveOut],
    **operation("live.query", scope=Scope.ANALYTICS_READ, response_example=examples.LIVE, **_REFUSES),
)
async def query_live(
    who: Viewer,
    service: Questions,
    after: Annotated[str | None, Query(max_length=40, description="`cursor` of the answer before")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> Response:
    """The newest events in the order they were counted, or with `after` those since."""
    return _answered(live_out(service.live(who.client_id, after, limit)))


def _window(body: RangedIn, who: ClientContext) -> Window:
    return window_of(body.range(who.timezone))


def _breakdown(who: ClientContext, window: Window, grouping: Grouping, service: Questions) -> Response:
    return _answered(breakdown_out(service.breakdown(who.client_id, window, grouping), grouping.measure))


def _retention(who: ClientContext, wanted: Retention, service: Questions) -> Response:
    return _answered(retention_out(service.retention(who.client_id, wanted), wanted.calendar))


def _sessions(
    who: ClientContext, window: Window, calendar: Calendar, top: int, match: Match, service: Questions
) -> Response:
    answer = service.sessions(who.client_id, window, calendar, top, match)
    return _answered(sessions_out(answer, calendar))


def _answered(data: dict[str, Any]) -> Response:
    return ExactResponse(enveloped(200, "Success", data))
