"""Wire shape of an operation that a worker carries out, as `GET /operations/{id}` answers it."""

from typing import Any

from groundswell.http.schema import Out, Time
from groundswell.operations.model import Operation, Status


class OperationOut(Out):
    """`progress` is in percent; `result` is there once it succeeded, `error` if it failed."""

    id: str
    job: str
    status: Status
    progress: int
    created_at: Time
    updated_at: Time
    result: dict[str, Any] | None
    error: str | None


def operation_out(operation: Operation) -> OperationOut:
    return OperationOut.model_validate(operation)
