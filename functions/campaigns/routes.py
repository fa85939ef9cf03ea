"""The endpoints of campaigns, before and after they run. How they run: `dispatch`; what they say: `templates`."""

from typing import Annotated, Any

from fastapi import Query, Response

from functions.campaigns import examples
from functions.campaigns.families import BROADCAST, CAMPAIGNS, EMAIL, OfPath, declare
from functions.campaigns.schemas import (
    CampaignChanges,
    CampaignHead,
    CampaignIn,
    CampaignOut,
    campaign_head,
)
from functions.campaigns.senders.routes import router as senders
from functions.campaigns.sequences.routes import router as sequences
from functions.campaigns.shown import tagged
from functions.campaigns.wiring import Approvals, Campaigns
from groundswell.campaigns.model import Channel, Status, Wanted
from groundswell.http.app import create_router
from groundswell.http.envelope import Counted, Empty, Envelope, created, ok
from groundswell.http.paging import NewestFirst
from groundswell.http.preconditions import IfMatch
from groundswell.http.principal import Admin, Editor, Viewer
from groundswell.http.ratelimit import DAY
from groundswell.kernel.errors import Invalid
from groundswell.tenancy.clients.model import Scope

router = create_router("Campaigns")
router.include_router(senders)
router.include_router(sequences)  # both before `/campaigns/{campaign_id}`, which would answer for it
router.include_late(
    "functions.campaigns.templates.routes",
    "functions.campaigns.dispatch.routes",
    "functions.campaigns.approvals.routes",
    "functions.campaigns.hooks.routes",
)
_READS: dict[str, Any] = {"scope": Scope.CAMPAIGNS_READ, "errors": (401, 403, 404)}


async def create_campaign(
    body: CampaignIn, who: Editor, channel: OfPath, response: Response, campaigns: Campaigns, approvals: Approvals
) -> Envelope[CampaignOut]:
    """Write a campaign down as a draft. Nothing is sent before it is started, and with an `approval` it cannot be
    started before others have approved it."""
    if channel and body.channel not in (None, channel):
        raise Invalid.on("channel", f"this path is for {channel}", "channel")
    values = body.values()
    approvals.check_people(who, values.get("approval"))
    made = campaigns.create(who, channel or body.channel or Channel.EMAIL, values)
    return created(tagged(made, response))


async def list_campaigns(
    who: Viewer,
    page: NewestFirst,
    of_path: OfPath,
    campaigns: Campaigns,
    status: Annotated[list[Status], Query(max_length=7)] = [],  # noqa: B006  # FastAPI's way to say optional
    channel: Annotated[list[Channel], Query(max_length=2)] = [],  # noqa: B006
    q: Annotated[str | None, Query(max_length=60, description="Part of the name")] = None,
) -> Counted[CampaignHead]:
    """Newest first, without their bodies. `meta.total` is exact for any channel and status, and null with `q`."""
    channels = (of_path.value,) if of_path else tuple(campaign_channel.value for campaign_channel in channel)
    wanted = Wanted(channels, tuple(campaign_status.value for campaign_status in status), q)
    listed = campaigns.page(who.client_id, wanted, page.limit, page.position(who.client_id))
    return page.answer_counted(who.client_id, listed.map(campaign_head))


async def get_campaign(
    campaign_id: str, who: Viewer, channel: OfPath, response: Response, campaigns: Campaigns
) -> Envelope[CampaignOut]:
    """One campaign. Its version is the ETag."""
    return ok(tagged(campaigns.whole(who.client_id, campaign_id, channel), response))


async def update_campaign(
    campaign_id: str,
    body: CampaignChanges,
    who: Editor,
    channel: OfPath,
    expected: IfMatch,
    response: Response,
    campaigns: Campaigns,
    approvals: Approvals,
) -> Envelope[CampaignOut]:
    """Change what is sent and keep the rest, while it is a draft or scheduled: 409 `CAMPAIGN_LOCKED` afterwards.

    What somebody has to approve waits for that again, and a scheduled one is a draft again.
    """
    values = body.values()
    approvals.check_people(who, values.get("approval"))
    return ok(tagged(campaigns.update(who, campaign_id, values, expected, channel), response))


async def delete_campaign(
    campaign_id: str, who: Admin, channel: OfPath, expected: IfMatch, campaigns: Campaigns
) -> Envelope[Empty]:
    """Delete a campaign with its deliveries. For admins. While it is sending or paused: 409 `CAMPAIGN_ACTIVE`."""
    campaigns.delete(who, campaign_id, expected, channel)
    return ok(Empty())


declare(
    router,
    ("POST",),
    dict.fromkeys((CAMPAIGNS, EMAIL, BROADCAST), ""),
    create_campaign,
    "campaigns.create",
    scope=Scope.CAMPAIGNS_WRITE,
    limit=(100, DAY, "user"),
    request_example=examples.CREATE,
    response_example=examples.CAMPAIGN,
    status=201,
    location="/{id}",
    errors=(401, 403, 404),
)
declare(
    router,
    ("GET",),
    dict.fromkeys((CAMPAIGNS, EMAIL), ""),
    list_campaigns,
    "campaigns.list",
    response_example=[examples.HEAD],
    counted=True,
    **_READS,
)
declare(
    router,
    ("GET",),
    dict.fromkeys((CAMPAIGNS, EMAIL, BROADCAST), "/{campaign_id}"),
    get_campaign,
    "campaigns.get",
    response_example=examples.CAMPAIGN,
    **_READS,
)
declare(
    router,
    ("PUT", "PATCH"),
    dict.fromkeys((CAMPAIGNS, EMAIL), "/{campaign_id}"),
    update_campaign,
    "campaigns.update",
    scope=Scope.CAMPAIGNS_WRITE,
    request_example=examples.UPDATE,
    response_example=examples.UPDATED,
    errors=(401, 403, 404, 409, 412),
)
declare(
    router,
    ("DELETE",),
    dict.fromkeys((CAMPAIGNS, EMAIL, BROADCAST), "/{campaign_id}"),
    delete_campaign,
    "campaigns.delete",
    scope=Scope.CAMPAIGNS_WRITE,
    response_example={},
    errors=(401, 403, 404, 409, 412),
)
