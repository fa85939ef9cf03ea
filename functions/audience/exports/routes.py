"""The endpoints of exports, and of all files that links lead to."""

from typing import Annotated, Literal

from fastapi import Depends, Path, Query, Response
from starlette.responses import RedirectResponse

from functions.audience import examples
from groundswell.audience.adapter_wiring import operations, public_address
from groundswell.audience.exports.adapter_wiring import file_links
from groundswell.audience.exports.job import JOB, filter_state
from groundswell.audience.files import FileLinks
from groundswell.http.app import create_router
from groundswell.http.envelope import Envelope, accepted
from groundswell.http.operation import operation
from groundswell.http.principal import Editor
from groundswell.http.progress import OperationOut, operation_out
from groundswell.http.provide import provide
from groundswell.http.timestamps import RangeEnd
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ranges import FORMS, named_span, zone
from groundswell.leads.model import Filter, Status
from groundswell.operations.service import OperationService
from groundswell.tenancy.clients.model import Scope

router = create_router("Leads")
Operations = Annotated[OperationService, provide(operations)]
Files = Annotated[FileLinks, provide(file_links)]
Values = Annotated[list[Annotated[str, Query(max_length=200)]], Query(max_length=20)]
_HOUR = 3600


async def _filter(
    who: Editor,
    status: Annotated[list[Status], Query(max_length=5)] = [],  # noqa: B006  # FastAPI's way to say optional
    tag: Values = [],  # noqa: B006
    owner_id: Values = [],  # noqa: B006
    source: Values = [],  # noqa: B006
    list_id: Values = [],  # noqa: B006
    segment_id: Values = [],  # noqa: B006
    min_score: Annotated[float | None, Query(ge=0, le=1)] = None,
    created_from: Annotated[RangeEnd | None, Query(description=f"Inclusive: {FORMS}; in the client's zone")] = None,
    created_to: Annotated[RangeEnd | None, Query(description=f"Exclusive: {FORMS}; in the client's zone")] = None,
) -> Filter:
    created = named_span("created_from", created_from, "created_to", created_to, zone(who.timezone), utc_now())
    return Filter(
        statuses=tuple(lead_status.value for lead_status in status),
        tags=tuple(tag),
        owners=tuple(owner_id),
        sources=tuple(source),
        lists=tuple(list_id),
        segments=tuple(segment_id),
        min_score=min_score,
        created_from=created[0],
        created_to=created[1],
    )


@router.get(
    "/leads/export",
    **operation(
        "lead_exports.start",
        scope=Scope.LEADS_READ,
        limit=(60, _HOUR, "user"),
        response_example=examples.EXPORT_STARTED,
        status=202,
        location="/operations/{id}",
        errors=(401, 403, 404),
    ),
)
async def export_leads(
    who: Editor,
    service: Operations,
    wanted: Annotated[Filter, Depends(_filter)],
    format: Annotated[Literal["csv", "json"], Query()] = "csv",  # noqa: A002 - the parameter's own name
) -> Envelope[OperationOut]:
    """All leads, or those that a list with these filters shows, oldest first, as a file. The operation's `result` is
    `{rows, format, bytes, url, expires_at}`: whoever has `url` may fetch the file for seven days.

    JSON is an array of leads as `GET /leads/{id}` answers them. CSV has a column for each field, and for each
    `custom_fields.<name>`, `identities.external.<system>` and `consent.<channel>` that a lead has; an import takes it
    back. What a spreadsheet would compute has an apostrophe in front. For editors.
    """
    state = {"format": format, "filter": filter_state(wanted), "address": public_address()}
    return accepted(operation_out(service.start(who, JOB, state)))


@router.get(
    "/leads/files/{token}",
    response_class=RedirectResponse,
    **operation("lead_files.get", status=302, limit=(600, _HOUR, "ip"), errors=(404, 410)),
)
async def get_file(token: Annotated[str, Path(max_length=2000)], files: Files) -> Response:
    """Where the links of exports and imports lead: the file itself, for whoever has the link."""
    return RedirectResponse(files.open(token), 302, {"cache-control": "private, no-store"})
