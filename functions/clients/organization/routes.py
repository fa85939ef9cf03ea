"""The endpoints of the own organization."""

from functools import cache
from typing import Annotated

from fastapi import Response

from functions.clients import examples
from functions.clients.organization.schemas import (
    OrganizationOut,
    OrganizationUpdate,
    PersonOut,
    PurgeOut,
    organization_out,
)
from groundswell.admin.users.store import DynamoUserStore
from groundswell.http.app import create_router
from groundswell.http.envelope import Envelope, Listed, ok
from groundswell.http.operation import operation
from groundswell.http.paging import OldestFirst, PageRequest, paging
from groundswell.http.preconditions import IfMatch, tag
from groundswell.http.principal import OrgAdmin, User
from groundswell.http.provide import provide
from groundswell.tenancy.clients.organization import Organization
from groundswell.tenancy.organizations.service import OrganizationService
from groundswell.tenancy.organizations.store import DynamoOrganizationStore
from groundswell.tenancy.purge.store import DynamoPurgeStore
from groundswell.tenancy.usage.model import Quota
from groundswell.tenancy.usage.store import DynamoUsageStore

router = create_router("Organization")


@cache
def organization_service() -> OrganizationService:
    return OrganizationService(DynamoOrganizationStore(), DynamoUserStore(), DynamoPurgeStore(), DynamoUsageStore())


Organizations = Annotated[OrganizationService, provide(organization_service)]
ByClient = Annotated[PageRequest, paging(sorts=("client_id",))]


@router.get("/organization", **operation("organization.get", response_example=examples.ORGANIZATION, errors=(401,)))
async def get_organization(who: User, response: Response, organizations: Organizations) -> Envelope[OrganizationOut]:
    """Your organization: company, address, team settings, preferences; for its admins also billing and plan limits."""
    organization = organizations.get(who)
    return ok(_shown(organization, organizations.limits(organization) if who.administers_org else None, response))


@router.update(
    "/organization",
    **operation(
        "organization.update",
        request_example=examples.UPDATE_ORGANIZATION,
        response_example=examples.ORGANIZATION,
        errors=(401, 403, 404, 412),
    ),
)
async def update_organization(
    body: OrganizationUpdate,
    who: OrgAdmin,
    response: Response,
    expected: IfMatch,
    organizations: Organizations,
) -> Envelope[OrganizationOut]:
    """Change the organization. Groups are merged: a field that is absent stays, `null` clears it."""
    organization = organizations.update(who, body.changes(), expected)
    return ok(_shown(organization, organizations.limits(organization), response))


@router.get(
    "/organization/users", **operation("organization.users", response_example=[examples.PERSON], errors=(401, 403))
)
async def list_people(who: OrgAdmin, paging: OldestFirst, organizations: Organizations) -> Listed[PersonOut]:
    """Everybody in the organization, in the order of sign-up. `/admin/users` searches and changes them."""
    page = organizations.people(who, paging.limit, paging.position(who.org_id))
    return paging.answer(who.org_id, page.map(PersonOut.model_validate))


@router.get(
    "/organization/purges", **operation("organization.purges", response_example=[examples.PURGE], errors=(401, 403))
)
async def list_purges(who: OrgAdmin, page: ByClient, organizations: Organizations) -> Listed[PurgeOut]:
    """What became of deleted clients when their 14 days were over: a report each, newest client last."""
    purges = organizations.purges(who, page.limit, page.position(who.org_id))
    return page.answer(who.org_id, purges.map(PurgeOut.model_validate))


def _shown(organization: Organization, limits: Quota | None, response: Response) -> OrganizationOut:
    """Without limits it is for somebody who sees no billing either. They have a version of their own."""
    tag(response, organization.version, limits.version if limits else None)
    return organization_out(organization, limits)
