"""The endpoints of exports. For people only: no API key takes a person's data away."""

from functools import cache
from typing import Annotated

from fastapi import Response

from functions.privacy.exports import examples
from functions.privacy.exports.schemas import ExportCreate, ExportOut, export_out
from functions.privacy.operations.routes import operation_service
from groundswell.audit.store import DynamoAuditStore
from groundswell.http.app import create_router
from groundswell.http.envelope import Envelope, Listed, accepted, ok
from groundswell.http.operation import operation
from groundswell.http.paging import NewestOnly
from groundswell.http.principal import Admin
from groundswell.http.progress import OperationOut, operation_out
from groundswell.http.provide import provide
from groundswell.kernel.clock import utc_now
from groundswell.privacy.exports.service import ExportService
from groundswell.privacy.exports.store import S3Files
from groundswell.storage.client import s3
from groundswell.storage.settings import bucket_name

router = create_router("Privacy")
_REFUSES = (401, 403, 404)


@cache
def export_service() -> ExportService:
    return ExportService(operation_service(), S3Files(s3(), bucket_name("exports")), DynamoAuditStore(), utc_now)


Exports = Annotated[ExportService, provide(export_service)]


@router.post(
    "/privacy/exports",
    **operation(
        "exports.start",
        limit=(60, 3600, "user"),
        request_example=examples.ASK,
        response_example=examples.REQUESTED,
        status=202,
        location="/privacy/exports/{id}",
        errors=_REFUSES,
    ),
)
async def start_export(who: Admin, body: ExportCreate, service: Exports) -> Envelope[OperationOut]:
    """Collect everything that is known of a person or a wallet: a ZIP of JSON lines, with a manifest of counts and
    SHA-256. It holds ids, profile, traits, every event in full, rejected events of the last seven days that name them,
    suppressions, cohorts, and proofs of wallets."""
    return accepted(operation_out(service.start(who, body.subject())))


@router.get("/privacy/exports", **operation("exports.list", response_example=[examples.FINISHED], errors=_REFUSES))
async def list_exports(who: Admin, paging: NewestOnly, service: Exports) -> Listed[OperationOut]:
    """Exports, newest first, without links. Kept for 400 days; they name nobody."""
    page = service.page(who.client_id, paging.limit, paging.position(who.client_id))
    return paging.answer(who.client_id, page.map(operation_out))


@router.get(
    "/privacy/exports/{export_id}",
    **operation("exports.get", response_example=examples.LINKED, errors=_REFUSES, shown_once=True),
)
async def get_export(export_id: str, who: Admin, service: Exports, response: Response) -> Envelope[ExportOut]:
    """How far it is; once it succeeded, a new link to the file that works for five minutes. That a link was given is
    in the audit log."""
    response.headers["cache-control"] = "no-store"
    return ok(export_out(*service.get(who, export_id)))
