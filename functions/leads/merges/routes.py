"""The endpoints of merges, and their wiring."""

from functools import cache
from typing import Annotated, Any

from functions.leads.merges import examples
from functions.leads.merges.schemas import MergeIn, MergeOut, merge_out
from groundswell.http.app import create_router
from groundswell.http.envelope import Envelope, created, ok
from groundswell.http.operation import operation
from groundswell.http.principal import Editor, Viewer
from groundswell.http.provide import provide
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id
from groundswell.leads.adapter_merges import DynamoMergeStore
from groundswell.leads.merges import MergeService
from groundswell.tenancy.clients.model import Scope

router = create_router("Leads")
_CHANGES: dict[str, Any] = {"scope": Scope.LEADS_WRITE, "errors": (401, 403, 404, 409, 412)}


@cache
def merge_service() -> MergeService:
    return MergeService(DynamoMergeStore(), utc_now, new_id)


Merges = Annotated[MergeService, provide(merge_service)]


@router.post(
    "/leads/merge",
    **operation(
        "leads.merge",
        request_example=examples.MERGE,
        response_example=examples.MERGED,
        status=201,
        location="/leads/merges/{id}",
        **_CHANGES,
    ),
)
async def merge_leads(body: MergeIn, who: Editor, merges: Merges) -> Envelope[MergeOut]:
    """Two leads are one person. What the kept one says holds; the other one fills its gaps, its further addresses
    become aliases, and its tags, lists, interactions and timeline are added. A lead that was merged takes part in no
    other merge (409 `ALREADY_MERGED`)."""
    return created(merge_out(merges.merge(who, body.keep_id, body.other_id)))


@router.get(
    "/leads/merges/{merge_id}",
    **operation("leads.get_merge", scope=Scope.LEADS_READ, response_example=examples.MERGED, errors=(401, 403, 404)),
)
async def get_merge(merge_id: str, who: Viewer, merges: Merges) -> Envelope[MergeOut]:
    """One merge."""
    return ok(merge_out(merges.get(who.client_id, merge_id)))


@router.post(
    "/leads/merges/{merge_id}/undo",
    **operation("leads.undo_merge", response_example=examples.UNDONE, **_CHANGES),
)
async def undo_merge(merge_id: str, who: Editor, merges: Merges) -> Envelope[MergeOut]:
    """Both leads as they were, to the last field, with their own interactions and timelines. What somebody changed on
    the kept lead since stays. 409 where it went into another lead, or another lead has an identity of theirs by now."""
    return ok(merge_out(merges.undo(who, merge_id)))
