"""The endpoints of the own organization."""

from functools import cache
from typing import Annotated

from fastapi import Response

from functions.clients import examples
from functions.clients.organization.schemas import OrganizationOut, OrganizationUpdate, PersonOut, PurgeOut
from groundswell.admin.users.store import DynamoUserStore
from groundswell.http.app import create_router
from groundswell.http.envelope import Envelope, Listed, ok
from groundswell.http.operation import operation
from groundswell.http.paging import Paging
from groundswell.http.preconditions import IfMatch, tag
from groundswell.http.principal import OrgAdmin, User
from groundswell.http.provide import provide
from groundswell.tenancy.clients.model import Organization
from groundswell.tenancy.organizations.service import OrganizationService
from groundswell.tenancy.organizations.store import DynamoOrganizationStore
from groundswell.tenancy.purge.store import DynamoPurgeStore

router = create_router("Organization")


@cache
def organization_service() -> OrganizationService:
    return OrganizationService(DynamoOrganizationStore(), DynamoUserStore(), DynamoPurgeStore())


Organizations = Annotated[OrganizationService, provide(organization_service)]


@router.get("/organization", **operation("organization.get", response_example=examples.ORGANIZATION, errors=(401,)))
async def get_organization(who: User, response: Response, organizations: Organizations) -> Envelope[OrganizationOut]:
    """Your organization. Its version is the ETag."""
    return ok(_tagged(organizations.get(who), response))


@router.update(
    "/organization",
    **operation(
        "organization.update",
        request_example={"name": "Analytical Engines"},
        response_example=examples.ORGANIZATION,
        errors=(401, 403, 404, 412),
    ),
)
async def update_organization(
    body: OrganizationUpdate, who: OrgAdmin, response: Response, expected: IfMatch, organizations: Organizations
) -> Envelope[OrganizationOut]:
    """Rename the organization."""
    return ok(_tagged(organizations.rename(who, body.name, expected), response))


@router.get(
    "/organization/users", **operation("organization.users", response_example=[examples.PERSON], errors=(401, 403))
)
async def list_people(who: OrgAdmin, paging: Paging, organizations: Organizations) -> Listed[PersonOut]:
    """Everybody in the organization, in the order of sign-up. `/admin/users` searches and changes them."""
    page = organizations.people(who, paging.limit, paging.position(who.org_id))
    return paging.answer(who.org_id, page.map(PersonOut.model_validate))


@router.get(
    "/organization/purges", **operation("organization.purges", response_example=[examples.PURGE], errors=(401, 403))
)
async def list_purges(who: OrgAdmin, paging: Paging, organizations: Organizations) -> Listed[PurgeOut]:
    """What became of deleted clients when their 14 days were over: a report each, newest client last."""
    page = organizations.purges(who, paging.limit, paging.position(who.org_id))
    return paging.answer(who.org_id, page.map(PurgeOut.model_validate))


def _tagged(organization: Organization, response: Response) -> OrganizationOut:
    tag(response, organization.version)
    return OrganizationOut.model_validate(organization)
