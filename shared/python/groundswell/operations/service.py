"""Looking operations up, and running them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from groundswell.access.model import Acting
from groundswell.audit.model import Entry
from groundswell.kernel.errors import Invalid, PreconditionFailed
from groundswell.operations.model import Operation, OperationNotFound


class OperationStore(Protocol):
    def find(self, client_id: str, operation_id: str) -> Operation | None: ...

    def start(self, operation: Operation, entry: Entry) -> None:
        """Write it, and tell the worker."""
        ...

    def save(self, operation: Operation, entry: Entry | None) -> Operation:
        """Raises PreconditionFailed if another worker wrote first."""
        ...


class Job(Protocol):
    def step(self, operation: Operation) -> Operation:
        """A bounded piece of the work, and the operation after it. Whoever dies in it, or before its result is saved,
        leaves it to be done again from the operation as it was. Raises Invalid where no repeat can help."""
        ...

    def outcome(self, operation: Operation) -> Mapping[str, str]:
        """What the audit log says of a finished one."""
        ...


class OperationService:
    def __init__(self, store: OperationStore, now: Callable[[], datetime], new_id: Callable[[], str]) -> None:
        self._store = store
        self._now = now
        self._new_id = new_id

    def get(self, client_id: str, operation_id: str) -> Operation:
        """Raises OperationNotFound."""
        found = self._store.find(client_id, operation_id)
        if found is None:
            raise OperationNotFound
        return found

    def start(self, who: Acting, job: str, state: Mapping[str, Any]) -> Operation:
        now = self._now()
        operation = Operation(self._new_id(), who.client_id, who.org_id, job, who.by, now, now, state=state)
        self._store.start(operation, _entry(operation, who.by, "requested", {}))
        return operation


class Runner:
    """What the worker does with an operation. Any number of workers may be told of the same one."""

    def __init__(self, store: OperationStore, jobs: Mapping[str, Job], now: Callable[[], datetime]) -> None:
        self._store = store
        self._jobs = jobs
        self._now = now

    def run(self, client_id: str, operation_id: str, in_time: Callable[[], bool]) -> int | None:
        """Go on with it until it is over (None), or in how many seconds somebody should go on.

        Whatever a step raises passes through: the operation is as its last step left it.
        """
        operation = self._store.find(client_id, operation_id)
        while operation is not None and not operation.over:
            wait = operation.waits(self._now())
            if wait or not in_time():
                return wait
            operation = self._advance(operation)
        return None

    def _advance(self, operation: Operation) -> Operation | None:
        job = self._jobs[operation.job]
        try:
            after = job.step(operation)
        except Invalid as error:
            after = operation.failed(error.text)
        after = replace(after, updated_at=self._now())
        entry = _entry(after, operation.by, after.status.value, job.outcome(after)) if after.over else None
        try:
            return self._store.save(after, entry)
        except PreconditionFailed:
            return None  # another worker has it


def _entry(operation: Operation, actor: str, what: str, details: Mapping[str, str]) -> Entry:
    action = f"{operation.job}.{what}"
    return Entry(
        operation.org_id, action, actor, f"operation:{operation.id}", {"client": operation.client_id, **details}
    )
