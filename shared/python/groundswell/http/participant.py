"""Who takes part in a conversation: somebody signed in, the holder of a key, or a visitor by a token of their own."""

from functools import cache
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials

from groundswell.access.model import Role
from groundswell.chat.model import Participant
from groundswell.chat.visitors import VisitorService
from groundswell.http.operation import rate_limiter
from groundswell.http.principal import (
    REQUIREMENTS,
    _api_key,
    _bearer,
    access,
    named_client,
    presented_key,
    signed_in,
)
from groundswell.http.ratelimit import MINUTE, RateLimit, limits_are_on
from groundswell.kernel.clock import utc_now
from groundswell.kernel.errors import NotFound
from groundswell.kernel.ids import new_id
from groundswell.links.adapter_wiring import links

VISITORS_LIMIT = RateLimit("chat.visitor", 120, MINUTE, "user")


@cache
def visitors() -> VisitorService:
    return VisitorService(links(), lambda client_id: access().active(client_id).org_id, utc_now, new_id)


async def _participant(
    request: Request,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
    key: Annotated[str | None, Security(_api_key)],
    named: Annotated[str | None, Depends(named_client)],
) -> Participant:
    """Agents are editors, admins and holders of keys; members have their own threads, and those assigned to them."""
    text = bearer.credentials if bearer else ""
    if text and not presented_key(key, text) and "." not in text:  # an access token has two
        return _visitor(request, text, named)
    acting = access().act(await signed_in(request, bearer, key), named)
    request.state.client_id = acting.client_id
    acting.need(Role.MEMBER)
    return Participant(acting.client_id, acting.org_id, acting.actor_id, is_agent=acting.role.covers(Role.EDITOR))


def _visitor(request: Request, token: str, named: str | None) -> Participant:
    visitor = visitors().identify(token)
    if named not in (None, visitor.client_id):
        raise NotFound
    request.state.client_id = visitor.client_id
    if limits_are_on():
        request.state.quota = rate_limiter().take(VISITORS_LIMIT, visitor.id)
    return visitor


Talking = Annotated[Participant, Depends(_participant)]
REQUIREMENTS[_participant] = {"role": Role.MEMBER.value}
