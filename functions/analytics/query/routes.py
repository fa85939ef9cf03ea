"""The endpoint of queries."""

from fastapi import Response

from functions.analytics.exact import ExactRoute
from functions.analytics.jobs.routes import Operations
from functions.analytics.query import examples
from functions.analytics.query.persons import (
    ConversionsIn,
    ConversionsOut,
    JourneysIn,
    JourneysOut,
    ReturningIn,
    ReturningOut,
)
from functions.analytics.query.schemas import QueryIn, QueryOut
from functions.analytics.query.web import WebIn, WebOut
from functions.analytics.sql.routes import Sql, answered, ask_operation
from groundswell.http.app import create_router
from groundswell.http.envelope import Envelope
from groundswell.http.principal import Viewer
from groundswell.tenancy.clients.model import Scope

router = create_router("Product analytics", ExactRoute)


@router.post(
    "/analytics/query",
    response_model=Envelope[QueryOut],
    **ask_operation(
        "query.ask",
        request_example=examples.QUERY,
        response_example=examples.QUERIED,
        question=examples.QUERY_STORED,
    ),
)
async def ask_query(body: QueryIn, who: Viewer, service: Sql, operations: Operations) -> Response:
    """Measures of events over time, by any conditions and up to two breakdowns, with formulas over them.

    Fields are `name, kind, person, user_id, anonymous_id, session_id, wallet, value, currency, path, url, referrer,
    utm_source, utm_medium, utm_campaign, country, device, browser, os, chain`, members of `properties`, `traits`,
    `context`, `web3`, `source`, `extra` (`properties.plan`), and the person's traits as they are now (`person.plan`).

    Sums are exact, and of one currency: 400 where there are several and none is chosen. With more than a million events
    a worker answers (202).
    """
    return answered(who, body.question(who.timezone), service, operations)


@router.post(
    "/analytics/web",
    response_model=Envelope[WebOut],
    **ask_operation(
        "web.ask",
        request_example=examples.WEB,
        response_example=examples.SEEN,
        question=examples.WEB_STORED,
    ),
)
async def ask_web(body: WebIn, who: Viewer, service: Sql, operations: Operations) -> Response:
    """What happens on a site: visitors, visits, views, bounces and durations over time, the largest sources, campaigns,
    click ids, pages, countries, devices, browsers and systems, and visits by up to two of these together.

    A visit is what a person does without a pause of half an hour, or a session of your own SDK. With more than a
    million events a worker answers (202).
    """
    return answered(who, body.question(who.timezone), service, operations)


@router.post(
    "/analytics/conversions",
    response_model=Envelope[ConversionsOut],
    **ask_operation(
        "conversions.ask",
        scope=Scope.PEOPLE_READ,
        request_example=examples.CONVERSIONS,
        response_example=examples.CONVERTED,
        question=examples.CONVERSIONS_STORED,
    ),
)
async def ask_conversions(body: ConversionsIn, who: Viewer, service: Sql, operations: Operations) -> Response:
    """Funnels of any kind: in order, strictly one after the other or in any order, of persons or groups, with events
    that must not come between, by what the first step says, with a histogram of times; and lists of who converted and
    who dropped out.

    Whoever tries several times counts once, by how far the best try got, soonest, from its latest start. Steps of one
    millisecond have no order. With more than a million events a worker answers (202).
    """
    return answered(who, body.question(who.timezone), service, operations)


@router.post(
    "/analytics/returning",
    response_model=Envelope[ReturningOut],
    **ask_operation(
        "returning.ask",
        request_example=examples.RETURNING,
        response_example=examples.RETURNING_ANSWERED,
        question=examples.RETURNING_STORED,
    ),
)
async def ask_returning(body: ReturningIn, who: Viewer, service: Sql, operations: Operations) -> Response:
    """Who comes back, in the period they began in and in each one after: hours, days, weeks, months or quarters, by
    what the beginning says (`by`), under any conditions. With more than a million events a worker answers (202)."""
    return answered(who, body.question(who.timezone), service, operations)


@router.post(
    "/analytics/journeys",
    response_model=Envelope[JourneysOut],
    **ask_operation(
        "journeys.ask",
        request_example=examples.JOURNEYS,
        response_example=examples.JOURNEYS_ANSWERED,
        question=examples.JOURNEYS_STORED,
    ),
)
async def ask_journeys(body: JourneysIn, who: Viewer, service: Sql, operations: Operations) -> Response:
    """What people do after something, or before it (`backwards`): the most frequent ways. The same step several times
    in a row is one. With more than a million events a worker answers (202)."""
    return answered(who, body.question(who.timezone), service, operations)
