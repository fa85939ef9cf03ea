"""Dependencies that say who may call: `User`, and `Viewer`, `Member`, `Editor`, `Admin` of the acting client."""

import os
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import cache
from typing import Annotated, Any

from fastapi import Depends, Header, Query, Request, Security
from fastapi.security import APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer

from groundswell.access.model import Acting, Caller, Role
from groundswell.access.service import AccessService
from groundswell.access.store import DynamoAccessStore
from groundswell.auth.tokens import Tokens
from groundswell.clients.model import Scope
from groundswell.kernel.clock import utc_now
from groundswell.kernel.errors import Unauthenticated
from groundswell.storage.signing import signing_keys

_bearer = HTTPBearer(auto_error=False, description="An access token from `POST /auth/login`")
_api_key = APIKeyHeader(name="X-API-Key", auto_error=False, description="A client's API key")
type _Bearer = HTTPAuthorizationCredentials | None


@cache
def access() -> AccessService:
    kept_for = timedelta(seconds=int(os.environ.get("PRINCIPAL_CACHE_SECONDS", "60")))
    return AccessService(DynamoAccessStore(utc_now), Tokens(signing_keys(), utc_now), utc_now, kept_for)


async def signed_in(bearer: Annotated[_Bearer, Security(_bearer)]) -> Caller:
    if bearer is None:
        raise Unauthenticated
    return access().identify(bearer.credentials)


async def maybe_signed_in(bearer: Annotated[_Bearer, Security(_bearer)]) -> Caller | None:
    """For operations that mean something else when nobody is signed in. A bad token is still refused."""
    return access().identify(bearer.credentials) if bearer else None


User = Annotated[Caller, Depends(signed_in)]
MaybeUser = Annotated[Caller | None, Depends(maybe_signed_in)]


async def named_client(
    request: Request,
    in_query: Annotated[
        str | None, Query(alias="client_id", description="The client to act for", max_length=64)
    ] = None,
    x_client_id: Annotated[str | None, Header(description="The client to act for", max_length=64)] = None,
) -> str | None:
    """`client_id` in path, query or body, else `X-Client-Id`."""
    in_path = request.path_params.get("client_id")
    return in_path or in_query or await _client_in_body(request) or x_client_id


async def _client_in_body(request: Request) -> str | None:
    if not request.headers.get("content-type", "").startswith("application/json"):
        return None
    try:
        body: Any = await request.json()
    except ValueError:
        return None
    named = body.get("client_id") if isinstance(body, dict) else None
    return named if isinstance(named, str) else None


def _acting(role: Role) -> Callable[..., Awaitable[Acting]]:
    async def act(caller: User, named: Annotated[str | None, Depends(named_client)]) -> Acting:
        acting = access().act(caller, named)
        acting.need(role)
        return acting

    return act


Viewer = Annotated[Acting, Depends(_acting(Role.VIEWER))]
Member = Annotated[Acting, Depends(_acting(Role.MEMBER))]
Editor = Annotated[Acting, Depends(_acting(Role.EDITOR))]
Admin = Annotated[Acting, Depends(_acting(Role.ADMIN))]


def writer(scope: Scope) -> Any:
    """A member of the acting client, or one of its API keys with `scope` (as `X-API-Key` or bearer)."""

    async def act(
        bearer: Annotated[_Bearer, Security(_bearer)],
        key: Annotated[str | None, Security(_api_key)],
        named: Annotated[str | None, Depends(named_client)],
    ) -> Acting:
        presented = key or (bearer.credentials if bearer else None)
        if presented is None:
            raise Unauthenticated
        if presented.startswith("gp_live_"):
            return access().act_with_key(presented, scope, named)
        acting = access().act(access().identify(presented), named)
        acting.need(Role.MEMBER)
        return acting

    return Depends(act)
