"""The endpoints of the catalogue, and their wiring."""

from functools import cache
from typing import Annotated, Any

from fastapi import Path, Query, Response

from functions.analytics.catalogue import examples
from functions.analytics.catalogue.schemas import (
    BlockedOut,
    DescriptionIn,
    DescriptionOut,
    EventNamesOut,
    PropertiesOut,
    names_out,
    properties_out,
)
from functions.analytics.parameters import Name
from functions.analytics.questions.schemas import window_of
from groundswell.analytics.catalogue.service import CatalogueService
from groundswell.analytics.catalogue.store import DynamoBlockedNames, DynamoDescriptions
from groundswell.events.eventlog.store import DynamoEventLog
from groundswell.http.app import create_router
from groundswell.http.envelope import Envelope, ok
from groundswell.http.operation import operation
from groundswell.http.preconditions import IfMatch, tag
from groundswell.http.principal import Editor, Viewer
from groundswell.http.provide import provide
from groundswell.http.range import QueryRange
from groundswell.kernel.clock import utc_now
from groundswell.storage.client import dynamodb
from groundswell.storage.settings import table_name
from groundswell.tenancy.clients.model import Scope

router = create_router("Product analytics")
_REFUSES: dict[str, Any] = {"errors": (401, 403, 404)}


@cache
def catalogue() -> CatalogueService:
    return CatalogueService(
        DynamoEventLog(dynamodb(), table_name("events")), DynamoBlockedNames(), DynamoDescriptions(), utc_now
    )


Catalogue = Annotated[CatalogueService, provide(catalogue)]
Limit = Annotated[int, Query(ge=1, le=1_000, description="The most frequent ones")]
EventName = Annotated[str, Path(min_length=1, max_length=512, description="The event's name, exactly")]


@router.get(
    "/analytics/catalogue/events",
    **operation("catalogue.events", scope=Scope.ANALYTICS_READ, response_example=examples.EVENTS, **_REFUSES),
)
async def list_event_names(
    who: Viewer,
    service: Catalogue,
    time_range: QueryRange,
    limit: Limit = 500,
    hidden: Annotated[bool, Query(description="Also those that are hidden")] = False,
) -> Envelope[EventNamesOut]:
    """Names of events with exact counts over the UTC days of the range, the most frequent first.

    First and last seen are to the hour. Names beyond what a day's rollup tells apart are counted in `others`.
    """
    return ok(names_out(service.events(who.client_id, window_of(time_range), limit, hidden=hidden)))


@router.get(
    "/analytics/catalogue/properties",
    **operation("catalogue.properties", scope=Scope.ANALYTICS_READ, response_example=examples.PROPERTIES, **_REFUSES),
)
async def list_properties(
    who: Viewer,
    service: Catalogue,
    time_range: QueryRange,
    event: Annotated[Name, Query(description="Only of events of this name")] = None,
    limit: Limit = 500,
    hidden: Annotated[bool, Query(description="Also of events that are hidden")] = False,
) -> Envelope[PropertiesOut]:
    """Properties with the JSON types of their values, the most frequent first; without those of hidden events.

    Of more than 10,000 distinct names the rest is counted in `others`.
    """
    return ok(properties_out(service.properties(who.client_id, window_of(time_range), event, limit, hidden=hidden)))


@router.put(
    "/analytics/catalogue/events/{event_name:path}/block",
    **operation(
        "catalogue.block", scope=Scope.ANALYTICS_WRITE, response_example=examples.BLOCKED, errors=(401, 403, 404, 409)
    ),
)
async def block_event(event_name: EventName, who: Editor, service: Catalogue) -> Envelope[BlockedOut]:
    """From now on (within 60 s) events of this name are rejected: `blocked`. What is stored stays."""
    service.block(who, event_name)
    return ok(BlockedOut(name=event_name, blocked=True))


@router.delete(
    "/analytics/catalogue/events/{event_name:path}/block",
    **operation(
        "catalogue.unblock",
        scope=Scope.ANALYTICS_WRITE,
        response_example={**examples.BLOCKED, "blocked": False},
        **_REFUSES,
    ),
)
async def unblock_event(event_name: EventName, who: Editor, service: Catalogue) -> Envelope[BlockedOut]:
    """Within 60 s events of this name are welcome again."""
    service.unblock(who, event_name)
    return ok(BlockedOut(name=event_name, blocked=False))


@router.update(
    "/analytics/catalogue/events/{event_name:path}",
    **operation(
        "catalogue.describe",
        scope=Scope.ANALYTICS_WRITE,
        request_example=examples.DESCRIBE,
        response_example=examples.DESCRIBED,
        errors=(401, 403, 404, 409, 412),
    ),
)
async def describe_event(
    event_name: EventName,
    body: DescriptionIn,
    who: Editor,
    expected: IfMatch,
    service: Catalogue,
    response: Response,
) -> Envelope[DescriptionOut]:
    """How an event is shown, what it means, whether lists leave it out, and whether it is verified: whether or not it
    was seen yet. Its name stays what questions call it by."""
    described = service.describe(who, event_name, body.changes(), expected)
    tag(response, described.version)
    return ok(DescriptionOut.model_validate(described))
