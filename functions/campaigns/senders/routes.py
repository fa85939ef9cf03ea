"""The endpoints of senders: a client's own addresses and providers."""

import os

from fastapi import Response

from functions.campaigns.senders import examples
from functions.campaigns.senders.schemas import SenderChange, SenderIn, SenderOut, sender_out
from functions.campaigns.wiring import OwnSenders
from groundswell.campaigns.hooks import PURPOSE
from groundswell.campaigns.model import From
from groundswell.campaigns.senders import SenderIdentity
from groundswell.http.app import create_router
from groundswell.http.envelope import Empty, Envelope, Listed, created, ok
from groundswell.http.operation import operation
from groundswell.http.paging import OldestFirst
from groundswell.http.preconditions import IfMatch, tag
from groundswell.http.principal import Admin, Viewer
from groundswell.kernel.clock import utc_now
from groundswell.links.adapter_wiring import links
from groundswell.tenancy.clients.model import Scope

router = create_router("Campaigns")
_PATH = "/campaigns/senders"


@router.post(
    _PATH,
    **operation(
        "senders.create",
        scope=Scope.CAMPAIGNS_WRITE,
        request_example=examples.CREATE,
        response_example=examples.SENDER,
        status=201,
        location=f"{_PATH}/{{id}}",
        errors=(401, 403, 404, 409),
    ),
)
async def create_sender(body: SenderIn, who: Admin, response: Response, senders: OwnSenders) -> Envelope[SenderOut]:
    """An address of your own, and who sends for it. The credentials are tried: 400 `CREDENTIALS_REJECTED` in the
    provider's words. Campaigns whose `from.email` this is go out by it."""
    sender = From(body.sender.name, body.sender.email)
    limits = body.limits.limits(utc_now()) if body.limits else None
    made = await senders.create(who, sender, body.provider, body.credentials.values(), limits)
    return created(_tagged(made, response))


@router.get(
    _PATH,
    **operation("senders.list", scope=Scope.CAMPAIGNS_READ, response_example=[examples.SENDER], errors=(401, 403, 404)),
)
async def list_senders(who: Viewer, page: OldestFirst, senders: OwnSenders) -> Listed[SenderOut]:
    """All of the client's: 20 at most."""
    return page.answer_whole(
        who.client_id, [sender_out(sender, _hook(sender)) for sender in senders.list(who.client_id)]
    )


@router.get(
    f"{_PATH}/{{sender_id}}",
    **operation("senders.get", scope=Scope.CAMPAIGNS_READ, response_example=examples.SENDER, errors=(401, 403, 404)),
)
async def get_sender(sender_id: str, who: Viewer, response: Response, senders: OwnSenders) -> Envelope[SenderOut]:
    """One sender, with the records that its domain needs in the DNS."""
    return ok(_tagged(senders.get(who.client_id, sender_id), response))


@router.update(
    f"{_PATH}/{{sender_id}}",
    **operation(
        "senders.update",
        scope=Scope.CAMPAIGNS_WRITE,
        request_example=examples.UPDATE,
        response_example=examples.UPDATED,
        errors=(401, 403, 404, 412),
    ),
)
async def update_sender(
    sender_id: str, body: SenderChange, who: Admin, expected: IfMatch, response: Response, senders: OwnSenders
) -> Envelope[SenderOut]:
    """Another name, other limits, or new credentials, which are tried. A change of limits is felt within seconds."""
    credentials = body.credentials.values() if body.credentials else None
    limits = body.limits.limits(utc_now()) if body.limits else None
    return ok(_tagged(await senders.change(who, sender_id, body.name, credentials, expected, limits), response))


@router.post(
    f"{_PATH}/{{sender_id}}/verify",
    **operation(
        "senders.verify", scope=Scope.CAMPAIGNS_WRITE, response_example=examples.SENDER, errors=(401, 403, 404)
    ),
)
async def verify_sender(sender_id: str, who: Admin, response: Response, senders: OwnSenders) -> Envelope[SenderOut]:
    """Ask the DNS again."""
    return ok(_tagged(await senders.verify(who, sender_id), response))


@router.delete(
    f"{_PATH}/{{sender_id}}",
    **operation("senders.delete", scope=Scope.CAMPAIGNS_WRITE, response_example={}, errors=(401, 403, 404, 409, 412)),
)
async def delete_sender(sender_id: str, who: Admin, expected: IfMatch, senders: OwnSenders) -> Envelope[Empty]:
    """While a campaign that is scheduled or under way sends by it: 409 `IN_USE` with its id."""
    senders.delete(who, sender_id, expected)
    return ok(Empty())


def _tagged(sender: SenderIdentity, response: Response) -> SenderOut:
    tag(response, sender.version)
    return sender_out(sender, _hook(sender))


def _hook(sender: SenderIdentity) -> str:
    token = links().sign(sender.client_id, PURPOSE, {"s": sender.id})
    return f"{os.environ['PUBLIC_URL'].rstrip('/')}/api/v1/hooks/{sender.provider}/{token}"
