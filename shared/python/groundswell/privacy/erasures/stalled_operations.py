"""Operations that nobody could finish, as an erasure sees them: what they know of the erased goes, and with it the way
to go on. See `events.erasure.erasable`. An erasure keeps whom it is about, or it could not be finished."""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from groundswell.audit.model import Entry
from groundswell.events.erasure.erasable import Portion
from groundswell.events.erasure.targets import Somebody, Target
from groundswell.operations.model import Operation

_KEPT = timedelta(days=400)
_EXEMPT = "erasure"
_REASON = "Somebody whom it was about was erased: ask again"


class Operations(Protocol):
    def since(self, client_id: str, time: datetime) -> Iterator[Operation]: ...

    def find(self, client_id: str, operation_id: str) -> Operation | None: ...

    def save(self, operation: Operation, entry: Entry | None) -> Operation:
        """Raises PreconditionFailed."""
        ...


class StalledOperations:
    """An operation's name is `<client>/<id>`."""

    certified_as = "operations"

    def __init__(self, operations: Operations, now: Callable[[], datetime]) -> None:
        self._operations = operations
        self._now = now

    def busy(self, client_id: str) -> bool:  # noqa: ARG002 - the port's
        return False

    def survey(self, client_id: str, target: Target, after: str) -> Portion | None:
        if after:
            return None
        stalled = [
            operation for operation in self._operations.since(client_id, self._now() - _KEPT) if operation.stalled
        ]
        concerned = _concerned(stalled, target)
        return Portion("~", len(stalled), tuple(f"{client_id}/{operation.id}" for operation in concerned))

    def clean(self, name: str, target: Target) -> bool:
        client_id, _, operation_id = name.partition("/")
        operation = self._operations.find(client_id, operation_id)
        if operation is not None and _concerned([operation], target):
            operation = self._operations.save(operation.failed(_REASON), None)
        return operation is None or not _concerned([operation], target)


def _concerned(operations: Sequence[Operation], target: Target) -> list[Operation]:
    if not isinstance(target, Somebody):
        return []
    return [
        operation
        for operation in operations
        if operation.stalled and operation.job != _EXEMPT and target.mentioned([json.dumps(dict(operation.state))], 0)
    ]
