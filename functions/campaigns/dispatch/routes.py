"""The endpoints of campaigns that run."""

from typing import Annotated, Any, Literal

from fastapi import Depends, Query, Response

from functions.campaigns.dispatch import examples
from functions.campaigns.dispatch.files import Format, csv_file, everything
from functions.campaigns.dispatch.schemas import (
    CampaignPreviewIn,
    DeliveryOut,
    JobOut,
    RetryIn,
    StatsOut,
    TestIn,
    TestOut,
    delivery_out,
    job_out,
    stats_out,
)
from functions.campaigns.families import BROADCAST, CAMPAIGNS, EMAIL, OfPath, declare
from functions.campaigns.fields import PreviewOut, preview_out
from functions.campaigns.wiring import Campaigns, Control, Recipients, Reports
from groundswell.campaigns.ledger import State
from groundswell.campaigns.reporting import Record, Selected
from groundswell.http.app import create_router
from groundswell.http.envelope import Envelope, Listed, accepted, ok
from groundswell.http.operation import operation
from groundswell.http.paging import PageRequest, paging
from groundswell.http.principal import Editor, Viewer
from groundswell.http.ratelimit import HOUR
from groundswell.http.timestamps import From, To, range_of, timestamp_of
from groundswell.kernel.page import Page, Position
from groundswell.tenancy.clients.model import Scope

router = create_router("Campaigns")
_CHANGES: dict[str, Any] = {"scope": Scope.CAMPAIGNS_WRITE, "errors": (401, 403, 404, 409), "status": 202}
_READS: dict[str, Any] = {"scope": Scope.CAMPAIGNS_READ, "errors": (401, 403, 404)}


async def start_campaign(campaign_id: str, who: Editor, channel: OfPath, control: Control) -> Envelope[JobOut]:
    """Send it, at once or at `schedule.at`. A repeat is the same job.

    What is missing, and variables that the first hundred recipients have no value for, are named: 400
    `CAMPAIGN_INCOMPLETE`. Recipients count against a quota of 10,000 a day and user, and a run above it is refused.
    """
    started = control.start(who, campaign_id, channel)
    return accepted(job_out(started, control.warnings(started)))


declare(
    router,
    ("POST",),
    {CAMPAIGNS: "/{campaign_id}/send", EMAIL: "/{campaign_id}/send", BROADCAST: "/{campaign_id}/start"},
    start_campaign,
    "campaigns.start",
    response_example=examples.JOB,
    **{**_CHANGES, "errors": (401, 403, 404, 409, 429)},
)


@router.post(
    "/campaigns/{campaign_id}/pause", **operation("campaigns.pause", response_example=examples.PAUSED, **_CHANGES)
)
async def pause_campaign(campaign_id: str, who: Editor, control: Control) -> Envelope[JobOut]:
    """Nothing more leaves but what senders have in hand: ten messages each at most."""
    return accepted(job_out(control.pause(who, campaign_id)))


@router.post(
    "/campaigns/{campaign_id}/resume", **operation("campaigns.resume", response_example=examples.JOB, **_CHANGES)
)
async def resume_campaign(campaign_id: str, who: Editor, control: Control) -> Envelope[JobOut]:
    """Go on with those that wait. Nobody gets it twice."""
    return accepted(job_out(control.resume(who, campaign_id)))


@router.post(
    "/campaigns/{campaign_id}/cancel", **operation("campaigns.cancel", response_example=examples.CANCELLED, **_CHANGES)
)
async def cancel_campaign(campaign_id: str, who: Editor, control: Control) -> Envelope[JobOut]:
    """Those that wait do not get it any more: they are `suppressed`, by reason `cancelled`."""
    return accepted(job_out(control.cancel(who, campaign_id)))


@router.post(
    "/campaigns/{campaign_id}/retry-failed",
    **operation(
        "campaigns.retry_failed",
        request_example={"include_unknown": False},
        response_example=examples.RETRIED,
        **_CHANGES,
    ),
)
async def retry_failed(
    campaign_id: str, who: Editor, control: Control, body: RetryIn | None = None
) -> Envelope[JobOut]:
    """Try those that failed once more, and nobody else."""
    unknown = (body or RetryIn()).include_unknown
    return accepted(job_out(control.retry_failed(who, campaign_id, unknown=unknown)))


@router.post(
    "/campaigns/{campaign_id}/test",
    **operation(
        "campaigns.test",
        scope=Scope.CAMPAIGNS_WRITE,
        limit=(30, HOUR, "user"),
        request_example=examples.TEST,
        response_example=examples.TESTED,
        status=202,
        errors=(401, 403, 404),
    ),
)
async def test_campaign(campaign_id: str, body: TestIn, who: Editor, control: Control) -> Envelope[TestOut]:
    """Send it to yourself first. It counts nowhere."""
    control.test(who, campaign_id, body.to, body.lead_id, body.variant)
    return accepted(TestOut(to=list(body.to)))


@router.post(
    "/campaigns/{campaign_id}/preview",
    **operation(
        "campaigns.preview",
        request_example=examples.PREVIEW,
        response_example=examples.PREVIEWED,
        **_READS,
    ),
)
async def preview_campaign(
    campaign_id: str, who: Viewer, control: Control, leads: Recipients, body: CampaignPreviewIn | None = None
) -> Envelope[PreviewOut]:
    """What a lead would read, or anybody with these values. `warnings` are what keeps it from being started."""
    options = body or CampaignPreviewIn()
    values = {**(leads.values(who.client_id, options.lead_id) if options.lead_id else {}), **(options.data or {})}
    preview = control.preview(who.client_id, campaign_id, values=values, locale=options.locale, variant=options.variant)
    return ok(preview_out(preview))


async def campaign_stats(
    campaign_id: str,
    who: Viewer,
    channel: OfPath,
    campaigns: Campaigns,
    reports: Reports,
    interval: Literal["hour", "day"] | None = None,
) -> Envelope[StatsOut]:
    """Counted from the deliveries at every moment. With `interval` also by time: in which hour or day (UTC) each
    recipient came into their state, opened first and clicked first; of campaigns to 50,000 recipients at most."""
    campaign = campaigns.get(who.client_id, campaign_id, channel)
    return ok(stats_out(reports.stats(campaign), reports.series(campaign, interval) if interval else None))


declare(
    router,
    ("GET",),
    dict.fromkeys((CAMPAIGNS, EMAIL, BROADCAST), "/{campaign_id}/stats"),
    campaign_stats,
    "campaigns.stats",
    limit=(1000, HOUR, "user"),
    response_example=examples.STATS,
    **_READS,
)


async def _selected(
    who: Viewer,
    state: Annotated[list[State], Query(max_length=8)] = [],  # noqa: B006  # FastAPI's way to say optional
    lead_id: Annotated[str | None, Query(max_length=64)] = None,
    to: Annotated[str | None, Query(alias="recipient", max_length=320)] = None,
    start: From = None,
    end: To = None,
) -> Selected:
    since, until = (timestamp_of(bound) if bound is not None else None for bound in range_of(start, end, who.timezone))
    return Selected(tuple(state), lead_id, to, since, until)


Written = Annotated[PageRequest, paging(sorts=("id",))]
Wanted = Annotated[Selected, Depends(_selected)]


def _or_csv(described: dict[str, Any]) -> dict[str, Any]:
    described["openapi_extra"]["responses"]["200"]["content"]["text/csv"] = examples.LOG_CSV
    return described


@router.get(
    "/campaigns/{campaign_id}/deliveries",
    response_model=Listed[DeliveryOut],
    **_or_csv(operation("campaigns.deliveries", response_example=[examples.DELIVERY], **_READS)),
)
async def list_deliveries(
    campaign_id: str,
    who: Viewer,
    page: Written,
    wanted: Wanted,
    campaigns: Campaigns,
    reports: Reports,
    response: Response,
    format_: Format = "json",
) -> Any:
    """One record for each recipient. A page may be short where few are wanted, with a `next_cursor`. As CSV it is a
    file of 20,000 records at most from there on, and `Link` leads to the next."""
    campaign, position = campaigns.get(who.client_id, campaign_id), page.position(who.client_id)
    if format_ == "csv":
        rest = everything(lambda limit, at: reports.deliveries(campaign, wanted, limit, at), position)
        return csv_file(rest, page.answer(who.client_id, Page((), rest.next)), response)
    deliveries = reports.deliveries(campaign, wanted, page.limit, position)
    return page.answer(who.client_id, deliveries.map(delivery_out))


@router.get(
    "/campaigns/{campaign_id}/deliveries/{delivery_id}",
    **operation("campaigns.delivery", response_example=examples.DELIVERY, **_READS),
)
async def get_delivery(
    campaign_id: str, delivery_id: str, who: Viewer, campaigns: Campaigns, reports: Reports
) -> Envelope[DeliveryOut]:
    """One recipient's."""
    campaign = campaigns.get(who.client_id, campaign_id)
    return ok(delivery_out(reports.delivery(campaign, delivery_id)))


@router.get(
    "/broadcast/logs",
    response_model=Listed[DeliveryOut],
    **_or_csv(operation("campaigns.logs", response_example=[examples.DELIVERY], **_READS)),
)
async def list_logs(
    who: Viewer,
    page: Written,
    wanted: Wanted,
    campaigns: Campaigns,
    reports: Reports,
    response: Response,
    campaign_id: Annotated[str | None, Query(max_length=64)] = None,
    format_: Format = "json",
) -> Any:
    """Deliveries of one campaign, or of all, the newest campaign first; a page is of one campaign. As CSV like a
    campaign's deliveries."""
    position = page.position(who.client_id)
    campaign = campaigns.get(who.client_id, campaign_id) if campaign_id else None

    def read(limit: int, at: Position | None) -> Page[Record]:
        if campaign:
            return reports.deliveries(campaign, wanted, limit, at)
        return reports.log(who.client_id, wanted, limit, at)

    if format_ == "csv":
        rest = everything(read, position)
        return csv_file(rest, page.answer(who.client_id, Page((), rest.next)), response)
    return page.answer(who.client_id, read(page.limit, position).map(delivery_out))
