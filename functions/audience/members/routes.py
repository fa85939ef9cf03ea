"""The endpoints of members of lists."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

from functions.audience import examples
from functions.audience.members.schemas import AddedOut, MemberOut, MembersIn, member_out
from groundswell.access.model import ClientContext
from groundswell.audience.adapter_wiring import members
from groundswell.audience.members import MemberService
from groundswell.audience.model import MemberStatus
from groundswell.http.app import create_router
from groundswell.http.envelope import Empty, Envelope, Listed, ok, whole_list
from groundswell.http.operation import operation
from groundswell.http.paging import PageRequest, paging
from groundswell.http.principal import Editor, Viewer
from groundswell.http.provide import provide
from groundswell.kernel.errors import Invalid
from groundswell.leads.adapter_wiring import lead_capture
from groundswell.tenancy.clients.model import Scope

router = create_router("Audience")
Members = Annotated[MemberService, provide(members)]
_READS: dict[str, Any] = {"scope": Scope.LEADS_READ, "errors": (401, 403, 404)}
_CHANGES: dict[str, Any] = {"scope": Scope.LEADS_WRITE, "errors": (401, 403, 404)}
_HOUR = 3600
ByLead = Annotated[PageRequest, paging(sorts=("lead_id",))]


@router.post(
    "/audience/lists/{list_id}/members",
    **operation(
        "audience_members.add",
        limit=(1000, _HOUR, "user"),
        request_example=examples.MEMBERS_ADD,
        response_example=[examples.ADDED],
        **_CHANGES,
    ),
)
async def add_members(list_id: str, body: MembersIn, who: Editor, service: Members) -> Listed[AddedOut]:
    """Add up to 100 leads to a list, each on its own; adding one again changes nothing.

    On a double opt-in list they are `pending`, and a mail asks each to confirm, once a day at most. Who unsubscribed
    from the list stays so: only the person comes back. For editors.
    """
    service.page(who.client_id, list_id, None, 1, None)  # 404 before a lead is made
    return whole_list(list(_added(who, list_id, body, service)))


@router.get(
    "/audience/lists/{list_id}/members",
    **operation("audience_members.list", response_example=[examples.MEMBER], **_READS),
)
async def list_members(
    list_id: str, who: Viewer, page: ByLead, service: Members, status: MemberStatus | None = None
) -> Listed[MemberOut]:
    """Who is on a list, was, or is asked to confirm. A page may be short where leads were deleted."""
    member_page = service.page(who.client_id, list_id, status, page.limit, page.position(who.client_id))
    return page.answer(who.client_id, member_page.map(member_out))


@router.get(
    "/audience/lists/{list_id}/members/{lead_id}",
    **operation("audience_members.get", response_example=examples.MEMBER, **_READS),
)
async def get_member(list_id: str, lead_id: str, who: Viewer, service: Members) -> Envelope[MemberOut]:
    """What one lead is on a list."""
    return ok(member_out(service.get(who.client_id, list_id, lead_id)))


@router.post(
    "/audience/lists/{list_id}/members/{lead_id}/unsubscribe",
    **operation("audience_members.unsubscribe", response_example=examples.UNSUBSCRIBED, **_CHANGES),
)
async def unsubscribe_member(list_id: str, lead_id: str, who: Editor, service: Members) -> Envelope[MemberOut]:
    """Note that a person left the list. Nobody but they themselves brings them back. For editors."""
    service.unsubscribe(who.client_id, list_id, lead_id)
    return ok(member_out(service.get(who.client_id, list_id, lead_id)))


@router.delete(
    "/audience/lists/{list_id}/members/{lead_id}",
    **operation("audience_members.remove", response_example={}, **_CHANGES),
)
async def remove_member(list_id: str, lead_id: str, who: Editor, service: Members) -> Envelope[Empty]:
    """Take a lead off a list as if it had never been on it: it may be added again. For editors."""
    service.remove(who.client_id, list_id, lead_id)
    return ok(Empty())


def _added(who: ClientContext, list_id: str, body: MembersIn, service: MemberService) -> Iterator[AddedOut]:
    if body.lead_ids is not None:
        yield from _joined(who, list_id, [(lead_id, None) for lead_id in body.lead_ids], body.source, service)
        return
    for email in body.emails or ():
        try:
            lead = lead_capture().capture(who, {"email": email, "source": body.source})
        except Invalid:
            yield AddedOut(lead_id=None, email=email, status=None, error="INVALID_EMAIL")
            continue
        yield from _joined(who, list_id, [(lead.id, lead.email)], body.source, service)


def _joined(
    who: ClientContext, list_id: str, leads: Sequence[tuple[str, str | None]], source: str, service: MemberService
) -> Iterator[AddedOut]:
    emails = dict(leads)
    for result in service.add(who, list_id, list(emails), source=source):
        status = result.member.status if result.member else None
        yield AddedOut(lead_id=result.lead_id, email=emails[result.lead_id], status=status, error=result.error)
