"""The endpoints of a client's members, and of what the caller may do there."""

from functools import cache
from typing import Annotated

from fastapi import Response

from functions.clients import examples
from functions.clients.members.schemas import MemberAdd, MemberChange, MemberOut, PermissionsOut, member_out
from functions.clients.promises import withdrawals
from groundswell.http.app import create_router
from groundswell.http.envelope import Empty, Envelope, Listed, created, ok
from groundswell.http.operation import operation
from groundswell.http.paging import PageRequest, both_ways, paging
from groundswell.http.preconditions import IfMatch, tag
from groundswell.http.principal import Admin, Member, User, Viewer
from groundswell.http.provide import provide
from groundswell.kernel.clock import utc_now
from groundswell.tenancy.clients.model import Scope
from groundswell.tenancy.members import model
from groundswell.tenancy.members.service import MemberService
from groundswell.tenancy.members.store import DynamoMemberStore, DynamoPeople

router = create_router("Members")


@cache
def member_service() -> MemberService:
    return MemberService(DynamoMemberStore(), DynamoPeople(), withdrawals(), utc_now)


Members = Annotated[MemberService, provide(member_service)]
ByUser = Annotated[PageRequest, paging(sorts=both_ways("user_id"))]


@router.get(
    "/clients/{client_id}/permissions",
    **operation("clients.my_permissions", response_example=examples.PERMISSIONS, errors=(401, 404)),
)
async def my_permissions(caller: User, who: Viewer) -> Envelope[PermissionsOut]:
    """What you may do for this client, and on what grounds."""
    return ok(PermissionsOut.model_validate(model.permissions(caller, who)))


@router.get(
    "/clients/{client_id}/members",
    **operation("members.list", scope=Scope.MEMBERS_READ, response_example=[examples.MEMBER], errors=(401, 403, 404)),
)
async def list_members(who: Member, page: ByUser, members: Members) -> Listed[MemberOut]:
    """Who works for this client. Admins of the organization may do so without being listed."""
    member_page = members.list(who, page.limit, page.position(who.client_id))
    return page.answer(who.client_id, member_page.map(member_out))


@router.post(
    "/clients/{client_id}/members",
    **operation(
        "members.add",
        scope=Scope.MEMBERS_WRITE,
        request_example=examples.ADD_MEMBER,
        response_example=examples.MEMBER,
        status=201,
        location="/clients/{client_id}/members/{user_id}",
        errors=(401, 403, 404, 409),
    ),
)
async def add_member(body: MemberAdd, who: Admin, response: Response, members: Members) -> Envelope[MemberOut]:
    """Let somebody of the organization work for this client. Whoever is not of it is invited instead."""
    return created(_tagged(members.add(who, user_id=body.user_id, email=body.email, role=body.parsed), response))


@router.get(
    "/clients/{client_id}/members/{user_id}",
    **operation("members.get", scope=Scope.MEMBERS_READ, response_example=examples.MEMBER, errors=(401, 403, 404)),
)
async def get_member(user_id: str, who: Member, response: Response, members: Members) -> Envelope[MemberOut]:
    """One member. The ETag changes with the person's profile as well; `If-Match` asks for the version alone."""
    return ok(_tagged(members.get(who, user_id), response))


@router.update(
    "/clients/{client_id}/members/{user_id}",
    **operation(
        "members.change",
        scope=Scope.MEMBERS_WRITE,
        request_example={"role": "editor"},
        response_example=examples.MEMBER,
        errors=(401, 403, 404, 409, 412),
    ),
)
async def change_member(
    user_id: str, body: MemberChange, who: Admin, response: Response, expected: IfMatch, members: Members
) -> Envelope[MemberOut]:
    """Change a member's role, up to your own. The last owner stays one."""
    return ok(_tagged(members.change(who, user_id, body.parsed, expected), response))


@router.delete(
    "/clients/{client_id}/members/{user_id}",
    **operation("members.remove", scope=Scope.MEMBERS_WRITE, response_example={}, errors=(401, 403, 404, 409)),
)
async def remove_member(user_id: str, who: Viewer, members: Members) -> Envelope[Empty]:
    """Remove a member, or leave. The last owner stays."""
    members.remove(who, user_id)
    return ok(Empty())


def _tagged(member: model.Member, response: Response) -> MemberOut:
    tag(response, member.membership.version, member.user.version)
    return member_out(member)
