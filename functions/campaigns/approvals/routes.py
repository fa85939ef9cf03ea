"""The endpoints of decisions on campaigns."""

from typing import Any

from fastapi import Response

from functions.campaigns import examples
from functions.campaigns.schemas import CampaignOut
from functions.campaigns.shown import tagged
from functions.campaigns.wiring import Approvals
from groundswell.approval.model import Verdict
from groundswell.http.app import create_router
from groundswell.http.approvals import ApproveRevisionIn, RefuseRevisionIn
from groundswell.http.envelope import Envelope, ok
from groundswell.http.operation import operation
from groundswell.http.principal import Member
from groundswell.tenancy.clients.model import Scope

router = create_router("Campaigns")
_CAMPAIGN = "/campaigns/{campaign_id}"
_DECIDES: dict[str, Any] = {"scope": Scope.CAMPAIGNS_WRITE, "errors": (401, 403, 404, 409)}


@router.post(
    f"{_CAMPAIGN}/approve",
    **operation("campaigns.approve", request_example=examples.APPROVE, response_example=examples.APPROVED, **_DECIDES),
)
async def approve_campaign(
    campaign_id: str, who: Member, response: Response, approvals: Approvals, body: ApproveRevisionIn | None = None
) -> Envelope[CampaignOut]:
    """Approve a revision, as one of its approvers: never one's own. Then it can be started."""
    comment, revision = (body.comment, body.revision) if body else (None, None)
    return ok(tagged(approvals.decide(who, campaign_id, Verdict.APPROVE, comment, revision), response))


@router.post(
    f"{_CAMPAIGN}/reject",
    **operation("campaigns.reject", request_example=examples.REFUSE, response_example=examples.REJECTED, **_DECIDES),
)
async def reject_campaign(
    campaign_id: str, body: RefuseRevisionIn, who: Member, response: Response, approvals: Approvals
) -> Envelope[CampaignOut]:
    """Reject a revision, and say why: another revision begins a new review."""
    return ok(tagged(approvals.decide(who, campaign_id, Verdict.REJECT, body.reason, body.revision), response))


@router.post(
    f"{_CAMPAIGN}/request-changes",
    **operation(
        "campaigns.request_changes",
        request_example=examples.REFUSE,
        response_example=examples.CHANGES_REQUESTED,
        **_DECIDES,
    ),
)
async def request_changes_to_campaign(
    campaign_id: str, body: RefuseRevisionIn, who: Member, response: Response, approvals: Approvals
) -> Envelope[CampaignOut]:
    """Ask for another revision, and say what is to be different."""
    return ok(tagged(approvals.decide(who, campaign_id, Verdict.REQUEST_CHANGES, body.reason, body.revision), response))
