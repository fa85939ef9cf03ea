"""The endpoints of the suppression list."""

from functools import cache
from typing import Annotated

from functions.privacy import examples
from functions.privacy.suppressions.schemas import SuppressionCreate, SuppressionOut, suppression_out
from groundswell.events.suppressions.model import Request
from groundswell.events.suppressions.service import SuppressionService
from groundswell.events.suppressions.store import DynamoSuppressionStore
from groundswell.http.app import create_router
from groundswell.http.envelope import Envelope, Listed, created, ok
from groundswell.http.operation import operation
from groundswell.http.paging import PageRequest, both_ways, paging
from groundswell.http.principal import Admin, Viewer
from groundswell.http.provide import provide
from groundswell.kernel.clock import utc_now
from groundswell.tenancy.clients.model import Scope

router = create_router("Privacy")


@cache
def suppression_service() -> SuppressionService:
    return SuppressionService(DynamoSuppressionStore(), utc_now)


Suppressions = Annotated[SuppressionService, provide(suppression_service)]
ById = Annotated[PageRequest, paging(sorts=both_ways("id"))]


@router.get(
    "/privacy/suppressions",
    **operation(
        "suppressions.list", scope=Scope.PRIVACY_READ, response_example=[examples.SUPPRESSION], errors=(401, 403, 404)
    ),
)
async def list_suppressions(who: Viewer, page: ById, service: Suppressions) -> Listed[SuppressionOut]:
    """Who is not wanted, in the order of their ids, which are digests: of people who were erased there is no more."""
    suppressions = service.listed(who.client_id, page.limit, page.position(who.client_id))
    return page.answer(who.client_id, suppressions.map(suppression_out))


@router.post(
    "/privacy/suppressions",
    **operation(
        "suppressions.add",
        scope=Scope.PRIVACY_WRITE,
        request_example=examples.SUPPRESS,
        response_example=examples.SUPPRESSION,
        status=201,
        location="/privacy/suppressions/{id}",
        errors=(401, 403, 404, 409),
    ),
)
async def add_suppression(who: Admin, body: SuppressionCreate, service: Suppressions) -> Envelope[SuppressionOut]:
    """From now on (within 60 s) events that name this user, anonymous visitor or wallet are rejected: `suppressed`.

    What is stored already stays: ask for an erasure.
    """
    (identifier,) = body.named()
    return created(suppression_out(service.add(who, Request(identifier, body.reason, who.actor_id))))


@router.get(
    "/privacy/suppressions/{suppression_id}",
    **operation(
        "suppressions.get", scope=Scope.PRIVACY_READ, response_example=examples.SUPPRESSION, errors=(401, 403, 404)
    ),
)
async def get_suppression(suppression_id: str, who: Viewer, service: Suppressions) -> Envelope[SuppressionOut]:
    """One entry of the list."""
    return ok(suppression_out(service.get(who.client_id, suppression_id)))


@router.delete(
    "/privacy/suppressions/{suppression_id}",
    **operation(
        "suppressions.remove", scope=Scope.PRIVACY_WRITE, response_example=examples.SUPPRESSION, errors=(401, 403, 404)
    ),
)
async def remove_suppression(suppression_id: str, who: Admin, service: Suppressions) -> Envelope[SuppressionOut]:
    """Take somebody off the list: within 60 s their events are welcome again."""
    return ok(suppression_out(service.remove(who, suppression_id)))
