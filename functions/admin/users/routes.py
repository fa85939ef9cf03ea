"""The endpoints of users, as an administrator sees them."""

from functools import cache
from typing import Annotated, Any

from fastapi import Depends, Query, Response

from functions.admin import examples
from functions.admin.users.schemas import UserCreate, UserOut, UserUpdate
from groundswell.access.model import parse_role
from groundswell.access.store import DynamoRoleStore
from groundswell.admin.users.service import UserAdminService
from groundswell.admin.users.store import DynamoUserStore
from groundswell.http.app import create_router
from groundswell.http.envelope import Envelope, Listed, created, ok
from groundswell.http.frontend import frontend_url
from groundswell.http.operation import operation
from groundswell.http.paging import OldestFirst
from groundswell.http.preconditions import IfMatch, tag
from groundswell.http.principal import OrgAdmin
from groundswell.http.provide import provide
from groundswell.http.ratelimit import HOUR
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id, new_secret
from groundswell.tenancy.auth.adapter_factors import DynamoFactorStore
from groundswell.tenancy.auth.adapter_sessions import DynamoSessionStore
from groundswell.tenancy.auth.late import LatePasswords
from groundswell.tenancy.auth.model import User
from groundswell.tenancy.auth.search import UserSearch
from groundswell.tenancy.invitations.store import DynamoInvitationStore
from groundswell.tenancy.invitations.withdrawal import Withdrawals
from groundswell.tenancy.members.standing import Standings
from groundswell.tenancy.usage.store import DynamoSeats

router = create_router("Admin")


@cache
def user_service() -> UserAdminService:
    return UserAdminService(
        DynamoUserStore(),
        DynamoFactorStore(),
        DynamoSessionStore(),
        LatePasswords(),
        DynamoSeats(),
        Withdrawals(DynamoInvitationStore(), Standings(DynamoRoleStore(), utc_now), utc_now),
        frontend_url(),
        utc_now,
        new_id,
        new_secret,
    )


Users = Annotated[UserAdminService, provide(user_service)]


async def _search(
    q: Annotated[str | None, Query(max_length=200, description="The beginning of an e-mail or a name")] = None,
    role: Annotated[str | None, Query(max_length=32, description="In any spelling")] = None,
    is_active: Annotated[bool | None, Query()] = None,
) -> UserSearch:
    return UserSearch(q, parse_role(role) if role else None, is_active)


Search = Annotated[UserSearch, Depends(_search)]


@router.get("/admin/users", **operation("admin.users.list", response_example=[examples.USER], errors=(401, 403)))
async def list_users(who: OrgAdmin, search: Search, paging: OldestFirst, users: Users) -> Listed[UserOut]:
    """The organization's users, in the order of sign-up. A rare find may leave a page short, with more to come."""
    page = users.list(who, search, paging.limit, paging.position(who.org_id))
    return paging.answer(who.org_id, page.map(UserOut.model_validate))


@router.post(
    "/admin/users",
    **operation(
        "admin.users.create",
        limit=(100, HOUR, "user"),
        request_example=examples.CREATE_USER,
        response_example=examples.USER,
        status=201,
        location="/admin/users/{id}",
        errors=(401, 403, 409),
    ),
)
async def create_user(body: UserCreate, who: OrgAdmin, response: Response, users: Users) -> Envelope[UserOut]:
    """Add a user to the organization. A mail asks the person to confirm the address, or to choose a password."""
    return created(_tagged(users.create(who, body.new_user()), response))


_ONE: dict[str, Any] = {"response_example": examples.USER}


@router.get("/admin/users/{user_id}", **operation("admin.users.get", errors=(401, 403, 404), **_ONE))
async def get_user(user_id: str, who: OrgAdmin, response: Response, users: Users) -> Envelope[UserOut]:
    """One user. The ETag changes with every sign-in as well; `If-Match` asks for the version alone."""
    return ok(_tagged(users.get(who, user_id), response))


@router.update(
    "/admin/users/{user_id}",
    **operation("admin.users.update", request_example=examples.UPDATE_USER, errors=(401, 403, 404, 409, 412), **_ONE),
)
async def update_user(
    user_id: str, body: UserUpdate, who: OrgAdmin, response: Response, expected: IfMatch, users: Users
) -> Envelope[UserOut]:
    """Change names, role (up to your own) and whether the user is active. The last owner stays one."""
    return ok(_tagged(users.update(who, user_id, body.changes(), expected), response))


@router.delete(
    "/admin/users/{user_id}",
    **operation("admin.users.deactivate", response_example=examples.DEACTIVATED, errors=(401, 403, 404, 409)),
)
async def deactivate_user(user_id: str, who: OrgAdmin, users: Users) -> Envelope[UserOut]:
    """Deactivate a user: every session ends, and what the user made stays. `PUT` with `is_active` undoes it."""
    return ok(UserOut.model_validate(users.deactivate(who, user_id)))


@router.delete(
    "/admin/users/{user_id}/2fa",
    **operation("admin.users.reset_2fa", errors=(401, 403, 404, 409, 412), **_ONE),
)
async def reset_second_factor(user_id: str, who: OrgAdmin, users: Users) -> Envelope[UserOut]:
    """Take a user's second factor off and end their sessions; a mail tells them. Your own needs a code instead."""
    return ok(UserOut.model_validate(users.reset_factor(who, user_id)))


def _tagged(user: User, response: Response) -> UserOut:
    tag(response, user.version, user.last_login)
    return UserOut.model_validate(user)
