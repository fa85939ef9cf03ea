"""Dependencies that say who may call: `User`, and `Viewer`, `Member`, `Editor`, `Admin` of the acting client.

An API key gets through where the operation declares a scope that it has; whatever declares none is for people.
"""

import os
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from functools import cache
from typing import Annotated, Any

from fastapi import Depends, Header, Query, Request, Security
from fastapi.security import APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer

from groundswell.access.keys import PREFIX
from groundswell.access.model import Caller, ClientContext, OrgContext, PersonRequired, Role
from groundswell.access.service import AccessService
from groundswell.access.store import DynamoAccessStore
from groundswell.http.body import json_body
from groundswell.http.ratelimit import MINUTE, RateLimit, RateLimiter, limits_are_on
from groundswell.kernel.clock import utc_now
from groundswell.kernel.errors import Invalid, Unauthenticated
from groundswell.storage.signing import signing_keys
from groundswell.tenancy.auth.tokens import Tokens

_bearer = HTTPBearer(auto_error=False, description="An access token from `POST /auth/login`, or an API key")
API_KEY = "APIKeyHeader"
"""What the API's description calls the way in for keys."""
_api_key = APIKeyHeader(
    name="X-API-Key",
    scheme_name=API_KEY,
    auto_error=False,
    description="A client's API key, which must have the operation's scope. It may come as a bearer token as well",
)
_LONGEST_ID = 64
type _Bearer = HTTPAuthorizationCredentials | None


@cache
def access() -> AccessService:
    kept_for = timedelta(seconds=int(os.environ.get("PRINCIPAL_CACHE_SECONDS", "60")))
    return AccessService(DynamoAccessStore(utc_now), Tokens(signing_keys(), utc_now), utc_now, kept_for)


@cache
def key_limiter() -> RateLimiter:
    return RateLimiter(utc_now)


async def signed_in(
    request: Request,
    bearer: Annotated[_Bearer, Security(_bearer)],
    key: Annotated[str | None, Security(_api_key)],
) -> Caller:
    """A person, or the holder of a key with the operation's scope (as `X-API-Key` or bearer)."""
    scope = required_scope(request.scope["route"].openapi_extra)
    presented = presented_key(key, bearer.credentials if bearer else None)
    if scope and presented:
        return _holder(request, presented, scope)
    if bearer is None or presented == bearer.credentials:
        raise PersonRequired if presented else Unauthenticated
    return access().identify(bearer.credentials)


def required_scope(extra: Mapping[str, Any] | None) -> str | None:
    """What `operation(scope=…)` left in a route's `openapi_extra`. None: keys do not get through."""
    scopes = (extra or {}).get("x-required-scopes")
    return scopes[0] if scopes else None


def presented_key(header: str | None, bearer: str | None) -> str | None:
    """The API key among the credentials, whether or not it is a good one."""
    return header or (bearer if bearer and bearer.startswith(PREFIX) else None)


def _holder(request: Request, key: str, scope: str) -> Caller:
    """Counts the call against the key's own limit, if it has one. Raises InvalidKey, MissingScope."""
    grant = access().open_for(key, scope)
    if grant.calls_per_minute and limits_are_on():
        limit = RateLimit("api_key", grant.calls_per_minute, MINUTE, "key")
        request.state.quota = key_limiter().take(limit, grant.public_id)
    access().used(grant)
    return grant.holder


async def maybe_signed_in(bearer: Annotated[_Bearer, Security(_bearer)]) -> Caller | None:
    """For operations that mean something else when nobody is signed in. A bad token is still refused."""
    return access().identify(bearer.credentials) if bearer else None


def lets(origin: str, client_id: str | None) -> bool:
    """Whether browsers may call from there: for the client, or, where none is acted for, for any client."""
    return access().lets(origin, client_id)


User = Annotated[Caller, Depends(signed_in)]
MaybeUser = Annotated[Caller | None, Depends(maybe_signed_in)]


async def named_client(
    request: Request,
    in_query: Annotated[
        str | None, Query(alias="client_id", description="The client to act for", max_length=_LONGEST_ID)
    ] = None,
    x_client_id: Annotated[str | None, Header(description="The client to act for", max_length=_LONGEST_ID)] = None,
) -> str | None:
    """`client_id` in path, query or body, else `X-Client-Id`."""
    in_url = request.path_params.get("client_id") or in_query
    if in_url:
        return _of_an_id(in_url)
    in_body = (await json_body(request)).get("client_id")
    return _of_an_id(in_body) if in_body and isinstance(in_body, str) else x_client_id


NamedClient = Annotated[str | None, Depends(named_client)]


def _of_an_id(text: str) -> str:
    """Raises Invalid: it is looked for before the body is."""
    if len(text) > _LONGEST_ID or not text.isprintable():
        raise Invalid.on("client_id", f"an id of at most {_LONGEST_ID} characters")
    return text


REQUIREMENTS: dict[Callable[..., Any], dict[str, str]] = {signed_in: {"signed_in": "required"}}
"""What each of these dependencies asks of the caller: the API's description says it, as `x-access`. Repeats of an
Idempotency-Key are asked for these again, so a route's conditions on roles belong here rather than into its service."""


def _acting(role: Role) -> Callable[..., Awaitable[ClientContext]]:
    async def act(request: Request, caller: User, named: Annotated[str | None, Depends(named_client)]) -> ClientContext:
        acting = access().act(caller, named)
        request.state.client_id = acting.client_id
        acting.need(role)
        return acting

    REQUIREMENTS[act] = {"role": role.value}
    return act


def _perhaps_acting(role: Role) -> Callable[..., Awaitable[ClientContext | None]]:
    act = _acting(role)

    async def act_if_signed_in(
        request: Request,
        bearer: Annotated[_Bearer, Security(_bearer)],
        key: Annotated[str | None, Security(_api_key)],
        named: Annotated[str | None, Depends(named_client)],
    ) -> ClientContext | None:
        if bearer is None and key is None:
            return None
        acting: Any = act
        return await acting(request, await signed_in(request, bearer, key), named)  # type: ignore[no-any-return]

    REQUIREMENTS[act_if_signed_in] = {}
    return act_if_signed_in


MaybeViewer = Annotated[ClientContext | None, Depends(_perhaps_acting(Role.VIEWER))]
"""None for whoever is not signed in: the operation is public, and says more to those who work for the client. A bad
credential is refused."""
MaybeEditor = Annotated[ClientContext | None, Depends(_perhaps_acting(Role.EDITOR))]
Viewer = Annotated[ClientContext, Depends(_acting(Role.VIEWER))]
Member = Annotated[ClientContext, Depends(_acting(Role.MEMBER))]
Editor = Annotated[ClientContext, Depends(_acting(Role.EDITOR))]
Admin = Annotated[ClientContext, Depends(_acting(Role.ADMIN))]


async def _governing(
    caller: User,
    org_id: Annotated[
        str | None, Query(description="The organization to act for: operators only", max_length=_LONGEST_ID)
    ] = None,
) -> OrgContext:
    return access().govern(caller, org_id)


async def _operating(caller: User) -> Caller:
    caller.need_operator()
    return caller


async def _administering(caller: User) -> Caller:
    caller.need_administration()
    return caller


async def _nobody_or_administering(caller: MaybeUser) -> Caller | None:
    if caller:
        caller.need_administration()
    return caller


OrgAdmin = Annotated[OrgContext, Depends(_governing)]
"""An admin of the organization, or an operator of the platform, who may name any."""
Administrator = Annotated[Caller, Depends(_administering)]
"""An admin of the own organization."""
MaybeAdministrator = Annotated[Caller | None, Depends(_nobody_or_administering)]
"""The same, where an anonymous call means something else."""
Operator = Annotated[Caller, Depends(_operating)]


REQUIREMENTS |= {
    _governing: {"organization_role": Role.ADMIN.value},
    _operating: {"organization_role": Role.SUPER_ADMIN.value},
    _administering: {"organization_role": Role.ADMIN.value},
    _nobody_or_administering: {},
}
