"""Looking operations up, and running them."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from groundswell.access.model import ClientContext, Role
from groundswell.audit.model import Entry
from groundswell.kernel.errors import DomainError, Invalid, PreconditionFailed
from groundswell.kernel.page import Page, Position
from groundswell.operations.model import Operation, OperationNotFound, Status


class OperationStore(Protocol):
    def find(self, client_id: str, operation_id: str) -> Operation | None: ...

    def page(self, client_id: str, job: str, limit: int, position: Position | None) -> Page[Operation]:
        """Of that job, newest first. A page may be short, with more to come, where few of very many are of it."""
        ...

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
        operation = self._store.find(client_id, operation_id)
        if operation is None:
            raise OperationNotFound
        return operation

    def page(self, client_id: str, job: str, limit: int, position: Position | None) -> Page[Operation]:
        """Of that job, newest first. A page may be short, with more to come, where few of very many are of it."""
        return self._store.page(client_id, job, limit, position)

    def start(
        self, who: ClientContext, job: str, state: Mapping[str, Any], operation_id: str | None = None
    ) -> Operation:
        """With an id of the caller's own, which is started once. Raises PreconditionFailed for one that was."""
        now, its_id = self._now(), operation_id or self._new_id()
        operation = Operation(its_id, who.client_id, who.org_id, job, who.actor_id, now, now, state=state)
        self._store.start(operation, _entry(operation, who.actor_id, "requested", {}))
        return operation

    def cancel(self, who: ClientContext, operation_id: str) -> Operation:
        """Nobody goes on with it; what its steps did stays done. A repeat changes nothing.

        Whoever asked for it may, and every admin of the client. Raises OperationNotFound, Forbidden, OperationOver.
        """
        for _ in range(_TRIES):
            operation = self.get(who.client_id, operation_id)
            if operation.by != who.actor_id:
                who.need(Role.ADMIN)
            if operation.status is Status.CANCELLED:
                return operation
            after = replace(operation.cancelled(), updated_at=self._now())
            with suppress(PreconditionFailed):  # a worker took a step meanwhile
                return self._store.save(after, _entry(after, who.actor_id, "cancelled", {}))
        raise PreconditionFailed


_TRIES = 5
"""Against a worker that saves a step whenever somebody looks."""
_GOES_ON = "It goes on where it stopped when its dead letter is replayed"
_SILENT = f"The last attempt ended without a word. {_GOES_ON}"


class Runner:
    """What the worker does with an operation. Any number of workers may be told of the same one."""

    def __init__(self, store: OperationStore, jobs: Mapping[str, Job], now: Callable[[], datetime]) -> None:
        self._store = store
        self._jobs = jobs
        self._now = now

    def run(
        self, client_id: str, operation_id: str, has_time_left: Callable[[], bool], *, last: bool = False
    ) -> int | None:
        """Go on with it until it is over (None), or in how many seconds somebody should go on.

        Whatever a step raises passes through: the operation is as its last step left it. With `last`, nobody comes
        after a failure, so that it has failed until this attempt is done; told of it again, a worker goes on with it.
        """
        operation = self._store.find(client_id, operation_id)
        if operation is None or operation.over:
            return None
        if not last:
            return self._go_on(operation, has_time_left, lambda current: current)[1]
        return self._for_the_last_time(operation, has_time_left)

    def give_up(self, client_id: str, operation_id: str, reason: str) -> None:
        """It has failed, unless it is over, and goes on when a worker is told of it again."""
        operation = self._store.find(client_id, operation_id)
        if operation is not None and not operation.over:
            self._keep(operation.given_up(f"{reason}. {_GOES_ON}"))

    def _for_the_last_time(self, operation: Operation, has_time_left: Callable[[], bool]) -> int | None:
        """It says that it failed before anything is tried: a worker that is killed says nothing afterwards."""
        begun = self._keep(operation.given_up(_SILENT))
        if begun is None:
            return None
        with _Reasons(lambda error: self.give_up(operation.client_id, operation.id, _reason(error))):
            reached, wait = self._go_on(begun, has_time_left, lambda current: current.given_up(_SILENT))
        if reached is not None and wait is not None:
            self._keep(reached.going_on())
        return wait

    def _go_on(
        self, operation: Operation, has_time_left: Callable[[], bool], shown: Callable[[Operation], Operation]
    ) -> tuple[Operation | None, int | None]:
        """How far it came, unless another worker has it, and when to go on. `shown` is what is kept between steps."""
        at: Operation | None = operation
        while at is not None and not at.over:
            wait = at.waits(self._now())
            if wait or not has_time_left():
                return at, wait
            after = self._stepped(at)
            at = self._keep(after if after.over else shown(after))
        return at, None

    def _stepped(self, operation: Operation) -> Operation:
        try:
            return self._jobs[operation.job].step(operation)
        except Invalid as error:
            return operation.failed(error.text)

    def _keep(self, after: Operation) -> Operation | None:
        """None if another worker has it."""
        after = replace(after, updated_at=self._now())
        details = self._jobs[after.job].outcome(after) if after.over else {}
        entry = _entry(after, after.by, after.status.value, details) if after.over else None
        try:
            return self._store.save(after, entry)
        except PreconditionFailed:
            return None


class _Reasons:
    """Tells of the error that leaves the block."""

    def __init__(self, tell: Callable[[Exception], None]) -> None:
        self._tell = tell

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Exception):
            self._tell(error)


def _reason(error: Exception) -> str:
    return error.text if isinstance(error, DomainError) else type(error).__name__


def _entry(operation: Operation, actor: str, what: str, details: Mapping[str, str]) -> Entry:
    action = f"{operation.job}.{what}"
    return Entry(
        operation.org_id, action, actor, f"operation:{operation.id}", {"client": operation.client_id, **details}
    )
