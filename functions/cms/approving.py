"""The endpoints of decisions on pages."""

from typing import Any

from fastapi import Response

from functions.cms import examples
from functions.cms.schemas import PageOut
from functions.cms.shown import tagged
from functions.cms.wiring import Approvals
from groundswell.approval.model import Verdict
from groundswell.http.app import create_router
from groundswell.http.approvals import ApproveRevisionIn, RefuseRevisionIn
from groundswell.http.envelope import Envelope, ok
from groundswell.http.operation import operation
from groundswell.http.principal import Member
from groundswell.tenancy.clients.model import Scope

router = create_router("Pages")
_PAGE = "/content/pages/{page_id}"
_DECIDES: dict[str, Any] = {"scope": Scope.CONTENT_WRITE, "errors": (401, 403, 404, 409)}


@router.post(
    f"{_PAGE}/approve",
    **operation("pages.approve", request_example=examples.APPROVE, response_example=examples.APPROVED, **_DECIDES),
)
async def approve_page(
    page_id: str, who: Member, response: Response, approvals: Approvals, body: ApproveRevisionIn | None = None
) -> Envelope[PageOut]:
    """Approve a revision, as one of its approvers: never one's own. The last approval publishes a page whose time to be
    published has come."""
    comment, revision = (body.comment, body.revision) if body else (None, None)
    return ok(tagged(approvals.decide(who, page_id, Verdict.APPROVE, comment, revision), response))


@router.post(
    f"{_PAGE}/reject",
    **operation("pages.reject", request_example=examples.REFUSE, response_example=examples.REJECTED, **_DECIDES),
)
async def reject_page(
    page_id: str, body: RefuseRevisionIn, who: Member, response: Response, approvals: Approvals
) -> Envelope[PageOut]:
    """Reject a revision, and say why: another revision begins a new review."""
    return ok(tagged(approvals.decide(who, page_id, Verdict.REJECT, body.reason, body.revision), response))


@router.post(
    f"{_PAGE}/request-changes",
    **operation(
        "pages.request_changes",
        request_example=examples.REFUSE,
        response_example=examples.CHANGES_REQUESTED,
        **_DECIDES,
    ),
)
async def request_changes_to_page(
    page_id: str, body: RefuseRevisionIn, who: Member, response: Response, approvals: Approvals
) -> Envelope[PageOut]:
    """Ask for another revision, and say what is to be different."""
    return ok(tagged(approvals.decide(who, page_id, Verdict.REQUEST_CHANGES, body.reason, body.revision), response))
