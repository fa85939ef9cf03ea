"""The endpoints of invitations: of a client, of the organization, and accepting one."""

from typing import Annotated, Any

from fastapi import Depends

from functions.clients import examples
from functions.clients.invitations.schemas import (
    InvitationAccept,
    InvitationCreate,
    InvitationOut,
    invitation_out,
)
from functions.clients.invitations.wiring import Acceptance, Invitations
from groundswell.http.app import create_router
from groundswell.http.envelope import Envelope, Listed, created, ok
from groundswell.http.operation import operation
from groundswell.http.paging import OldestFirst, PageRequest
from groundswell.http.principal import Admin, MaybeUser, OrgAdmin
from groundswell.http.ratelimit import HOUR
from groundswell.tenancy.clients.model import Scope
from groundswell.tenancy.invitations.model import Inviting
from groundswell.tenancy.invitations.service import InvitationService

router = create_router("Invitations")
_REFUSES = (401, 403, 404, 409)
_READ = (401, 403, 404)


async def _to_client(who: Admin) -> Inviting:
    return Inviting.to_client(who)


async def _to_organization(who: OrgAdmin) -> Inviting:
    return Inviting.to_organization(who)


ToClient = Annotated[Inviting, Depends(_to_client)]
ToOrganization = Annotated[Inviting, Depends(_to_organization)]


@router.get(
    "/clients/{client_id}/invitations",
    **operation(
        "invitations.list", scope=Scope.MEMBERS_READ, response_example=[examples.INVITATION], errors=(401, 403, 404)
    ),
)
async def list_invitations(who: ToClient, paging: OldestFirst, invitations: Invitations) -> Listed[InvitationOut]:
    """The client's invitations, answered and expired ones included, oldest first."""
    return _listed(who, paging, invitations)


@router.get(
    "/organization/invitations",
    **operation("organization.invitations.list", response_example=[examples.ORG_INVITATION], errors=(401, 403)),
)
async def list_org_invitations(
    who: ToOrganization, paging: OldestFirst, invitations: Invitations
) -> Listed[InvitationOut]:
    """The invitations to the organization itself, oldest first."""
    return _listed(who, paging, invitations)


@router.get(
    "/clients/{client_id}/invitations/{invitation_id}",
    **operation("invitations.get", scope=Scope.MEMBERS_READ, response_example=examples.INVITATION, errors=_READ),
)
async def get_invitation(invitation_id: str, who: ToClient, invitations: Invitations) -> Envelope[InvitationOut]:
    """One invitation, and what became of it."""
    return ok(invitation_out(invitations.get(who, invitation_id)))


@router.get(
    "/organization/invitations/{invitation_id}",
    **operation("organization.invitations.get", response_example=examples.ORG_INVITATION, errors=_READ),
)
async def get_org_invitation(
    invitation_id: str, who: ToOrganization, invitations: Invitations
) -> Envelope[InvitationOut]:
    """One invitation to the organization itself."""
    return ok(invitation_out(invitations.get(who, invitation_id)))


_INVITE: dict[str, Any] = {"limit": (100, HOUR, "user"), "request_example": examples.INVITE, "status": 201}
_RESEND: dict[str, Any] = {"limit": (30, HOUR, "user"), "errors": _REFUSES}


@router.post(
    "/clients/{client_id}/invitations",
    **operation(
        "invitations.create",
        scope=Scope.MEMBERS_WRITE,
        response_example=examples.INVITATION,
        location="/clients/{client_id}/invitations/{id}",
        errors=_REFUSES,
        **_INVITE,
    ),
)
async def invite(body: InvitationCreate, who: ToClient, invitations: Invitations) -> Envelope[InvitationOut]:
    """Invite somebody, with or without an account, to work for this client. The mail's link is good for 48 hours."""
    return created(invitation_out(invitations.invite(who, body.email, body.parsed)))


@router.post(
    "/organization/invitations",
    **operation(
        "organization.invitations.create",
        response_example=examples.ORG_INVITATION,
        location="/organization/invitations/{id}",
        errors=(401, 403, 409),
        **_INVITE,
    ),
)
async def invite_to_org(
    body: InvitationCreate, who: ToOrganization, invitations: Invitations
) -> Envelope[InvitationOut]:
    """Invite somebody without an account to join the organization."""
    return created(invitation_out(invitations.invite(who, body.email, body.parsed)))


@router.post(
    "/clients/{client_id}/invitations/{invitation_id}/resend",
    **operation("invitations.resend", scope=Scope.MEMBERS_WRITE, response_example=examples.INVITATION, **_RESEND),
)
async def resend(invitation_id: str, who: ToClient, invitations: Invitations) -> Envelope[InvitationOut]:
    """Mail a new link, good for another 48 hours. The one before is worthless from now on."""
    return ok(invitation_out(invitations.resend(who, invitation_id)))


@router.post(
    "/organization/invitations/{invitation_id}/resend",
    **operation("organization.invitations.resend", response_example=examples.ORG_INVITATION, **_RESEND),
)
async def resend_to_org(invitation_id: str, who: ToOrganization, invitations: Invitations) -> Envelope[InvitationOut]:
    """Mail a new link, good for another 48 hours. The one before is worthless from now on."""
    return ok(invitation_out(invitations.resend(who, invitation_id)))


@router.delete(
    "/clients/{client_id}/invitations/{invitation_id}",
    **operation("invitations.revoke", scope=Scope.MEMBERS_WRITE, response_example=examples.REVOKED, errors=_REFUSES),
)
async def revoke(invitation_id: str, who: ToClient, invitations: Invitations) -> Envelope[InvitationOut]:
    """Make the link worthless."""
    return ok(invitation_out(invitations.revoke(who, invitation_id)))


@router.delete(
    "/organization/invitations/{invitation_id}",
    **operation("organization.invitations.revoke", response_example=examples.REVOKED, errors=_REFUSES),
)
async def revoke_to_org(invitation_id: str, who: ToOrganization, invitations: Invitations) -> Envelope[InvitationOut]:
    """Make the link worthless."""
    return ok(invitation_out(invitations.revoke(who, invitation_id)))


@router.post(
    "/invitations/accept",
    **operation(
        "invitations.accept",
        limit=(20, HOUR, "ip"),
        request_example=examples.ACCEPT,
        response_example=examples.ACCEPTED,
        errors=(401, 403, 409, 410),
    ),
)
async def accept(body: InvitationAccept, who: MaybeUser, acceptance: Acceptance) -> Envelope[InvitationOut]:
    """Accept, signed in as the invited e-mail; if that has no account yet, with the name and password for one."""
    return ok(invitation_out(acceptance.accept(body.token, who, body.name, body.secret)))


def _listed(who: Inviting, paging: PageRequest, invitations: InvitationService) -> Listed[InvitationOut]:
    tenant = who.client_id or who.org_id
    page = invitations.list(who, paging.limit, paging.position(tenant))
    return paging.answer(tenant, page.map(invitation_out))
