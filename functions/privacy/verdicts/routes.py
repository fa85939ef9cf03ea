"""The endpoints of verdicts."""

from functools import cache
from typing import Annotated

from fastapi import Query

from functions.privacy import examples
from functions.privacy.verdicts.schemas import (
    OwnRejectedOut,
    RejectedOut,
    TalliedOut,
    own_rejected_out,
    rejected_out,
    tallied_out,
)
from groundswell.events.rejections.service import VerdictService
from groundswell.events.rejections.store import DynamoVerdicts
from groundswell.http.app import create_router
from groundswell.http.envelope import Listed
from groundswell.http.operation import operation
from groundswell.http.paging import PageRequest, paging
from groundswell.http.principal import Viewer
from groundswell.http.provide import provide
from groundswell.http.range import QueryRange
from groundswell.kernel.clock import utc_now
from groundswell.storage.client import dynamodb
from groundswell.storage.settings import table_name
from groundswell.tenancy.clients.model import Scope
from groundswell.tenancy.members.standing import KEY

router = create_router("Privacy")


@cache
def verdict_service() -> VerdictService:
    return VerdictService(DynamoVerdicts(dynamodb(), table_name("ephemeral")), utc_now)


Verdicts = Annotated[VerdictService, provide(verdict_service)]
Newest = Annotated[PageRequest, paging(sorts=("-received_at",))]
Hours = Annotated[PageRequest, paging(1000, 1000, sorts=("-hour", "hour"))]
Code = Annotated[str | None, Query(max_length=64, description="Only this reason")]


@router.get(
    "/analytics/rejections",
    **operation(
        "rejections.list", scope=Scope.EVENTS_READ, response_example=[examples.REJECTED], errors=(401, 403, 404)
    ),
)
async def list_rejections(
    who: Viewer, paging: Newest, verdicts: Verdicts, time_range: QueryRange, code: Code = None
) -> Listed[RejectedOut]:
    """Events that were turned away in the last seven days, and why, newest batch first.

    `from` and `to` are times of receipt. A page may be short, with more to come, where few of very many match.
    """
    position = paging.position(who.client_id)
    page = verdicts.rejected(who.client_id, time_range.start, time_range.end, code, paging.limit, position)
    return paging.answer(who.client_id, page.map(rejected_out))


@router.get(
    "/analytics/rejections/own",
    **operation(
        "rejections.own", scope=Scope.EVENTS_WRITE, response_example=[examples.OWN_REJECTED], errors=(401, 403, 404)
    ),
)
async def list_own_rejections(
    who: Viewer, paging: Newest, verdicts: Verdicts, time_range: QueryRange, code: Code = None
) -> Listed[OwnRejectedOut]:
    """What was turned away of the events that came with the API key that asks, newest batch first.

    For whoever can send and not read: without what the events said. People see all of it at `/analytics/rejections`.
    """
    position = paging.position(who.client_id)
    key_id = who.actor_id.removeprefix(KEY)
    page = verdicts.rejected(who.client_id, time_range.start, time_range.end, code, paging.limit, position, key_id)
    return paging.answer(who.client_id, page.map(own_rejected_out))


@router.get(
    "/analytics/rejections/summary",
    **operation(
        "rejections.summary", scope=Scope.EVENTS_READ, response_example=[examples.TALLIED], errors=(401, 403, 404)
    ),
)
async def summarize_rejections(
    who: Viewer, page: Hours, verdicts: Verdicts, time_range: QueryRange
) -> Listed[TalliedOut]:
    """How many events were turned away in the last seven days, by hour and reason, newest hour first."""
    tallies = verdicts.summary(who.client_id, time_range.start, time_range.end)
    return page.answer_in_order(who.client_id, [tallied_out(tally) for tally in tallies])
