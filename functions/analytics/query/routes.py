"""The endpoint of queries."""

from fastapi import Response

from functions.analytics.exact import ExactRoute
from functions.analytics.jobs.routes import Operations
from functions.analytics.query import examples
from functions.analytics.query.schemas import QueryIn, QueryOut
from functions.analytics.sql.routes import Sql, answered, or_later
from groundswell.http.app import create_router
from groundswell.http.envelope import Envelope
from groundswell.http.operation import operation
from groundswell.http.principal import Viewer
from groundswell.tenancy.clients.model import Scope

router = create_router("Product analytics", ExactRoute)


@router.post(
    "/analytics/query",
    response_model=Envelope[QueryOut],
    **or_later(
        operation(
            "query.ask",
            scope=Scope.ANALYTICS_READ,
            request_example=examples.QUERY,
            response_example=examples.QUERIED,
            errors=(401, 403, 404),
        ),
        examples.ASKED,
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
    return answered(who, body.asked(who.timezone), service, operations)
