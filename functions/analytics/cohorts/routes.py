"""The endpoints of cohorts, and their wiring."""

from collections.abc import Iterator
from functools import cache
from typing import Annotated, Any, Literal

from fastapi import Query, Response

from functions.analytics.cohorts import examples
from functions.analytics.cohorts.schemas import CohortIn, CohortOut, ExportOut, MemberOut, cohort_out
from functions.analytics.exact import ExactRoute, read
from groundswell.clients.model import Scope
from groundswell.cohorts.model import Cohort
from groundswell.cohorts.service import CohortService
from groundswell.cohorts.store import DynamoCohortStore
from groundswell.eventlog.store import DynamoEventLog
from groundswell.http.app import create_router
from groundswell.http.envelope import Empty, Envelope, Listed, created, ok
from groundswell.http.given import given
from groundswell.http.operation import operation
from groundswell.http.paging import PageRequest, Paging, paging
from groundswell.http.preconditions import IfMatch, tag
from groundswell.http.principal import Editor, Viewer
from groundswell.http.spreadsheet import table
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id
from groundswell.storage.client import dynamodb
from groundswell.storage.settings import table_name

router = create_router("Product analytics", ExactRoute)
_REFUSES: dict[str, Any] = {"refuses": (401, 403, 404)}
_CHANGES: dict[str, Any] = {"refuses": (401, 403, 404, 409, 412)}


@cache
def cohorts() -> CohortService:
    return CohortService(DynamoEventLog(dynamodb(), table_name("events")), DynamoCohortStore(), utc_now, new_id)


Cohorts = Annotated[CohortService, given(cohorts)]
MembersPage = Annotated[PageRequest, paging(at_most=1000)]


@router.post(
    "/analytics/cohorts",
    **operation(
        "cohorts.create",
        scope=Scope.ANALYTICS_WRITE,
        takes=examples.CREATE,
        gives=examples.COHORT,
        status=201,
        found_at="/analytics/cohorts/{id}",
        refuses=(401, 403, 404, 409),
    ),
)
async def create_cohort(body: CohortIn, who: Editor, response: Response, service: Cohorts) -> Envelope[CohortOut]:
    """Define a cohort and take its members: a list that stays as it is until it is taken anew.

    Rules with `days` for all conditions read that far back; others read all events. `not` is about persons who were
    seen in that time.
    """
    return created(_tagged(service.create(who, body.wanted()), response))


@router.get(
    "/analytics/cohorts", **operation("cohorts.list", scope=Scope.ANALYTICS_READ, gives=[examples.COHORT], **_REFUSES)
)
async def list_cohorts(who: Viewer, page: Paging, service: Cohorts) -> Listed[CohortOut]:
    """Cohorts, oldest first."""
    found = service.list(who.client_id, page.limit, page.position(who.client_id))
    return page.answer(who.client_id, found.map(cohort_out))


@router.get(
    "/analytics/cohorts/{cohort_id}",
    **operation("cohorts.get", scope=Scope.ANALYTICS_READ, gives=examples.COHORT, **_REFUSES),
)
async def get_cohort(cohort_id: str, who: Viewer, response: Response, service: Cohorts) -> Envelope[CohortOut]:
    """One cohort. The version is the ETag."""
    return ok(_tagged(service.get(who.client_id, cohort_id), response))


@router.put(
    "/analytics/cohorts/{cohort_id}",
    **operation(
        "cohorts.change", scope=Scope.ANALYTICS_WRITE, takes=examples.CREATE, gives=examples.COHORT, **_CHANGES
    ),
)
async def change_cohort(
    cohort_id: str, body: CohortIn, who: Editor, response: Response, expected: IfMatch, service: Cohorts
) -> Envelope[CohortOut]:
    """Define it anew, and take its members anew."""
    return ok(_tagged(service.change(who, cohort_id, body.wanted(), expected), response))


@router.post(
    "/analytics/cohorts/{cohort_id}/refresh",
    **operation("cohorts.refresh", scope=Scope.ANALYTICS_WRITE, gives=examples.COHORT, **_CHANGES),
)
async def refresh_cohort(cohort_id: str, who: Editor, response: Response, service: Cohorts) -> Envelope[CohortOut]:
    """Take its members as they are now."""
    cohort = service.get(who.client_id, cohort_id)
    definition = CohortIn.model_validate(read(cohort.definition)).definition()
    return ok(_tagged(service.refresh(who, cohort, definition), response))


@router.delete(
    "/analytics/cohorts/{cohort_id}", **operation("cohorts.delete", scope=Scope.ANALYTICS_WRITE, gives={}, **_REFUSES)
)
async def delete_cohort(cohort_id: str, who: Editor, service: Cohorts) -> Envelope[Empty]:
    """Delete a cohort and its list of members."""
    service.delete(who, cohort_id)
    return ok(Empty())


@router.get(
    "/analytics/cohorts/{cohort_id}/members",
    **operation("cohorts.members", scope=Scope.PEOPLE_READ, gives=[examples.MEMBER], **_REFUSES),
)
async def list_cohort_members(cohort_id: str, who: Viewer, page: MembersPage, service: Cohorts) -> Listed[MemberOut]:
    """The persons in it, as they were when it was taken."""
    cohort = service.get(who.client_id, cohort_id)
    found = service.members(cohort, page.limit, page.position(who.client_id))
    return page.answer(who.client_id, found.map(lambda person: MemberOut(person=person)))


def _or_csv(described: dict[str, Any]) -> dict[str, Any]:
    described["openapi_extra"]["responses"]["200"]["content"]["text/csv"] = examples.EXPORT_CSV
    return described


@router.get(
    "/analytics/cohorts/{cohort_id}/export",
    response_model=Envelope[ExportOut],
    **_or_csv(operation("cohorts.export", scope=Scope.PEOPLE_READ, gives=examples.EXPORT, **_REFUSES)),
)
async def export_cohort(
    cohort_id: str,
    who: Viewer,
    service: Cohorts,
    format_: Annotated[Literal["json", "csv"], Query(alias="format")] = "json",
) -> Any:
    """All members at once; as CSV, one person a line below the heading `person`. There an id that a spreadsheet would
    take for a formula (`=`, `+`, `-`, `@`, tab or line break first) has an apostrophe in front; in JSON it has none.
    """
    cohort = service.get(who.client_id, cohort_id)
    persons = list(_everybody(service, cohort))
    if format_ == "json":
        return ok(ExportOut(taken_at=cohort.taken_at, size=cohort.size, persons=persons))
    text = table([("person",), *((person,) for person in persons)])
    named = {"content-disposition": f'attachment; filename="cohort-{cohort.id}.csv"'}
    return Response(text, media_type="text/csv; charset=utf-8", headers=named)


def _everybody(service: CohortService, cohort: Cohort) -> Iterator[str]:
    page = service.members(cohort, cohort.size or 1, None)
    yield from page.items


def _tagged(cohort: Cohort, response: Response) -> CohortOut:
    tag(response, cohort.version)
    return cohort_out(cohort)
