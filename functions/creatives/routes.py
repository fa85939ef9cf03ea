"""The endpoints of creatives. The page for people without an account is in `functions/public/reviews`."""

from typing import Annotated, Any

from fastapi import Query, Response

from functions.creatives import examples
from functions.creatives.schemas import (
    ApproveIn,
    CreativeCreate,
    CreativeOut,
    CreativeUpdate,
    LogEntryOut,
    RejectIn,
    VersionOut,
    creative_out,
    version_out,
)
from functions.creatives.wiring import Creatives
from groundswell.approval.model import ApprovalStatus, Verdict
from groundswell.creatives.model import Creative, Filter
from groundswell.creatives.service import Ruling
from groundswell.http.app import create_router
from groundswell.http.envelope import Empty, Envelope, Listed, created, ok
from groundswell.http.operation import operation
from groundswell.http.paging import NewestFirst, PageRequest, whole
from groundswell.http.preconditions import IfMatch, tag
from groundswell.http.principal import Member, Viewer
from groundswell.http.ratelimit import HOUR
from groundswell.tenancy.clients.model import Scope

router = create_router("Creatives")
router.include_late("functions.creatives.discussion.routes")
_READS: dict[str, Any] = {"scope": Scope.CREATIVES_READ, "errors": (401, 403, 404)}
_WRITES: dict[str, Any] = {"scope": Scope.CREATIVES_WRITE, "errors": (401, 403, 404, 409, 412)}
_PATH = "/creative-submissions/{creative_id}"
Versions = Annotated[PageRequest, whole("creative_version")]
Log = Annotated[PageRequest, whole("number")]


@router.post(
    "/creative-submissions",
    **operation(
        "creatives.submit",
        limit=(500, HOUR, "user"),
        request_example=examples.SUBMIT,
        response_example=examples.CREATIVE,
        status=201,
        location="/creative-submissions/{id}",
        scope=Scope.CREATIVES_WRITE,
        errors=(401, 403, 404, 409),
    ),
)
async def submit_creative(
    body: CreativeCreate, who: Member, response: Response, creatives: Creatives
) -> Envelope[CreativeOut]:
    """Submit a creative for approval. `checks` say what the platform would refuse or cut, `task_id` is the task that
    asks for the review. Without `approval` one of the client's admins, or one person with a link, is enough."""
    return created(_tagged(creatives.submit(who, body.values()), response))


@router.get("/creative-submissions", **operation("creatives.list", response_example=[examples.CREATIVE], **_READS))
async def list_creatives(
    who: Viewer,
    page: NewestFirst,
    creatives: Creatives,
    status: Annotated[list[ApprovalStatus] | None, Query(max_length=4, description="Any of these")] = None,
    platform: Annotated[str | None, Query(max_length=50)] = None,
    submitted_by: Annotated[str | None, Query(max_length=64)] = None,
) -> Listed[CreativeOut]:
    """The client's creatives, newest first. A page may be short where few of many are wanted."""
    wanted = Filter(frozenset(status or ()), platform, submitted_by)
    creative_page = creatives.list(who.client_id, wanted, page.limit, page.position(who.client_id))
    return page.answer(who.client_id, creative_page.map(creative_out))


@router.get(_PATH, **operation("creatives.get", response_example=examples.CREATIVE, **_READS))
async def get_creative(
    creative_id: str, who: Viewer, response: Response, creatives: Creatives
) -> Envelope[CreativeOut]:
    """One creative with its decisions. The version is the ETag."""
    return ok(_tagged(creatives.get(who.client_id, creative_id), response))


@router.update(
    _PATH,
    **operation("creatives.update", request_example=examples.UPDATE, response_example=examples.UPDATED, **_WRITES),
)
async def update_creative(
    creative_id: str, body: CreativeUpdate, who: Member, expected: IfMatch, response: Response, creatives: Creatives
) -> Envelope[CreativeOut]:
    """Submit the next version, under review again: what was decided before stays in the log and counts no more. For
    whoever submitted it, and editors."""
    return ok(_tagged(creatives.update(who, creative_id, body.values(), expected), response))


@router.delete(_PATH, **operation("creatives.delete", response_example={}, **_WRITES))
async def delete_creative(creative_id: str, who: Member, expected: IfMatch, creatives: Creatives) -> Envelope[Empty]:
    """Delete a creative with all that was said of it. For whoever submitted it, and admins."""
    creatives.delete(who, creative_id, expected)
    return ok(Empty())


@router.post(
    _PATH + "/approve",
    **operation("creatives.approve", request_example=examples.APPROVE, response_example=examples.APPROVED, **_WRITES),
)
async def approve_creative(
    creative_id: str,
    who: Member,
    expected: IfMatch,
    response: Response,
    creatives: Creatives,
    body: ApproveIn | None = None,
) -> Envelope[CreativeOut]:
    """Approve the newest version: for the approvers of the open stage, or admins where it names none. Never one's own
    (403 `OWN_WORK`), nor an older version than the newest (409 `OLDER_VERSION`, or 412 by `If-Match`)."""
    ruling = Ruling(Verdict.APPROVE, body.comment if body else None, body.seen if body else None)
    return ok(_tagged(creatives.decide(who, creative_id, ruling, expected), response))


@router.post(
    _PATH + "/reject",
    **operation("creatives.reject", request_example=examples.REJECT, response_example=examples.REJECTED, **_WRITES),
)
async def reject_creative(
    creative_id: str, body: RejectIn, who: Member, expected: IfMatch, response: Response, creatives: Creatives
) -> Envelope[CreativeOut]:
    """Reject the newest version, and say why: its review is over."""
    ruling = Ruling(Verdict.REJECT, body.reason, body.seen)
    return ok(_tagged(creatives.decide(who, creative_id, ruling, expected), response))


@router.post(
    _PATH + "/request-changes",
    **operation(
        "creatives.request_changes",
        request_example=examples.CHANGES,
        response_example=examples.CHANGES_REQUESTED,
        **_WRITES,
    ),
)
async def request_changes(
    creative_id: str, body: RejectIn, who: Member, expected: IfMatch, response: Response, creatives: Creatives
) -> Envelope[CreativeOut]:
    """Ask for another version, and say what is to be different."""
    ruling = Ruling(Verdict.REQUEST_CHANGES, body.reason, body.seen)
    return ok(_tagged(creatives.decide(who, creative_id, ruling, expected), response))


@router.get(_PATH + "/versions", **operation("creatives.versions", response_example=[examples.VERSION], **_READS))
async def list_versions(creative_id: str, who: Viewer, page: Versions, creatives: Creatives) -> Listed[VersionOut]:
    """What was submitted, version by version."""
    return page.answer_in_order(who.client_id, map(version_out, creatives.versions(who.client_id, creative_id)))


@router.get(_PATH + "/decisions", **operation("creatives.log", response_example=[examples.LOG_ENTRY], **_READS))
async def list_decisions(creative_id: str, who: Viewer, page: Log, creatives: Creatives) -> Listed[LogEntryOut]:
    """The log of decisions on all versions. Nothing in it is ever changed: each entry is sealed with the one before."""
    return page.answer_in_order(
        who.client_id, map(LogEntryOut.model_validate, creatives.log(who.client_id, creative_id))
    )


def _tagged(creative: Creative, response: Response) -> CreativeOut:
    tag(response, creative.version)
    return creative_out(creative)
