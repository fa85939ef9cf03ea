"""The endpoints of persons and wallets, and their wiring."""

from functools import cache
from typing import Annotated, Any

from fastapi import Path, Query, Response

from functions.analytics.exact import ExactResponse
from functions.analytics.examples import EVENT
from functions.analytics.parameters import enveloped
from functions.analytics.persons import examples
from functions.analytics.persons.schemas import ProfileOut, VisitOut, profile_out, visit_out
from functions.analytics.questions.schemas import window_of
from functions.analytics.schemas import EventOut, event_out
from functions.analytics.wallets.routes import wallet_service
from groundswell.analytics.questions.profiles import ProfileService
from groundswell.events.eventlog.store import DynamoEventLog
from groundswell.events.people.service import PeopleService
from groundswell.http.app import create_router
from groundswell.http.envelope import Envelope, Listed
from groundswell.http.operation import operation
from groundswell.http.paging import PageRequest, paging
from groundswell.http.principal import Viewer
from groundswell.http.provide import provide
from groundswell.http.range import QueryRange
from groundswell.kernel.clock import utc_now
from groundswell.kernel.page import Page
from groundswell.storage.client import dynamodb
from groundswell.storage.settings import table_name
from groundswell.tenancy.clients.model import Scope

router = create_router("Product analytics")
_REFUSES: dict[str, Any] = {"errors": (401, 403, 404)}


@cache
def profiles() -> ProfileService:
    store = DynamoEventLog(dynamodb(), table_name("events"))
    return ProfileService(store, PeopleService(store), wallet_service(), utc_now)


Profiles = Annotated[ProfileService, provide(profiles)]
PersonId = Annotated[str, Path(max_length=512, description="Any of the person's ids: user, anonymous, or a wallet")]
Account = Annotated[str, Path(max_length=200, description="CAIP-10, or the address alone")]
EventsPage = Annotated[PageRequest, paging(1000, sorts=("-ts",))]
PersonsPage = Annotated[PageRequest, paging(1000, sorts=("-last_seen",))]


@router.get(
    "/analytics/persons",
    **operation("persons.list", scope=Scope.PEOPLE_READ, response_example=[examples.VISIT], **_REFUSES),
)
async def list_persons(
    who: Viewer,
    page: PersonsPage,
    service: Profiles,
    time_range: QueryRange,
    new: Annotated[bool, Query(description="Those alone who were never seen before")] = False,
) -> Listed[VisitOut]:
    """Who was seen between `from` and `to` (else the last 30 days), whoever was seen last first. Times and counts are
    those within the range. More than a million events are refused: `POST /analytics/questions` with `kind` persons
    lists them too."""
    position = page.position(who.client_id)
    visits = service.visits(who.client_id, window_of(time_range), page.limit, position, new=new)
    return page.answer(who.client_id, visits.map(visit_out))


@router.get(
    "/analytics/persons/{person_id:path}/events",
    response_model=Listed[EventOut],
    **operation("persons.events", scope=Scope.PEOPLE_READ, response_example=[EVENT], **_REFUSES),
)
async def list_person_events(
    person_id: PersonId, who: Viewer, page: EventsPage, service: Profiles, response: Response
) -> Response:
    """A person's events, newest first, whatever ids they came with."""
    timeline = service.timeline(who.client_id, person_id, page.limit, page.position(who.client_id))
    listed = page.answer(who.client_id, Page[EventOut]((), timeline.next))
    rest = enveloped(200, "Success", [event_out(event) for event in timeline.items])
    link = {name: value for name, value in response.headers.items() if name == "link"}
    return ExactResponse(rest | {"meta": listed.meta.model_dump()}, headers=link)


@router.get(
    "/analytics/persons/{person_id:path}",
    response_model=Envelope[ProfileOut],
    **operation("persons.get", scope=Scope.PEOPLE_READ, response_example=examples.PROFILE, **_REFUSES),
)
async def get_person(person_id: PersonId, who: Viewer, service: Profiles) -> Response:
    """Who a person is: ids, wallets, traits as the last event left them, and how many events. History from before
    the person signed in is included. `complete` is false when only the newest 2,000 blocks of events were read."""
    return _profile(profile_out(service.profile(who.client_id, person_id)))


@router.get(
    "/analytics/wallets/{account}",
    response_model=Envelope[ProfileOut],
    **operation("wallets.get", scope=Scope.PEOPLE_READ, response_example=examples.PROFILE, **_REFUSES),
)
async def get_wallet(account: Account, who: Viewer, service: Profiles) -> Response:
    """What was seen of a wallet, on all chains, and whose it is (`id`)."""
    return _profile(profile_out(service.wallet(who.client_id, account)))


def _profile(shown: dict[str, Any]) -> Response:
    return ExactResponse(enveloped(200, "Success", shown))
