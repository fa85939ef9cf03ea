"""The endpoint of the audit log."""

from functools import cache
from typing import Annotated

from fastapi import Depends, Query

from functions.admin import examples
from functions.admin.audit.schemas import EntryOut
from groundswell.audit.model import PLATFORM, Search
from groundswell.audit.store import DynamoAuditStore
from groundswell.http.app import create_router
from groundswell.http.envelope import Listed
from groundswell.http.operation import operation
from groundswell.http.paging import NewestOnly
from groundswell.http.principal import Operator, OrgAdmin
from groundswell.http.provide import provide
from groundswell.http.timestamps import From, To, range_of, timestamp_of

router = create_router("Admin")


@cache
def audit_log() -> DynamoAuditStore:
    return DynamoAuditStore()


Audit = Annotated[DynamoAuditStore, provide(audit_log)]


async def _search(
    action: Annotated[str | None, Query(max_length=100, description="The beginning: `user.` or `user.created`")] = None,
    actor: Annotated[str | None, Query(max_length=100, description="A user id, `key:<id>`, `system`")] = None,
    target: Annotated[str | None, Query(max_length=200, description="`user:<id>`, `client:<id>` …")] = None,
    start: From = None,
    end: To = None,
) -> Search:
    since, until = (None if time is None else timestamp_of(time) for time in range_of(start, end))
    return Search(action, actor, target, since, until)


SearchQuery = Annotated[Search, Depends(_search)]


@router.get("/admin/audit", **operation("admin.audit.list", response_example=[examples.ENTRY], errors=(401, 403)))
async def list_entries(who: OrgAdmin, search: SearchQuery, paging: NewestOnly, audit: Audit) -> Listed[EntryOut]:
    """Every authentication and permission event of the organization, newest first, kept for 400 days.

    A rare find may leave a page short, or empty, with more to come.
    """
    page = audit.search(who.org_id, search, paging.limit, paging.position(who.org_id))
    return paging.answer(who.org_id, page.map(EntryOut.model_validate))


@router.get(
    "/admin/audit/platform", **operation("admin.audit.platform", response_example=[examples.ENTRY], errors=(401, 403))
)
async def list_platform_entries(
    who: Operator,  # noqa: ARG001
    search: SearchQuery,
    paging: NewestOnly,
    audit: Audit,
) -> Listed[EntryOut]:
    """What concerns no organization: operators' acts, and sign-ins to addresses without an account."""
    page = audit.search(PLATFORM, search, paging.limit, paging.position(PLATFORM))
    return paging.answer(PLATFORM, page.map(EntryOut.model_validate))
