"""The endpoints of imports."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import Request, Response

from functions.audience import examples
from functions.audience.imports.schemas import AnnouncedOut, AnnounceIn, StartIn, UploadOut
from functions.audience.imports.sent import ImportQuery, read_file
from groundswell.audience.imports.adapter_wiring import imports
from groundswell.audience.imports.service import ImportService
from groundswell.http.app import create_router
from groundswell.http.envelope import Envelope, accepted, created
from groundswell.http.location import described, filled
from groundswell.http.multipart import MULTIPART
from groundswell.http.operation import operation
from groundswell.http.principal import Editor
from groundswell.http.progress import OperationOut, operation_out
from groundswell.http.provide import provide
from groundswell.tenancy.clients.model import Scope

router = create_router("Leads")
Imports = Annotated[ImportService, provide(imports)]
_HOUR = 3600
_PLACE = "/operations/{id}"
_FORM: dict[str, Any] = {
    "type": "object",
    "required": ["file"],
    "properties": {"file": {"type": "string", "format": "binary"}},
}


def _both_ways(options: dict[str, Any]) -> dict[str, Any]:
    """The body is read by hand, so it is described by hand: a form with the file, or its announcement."""
    content = options["openapi_extra"]["requestBody"]["content"]
    content["application/json"]["schema"] = AnnounceIn.model_json_schema()
    content[MULTIPART] = {"schema": _FORM, "example": examples.IMPORT_FORM}
    options["openapi_extra"]["requestBody"]["required"] = True
    started = {
        "content": {"application/json": {"example": accepted(examples.IMPORT_STARTED).model_dump()}},
        "headers": described(_PLACE),
    }
    options["responses"][202] = {"description": "A worker imports the file", "model": Envelope[OperationOut]}
    options["openapi_extra"]["responses"]["202"] = started
    return options


@router.post(
    "/leads/import",
    response_model=Envelope[AnnouncedOut | OperationOut],
    **_both_ways(
        operation(
            "lead_imports.create",
            scope=Scope.LEADS_WRITE,
            limit=(60, _HOUR, "user"),
            request_example=examples.IMPORT,
            response_example=examples.ANNOUNCED,
            status=201,
            errors=(401, 403, 404, 413, 415),
        )
    ),
)
async def import_leads(
    request: Request, response: Response, who: Editor, service: Imports, options: ImportQuery
) -> Any:
    """Import leads from a CSV file: as `file` of a form (4 MB at most), and the answer is 202 with the operation. Or
    announce a larger one (`{"upload": true}`, 200 MB and 500,000 rows at most): post it to `upload.url`, and call
    `POST /leads/import/{id}/start`.

    Commas, semicolons, tabs and bars; UTF-8, UTF-16 and Windows-1252, with or without a byte order mark; line breaks in
    quotation marks. `mapping=auto` takes known titles in many spellings for fields, a column that tells rows apart
    (`Prospect ID`) for `identities.external.<title>`, and every other one for a custom field of its exact title.

    The operation's `result` is `{rows, created, updated, skipped, failed, errors: [{row, line, field, message}],
    errors_url, mapping}`: rows count from 1 below the header, the first 1,000 errors are shown and `errors_url` has all
    of them. A row whose lead is there already, or earlier in the file, is `updated`; one that names identities of
    several leads fails; one that says nothing is skipped. Webhooks do not hear of imported leads. For editors.
    """
    data = await read_file(request)
    if data is None:
        announced = service.announce(who)
        upload = UploadOut(url=announced.url, fields=dict(announced.fields), expires_at=announced.expires_at)
        return created(AnnouncedOut(id=announced.id, upload=upload))
    return _started(service.take(who, data, options), response)


@router.post(
    "/leads/import/{import_id}/start",
    **operation(
        "lead_imports.start",
        scope=Scope.LEADS_WRITE,
        limit=(60, _HOUR, "user"),
        request_example=examples.IMPORT_START,
        response_example=examples.IMPORT_STARTED,
        status=202,
        location=_PLACE,
        errors=(401, 403, 404, 409),
    ),
)
async def start_import(
    import_id: str, who: Editor, response: Response, service: Imports, options: ImportQuery, body: StartIn | None = None
) -> Envelope[OperationOut]:
    """Import a file that was uploaded. Again, it is the same operation. `mapping` and `dry_run` are in the body or the
    query. For editors."""
    overrides = body.model_dump(include={"mapping", "dry_run"}, exclude_none=True) if body else {}
    return _started(service.start(who, import_id, replace(options, **overrides)), response)


def _started(operation_: Any, response: Response) -> Envelope[OperationOut]:
    response.status_code = 202
    response.headers["location"] = filled(_PLACE, {"id": operation_.id})
    return accepted(operation_out(operation_))
