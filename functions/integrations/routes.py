"""The endpoints of integrations: platforms, connections and syncs."""

from typing import Annotated

from fastapi import Path, Query, Request
from starlette.responses import RedirectResponse, Response

from functions.integrations import examples
from functions.integrations.answers import (
    connection_out,
    platform_out,
    sync_out,
)
from functions.integrations.leaving import show_leaving
from functions.integrations.schemas import (
    AuthorizeIn,
    AuthorizeOut,
    ConnectIn,
    ConnectionOut,
    PlatformOut,
    SyncIn,
    SyncOut,
)
from functions.integrations.wiring import Consents, Integrations, Jobs
from groundswell.access.model import ClientContext, Role
from groundswell.http.app import create_router
from groundswell.http.destinations import is_trusted_destination
from groundswell.http.envelope import Empty, Envelope, Listed, accepted, created, ok
from groundswell.http.operation import operation
from groundswell.http.paging import Catalogue, NewestFirst
from groundswell.http.principal import Admin, Member, Viewer
from groundswell.http.ratelimit import HOUR, MINUTE
from groundswell.integrations.catalogue import platform as find_platform
from groundswell.integrations.model import Connection
from groundswell.integrations.oauth import Consent
from groundswell.integrations.service import Wish
from groundswell.kernel.durations import parse_duration
from groundswell.kernel.errors import Forbidden
from groundswell.tenancy.clients.model import Scope
from groundswell.tenancy.members.adapter_standing import standings

router = create_router("Integrations")
Platform = Annotated[str, Path(max_length=40, description="As GET /integrations names it; `facebook` is `meta_ads`")]
_REFUSED = (401, 403, 404)


@router.get(
    "/integrations",
    **operation(
        "integrations.catalog",
        scope=Scope.INTEGRATIONS_READ,
        response_example=[examples.PLATFORM],
        errors=_REFUSED,
    ),
)
async def list_platforms(who: Viewer, page: Catalogue, integrations: Integrations) -> Listed[PlatformOut]:
    """Every platform, which credentials it takes, and whether it is connected."""
    return page.answer_in_order(
        who.client_id, [platform_out(*entry) for entry in integrations.catalogue(who.client_id)]
    )


@router.post(
    "/integrations/{platform}",
    **operation(
        "integrations.connect",
        scope=Scope.INTEGRATIONS_WRITE,
        limit=(120, HOUR, "user"),
        request_example=examples.CONNECT,
        response_example=examples.CONNECTION,
        status=201,
        location="/integrations/{platform}",
        errors=(*_REFUSED, 409, 412),
    ),
)
async def connect(
    platform: Platform, body: ConnectIn, who: Admin, integrations: Integrations
) -> Envelope[ConnectionOut]:
    """Connect a platform, or give a connected one new credentials. They are tried first, and a sync begins."""
    every = parse_duration(body.settings.every) if body.settings.every else None
    wish = Wish(body.credentials, body.account_ids, every, body.settings.lookback_days, body.settings.own())
    connection, _ = await integrations.connect(who, platform, wish)
    return created(_shown(connection))


@router.post(
    "/integrations/{platform}/authorize",
    **operation(
        "integrations.authorize",
        scope=Scope.INTEGRATIONS_WRITE,
        limit=(60, HOUR, "user"),
        request_example=examples.AUTHORIZE,
        response_example=examples.AUTHORIZED,
        errors=(*_REFUSED, 409),
    ),
)
async def authorize(platform: Platform, body: AuthorizeIn, who: Admin, consents: Consents) -> Envelope[AuthorizeOut]:
    """Where to send a person who is to consent. They come back to `return_url` with `status` and, of a failure, why: at
    once where its origin is a frontend's or one of the client's `allowed_origins`, else by a page that names it."""
    url, expires_at = consents.authorize(who, platform, body.return_url, body.credentials)
    return ok(AuthorizeOut(url=url, expires_at=expires_at))


@router.get(
    "/integrations/{platform}/callback",
    response_class=RedirectResponse,
    **operation(
        "integrations.callback", limit=(120, MINUTE, "ip"), status=302, errors=(404, 409, 410), open_query=True
    ),
)
async def callback(platform: Platform, request: Request, consents: Consents) -> Response:
    """Where a platform sends people back to: the connection is made, and they go on to `return_url`. Where its origin
    is neither a frontend's nor one of the client's, a page names it first and lets them choose."""
    query = {name: value[:4096] for name, value in request.query_params.items()}
    returning = await consents.callback(platform, query, _acting)
    if is_trusted_destination(returning.url, returning.client_id):
        return RedirectResponse(returning.url, 302)
    return show_leaving(request, returning)


@router.get(
    "/integrations/{platform}",
    **operation(
        "integrations.get",
        alias_of="integrations.status",
        scope=Scope.INTEGRATIONS_READ,
        response_example=examples.CONNECTION,
        errors=_REFUSED,
    ),
)
@router.get(
    "/integrations/{platform}/status",
    **operation(
        "integrations.status",
        scope=Scope.INTEGRATIONS_READ,
        response_example=examples.CONNECTION,
        errors=_REFUSED,
    ),
)
async def get_status(platform: Platform, who: Viewer, integrations: Integrations) -> Envelope[ConnectionOut]:
    """How a connection is: its accounts, its last error, and how far each stream is read."""
    return ok(_shown(integrations.status(who.client_id, platform)))


@router.delete(
    "/integrations/{platform}",
    **operation(
        "integrations.disconnect", scope=Scope.INTEGRATIONS_WRITE, response_example={}, errors=(*_REFUSED, 412)
    ),
)
async def disconnect(
    platform: Platform,
    who: Admin,
    integrations: Integrations,
    purge: Annotated[bool, Query(description="Also delete what was read")] = False,
) -> Envelope[Empty]:
    """Access is given back and the credentials are deleted; what was read stays unless it is to be purged."""
    await integrations.disconnect(who, platform, purge=purge)
    return ok(Empty())


@router.post(
    "/integrations/{platform}/sync",
    **operation(
        "integrations.sync",
        scope=Scope.INTEGRATIONS_WRITE,
        limit=(240, HOUR, "user"),
        request_example=examples.START,
        response_example=examples.SYNC,
        status=202,
        errors=(*_REFUSED, 409),
    ),
)
async def start_sync(platform: Platform, who: Member, jobs: Jobs, body: SyncIn | None = None) -> Envelope[SyncOut]:
    """Read what is new, now. One at a time: 409 `SYNC_RUNNING` names the one that runs."""
    wish = body or SyncIn()
    sync = jobs.start(
        who.client_id,
        find_platform(platform),
        who.actor_id,
        streams=wish.streams,
        full_refresh=wish.full_refresh,
        since=wish.from_,
    )
    return accepted(sync_out(sync))


@router.get(
    "/integrations/{platform}/syncs",
    **operation("integrations.syncs", scope=Scope.INTEGRATIONS_READ, response_example=[examples.SYNC], errors=_REFUSED),
)
async def list_syncs(platform: Platform, who: Viewer, paging: NewestFirst, jobs: Jobs) -> Listed[SyncOut]:
    """All syncs of 90 days, newest first."""
    page = jobs.page(who.client_id, find_platform(platform), paging.limit, paging.position(who.client_id))
    return paging.answer(who.client_id, page.map(sync_out))


@router.get(
    "/integrations/{platform}/syncs/{sync_id}",
    **operation(
        "integrations.sync_status", scope=Scope.INTEGRATIONS_READ, response_example=examples.SYNC, errors=_REFUSED
    ),
)
async def get_sync(platform: Platform, sync_id: str, who: Viewer, jobs: Jobs) -> Envelope[SyncOut]:
    """One sync: how far it is, what it read, and why it failed."""
    return ok(sync_out(jobs.get(who.client_id, find_platform(platform), sync_id)))


@router.post(
    "/integrations/{platform}/syncs/{sync_id}/cancel",
    **operation(
        "integrations.cancel",
        scope=Scope.INTEGRATIONS_WRITE,
        response_example=examples.CANCELLED,
        errors=(*_REFUSED, 409),
    ),
)
async def cancel_sync(platform: Platform, sync_id: str, who: Member, jobs: Jobs) -> Envelope[SyncOut]:
    """Read no further. What was read stays."""
    return ok(sync_out(jobs.cancel(who.client_id, find_platform(platform), sync_id)))


def _shown(connection: Connection) -> ConnectionOut:
    return connection_out(connection, find_platform(connection.platform))


def _acting(consent: Consent) -> ClientContext:
    """Who began the authorization: its state says so, which nobody else knows. Raises Forbidden where they lost it."""
    if not standings().may(consent.actor_id, consent.client_id, Role.ADMIN, Scope.INTEGRATIONS_WRITE):
        raise Forbidden("Who began this authorization may connect nothing any more")
    return ClientContext(consent.client_id, consent.org_id, consent.actor_id, Role.ADMIN, timezone=consent.timezone)
