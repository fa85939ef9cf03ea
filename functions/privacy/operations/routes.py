"""The endpoint of operations."""

from functools import cache
from typing import Annotated

from functions.privacy import examples
from groundswell.http.app import create_router
from groundswell.http.envelope import Envelope, ok
from groundswell.http.operation import operation
from groundswell.http.principal import Member, Viewer
from groundswell.http.progress import OperationOut, operation_out
from groundswell.http.provide import provide
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id
from groundswell.operations.service import OperationService
from groundswell.operations.store import DynamoOperationStore
from groundswell.tenancy.clients.model import Scope

router = create_router("Privacy")


@cache
def operation_service() -> OperationService:
    return OperationService(DynamoOperationStore("privacy"), utc_now, new_id)


Operations = Annotated[OperationService, provide(operation_service)]


@router.get(
    "/operations/{operation_id}",
    **operation(
        "operations.get", scope=Scope.OPERATIONS_READ, response_example=examples.OPERATION, errors=(401, 403, 404)
    ),
)
async def get_operation(operation_id: str, who: Viewer, service: Operations) -> Envelope[OperationOut]:
    """How far it is, and what came of it: an erasure's result is its certificate. Kept for 400 days."""
    return ok(operation_out(service.get(who.client_id, operation_id)))


@router.post(
    "/operations/{operation_id}/cancel",
    **operation("operations.cancel", response_example=examples.CANCELLED, errors=(401, 403, 404, 409, 412)),
)
async def cancel_operation(operation_id: str, who: Member, service: Operations) -> Envelope[OperationOut]:
    """Stop it, if you asked for it or are an admin. What was done up to now stays done: an erasure that is cancelled
    has erased some, and who it is about stays suppressed. One that is over is refused: `OPERATION_OVER`."""
    return ok(operation_out(service.cancel(who, operation_id)))
