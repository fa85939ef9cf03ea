"""The endpoints of cohorts, and their wiring."""

from collections.abc import Iterator
from functools import cache
from typing import Annotated, Any, Literal

from fastapi import Query, Response

from functions.analytics.cohorts import examples
from functions.analytics.cohorts.schemas import (
    CohortIn,
    CohortOut,
    CohortUpdate,
    ExportOut,
    MemberOut,
    TakingOut,
    cohort_out,
    taking_out,
)
from functions.analytics.exact import ExactResponse, ExactRoute, read
from groundswell.analytics.cohorts.model import Cohort
from groundswell.analytics.cohorts.service import CohortService
from groundswell.analytics.cohorts.store import DynamoCohortStore
from groundswell.events.eventlog.store import DynamoEventLog
from groundswell.http.app import create_router
from groundswell.http.envelope import Empty, Envelope, Listed, accepted, created, ok
from groundswell.http.location import described, filled
from groundswell.http.operation import operation
from groundswell.http.paging import OldestFirst, PageRequest, paging
from groundswell.http.preconditions import IfMatch, tag
from groundswell.http.principal import Editor, Viewer
from groundswell.http.provide import provide
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id
from groundswell.kernel.spreadsheet import table
from groundswell.operations.model import Operation
from groundswell.operations.service import OperationService
from groundswell.operations.store import DynamoOperationStore
from groundswell.storage.client import dynamodb
from groundswell.storage.settings import table_name
from groundswell.tenancy.clients.model import Scope

router = create_router("Product analytics", ExactRoute)
_REFUSES: dict[str, Any] = {"errors": (401, 403, 404)}
_CHANGES: dict[str, Any] = {"errors": (401, 403, 404, 409, 412)}


_OPERATION = "/operations/{id}"


def _or_later(options: dict[str, Any]) -> dict[str, Any]:
    """An operation that may have to wait for more events than one request may read."""
    example = accepted(examples.TAKING).model_dump()
    later = {
        "description": "Its members are taken by a worker: `Location` is the operation",
        "model": Envelope[TakingOut],
    }
    options["responses"][202] = later
    content = {"application/json": {"example": example}}
    options["openapi_extra"]["responses"]["202"] = {"content": content, "headers": described(_OPERATION)}
    return options


@cache
def cohorts() -> CohortService:
    events = DynamoEventLog(dynamodb(), table_name("events"))
    operations = OperationService(DynamoOperationStore("questions"), utc_now, new_id)
    return CohortService(events, DynamoCohortStore(), operations, utc_now, new_id)


Cohorts = Annotated[CohortService, provide(cohorts)]
MembersPage = Annotated[PageRequest, paging(1000, sorts=("person",))]


@router.post(
    "/analytics/cohorts",
    response_model=Envelope[CohortOut],
    **_or_later(
        operation(
            "cohorts.create",
            scope=Scope.ANALYTICS_WRITE,
            request_example=examples.CREATE,
            response_example=examples.COHORT,
            status=201,
            location="/analytics/cohorts/{id}",
            errors=(401, 403, 404, 409),
        )
    ),
)
async def create_cohort(body: CohortIn, who: Editor, response: Response, service: Cohorts) -> Any:
    """Define a cohort and take its members: a list that stays as it is until it is taken anew.

    Rules with `days` for all conditions read that far back; others read all events. `not` is about persons who were
    seen in that time. A cohort holds at most 100,000 persons: if more fit, it is refused (409), or the operation fails.

    Where more than a million events have to be read, a worker takes the members, and the answer is 202 with the
    operation: the cohort is there once that succeeded.
    """
    made = service.create(who, body.wanted())
    return _later(made) if isinstance(made, Operation) else created(_tagged(made, response))


@router.get(
    "/analytics/cohorts",
    **operation("cohorts.list", scope=Scope.ANALYTICS_READ, response_example=[examples.COHORT], **_REFUSES),
)
async def list_cohorts(who: Viewer, page: OldestFirst, service: Cohorts) -> Listed[CohortOut]:
    """Cohorts, oldest first."""
    cohort_page = service.list(who.client_id, page.limit, page.position(who.client_id))
    return page.answer(who.client_id, cohort_page.map(cohort_out))


@router.get(
    "/analytics/cohorts/{cohort_id}",
    **operation("cohorts.get", scope=Scope.ANALYTICS_READ, response_example=examples.COHORT, **_REFUSES),
)
async def get_cohort(cohort_id: str, who: Viewer, response: Response, service: Cohorts) -> Envelope[CohortOut]:
    """One cohort. The version is the ETag."""
    return ok(_tagged(service.get(who.client_id, cohort_id), response))


@router.update(
    "/analytics/cohorts/{cohort_id}",
    response_model=Envelope[CohortOut],
    **_or_later(
        operation(
            "cohorts.change",
            scope=Scope.ANALYTICS_WRITE,
            request_example=examples.CREATE,
            response_example=examples.COHORT,
            **_CHANGES,
        )
    ),
)
async def change_cohort(
    cohort_id: str, body: CohortUpdate, who: Editor, response: Response, expected: IfMatch, service: Cohorts
) -> Any:
    """Change a cohort, and take its members anew. What is absent stays; `rules` are replaced as a whole. Where a worker
    takes them (202), the cohort is as it was until that succeeded."""
    cohort = service.get(who.client_id, cohort_id)
    wanted = body.merged(read(cohort.definition)).wanted()
    version = cohort.version if expected is None else expected
    return _cohort_or_operation(service.change(who, cohort_id, wanted, version), response)


@router.post(
    "/analytics/cohorts/{cohort_id}/refresh",
    response_model=Envelope[CohortOut],
    **_or_later(
        operation("cohorts.refresh", scope=Scope.ANALYTICS_WRITE, response_example=examples.COHORT, **_CHANGES)
    ),
)
async def refresh_cohort(cohort_id: str, who: Editor, response: Response, service: Cohorts) -> Any:
    """Take its members as they are now. Where a worker takes them (202), the list is the old one until that
    succeeded."""
    cohort = service.get(who.client_id, cohort_id)
    wanted = CohortIn.model_validate(read(cohort.definition)).wanted()
    return _cohort_or_operation(service.refresh(who, cohort, wanted), response)


@router.delete(
    "/analytics/cohorts/{cohort_id}",
    **operation("cohorts.delete", scope=Scope.ANALYTICS_WRITE, response_example={}, **_REFUSES),
)
async def delete_cohort(cohort_id: str, who: Editor, service: Cohorts) -> Envelope[Empty]:
    """Delete a cohort and its list of members."""
    service.delete(who, cohort_id)
    return ok(Empty())


@router.get(
    "/analytics/cohorts/{cohort_id}/members",
    **operation("cohorts.members", scope=Scope.PEOPLE_READ, response_example=[examples.MEMBER], **_REFUSES),
)
async def list_cohort_members(cohort_id: str, who: Viewer, page: MembersPage, service: Cohorts) -> Listed[MemberOut]:
    """The persons in it, as they were when it was taken."""
    cohort = service.get(who.client_id, cohort_id)
    members = service.members(cohort, page.limit, page.position(who.client_id))
    return page.answer(who.client_id, members.map(lambda person: MemberOut(person=person)))


def _or_csv(described: dict[str, Any]) -> dict[str, Any]:
    described["openapi_extra"]["responses"]["200"]["content"]["text/csv"] = examples.EXPORT_CSV
    return described


@router.get(
    "/analytics/cohorts/{cohort_id}/export",
    response_model=Envelope[ExportOut],
    **_or_csv(operation("cohorts.export", scope=Scope.PEOPLE_READ, response_example=examples.EXPORT, **_REFUSES)),
)
async def export_cohort(
    cohort_id: str,
    who: Viewer,
    service: Cohorts,
    format_: Annotated[Literal["json", "csv"], Query(alias="format")] = "json",
) -> Any:
    """All members at once; as CSV, one person a line below the heading `person`, every cell quoted. There an id that a
    spreadsheet would take for a formula (`=`, `+`, `-`, `@`, tab or line break first) has an apostrophe in front; in
    JSON it has none.
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


def _cohort_or_operation(cohort: Cohort | Operation, response: Response) -> Any:
    return _later(cohort) if isinstance(cohort, Operation) else ok(_tagged(cohort, response))


def _later(taking: Operation) -> Response:
    body = accepted(taking_out(taking)).model_dump(mode="json")
    return ExactResponse(body, 202, headers={"location": filled(_OPERATION, {"id": taking.id})})


def _tagged(cohort: Cohort, response: Response) -> CohortOut:
    tag(response, cohort.version)
    return cohort_out(cohort)
