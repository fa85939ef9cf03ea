"""An operation that is cancelled is over, whatever its worker is about to save."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest

from groundswell.access.model import ClientContext, Role
from groundswell.audit.model import Entry
from groundswell.kernel.errors import Forbidden, PreconditionFailed
from groundswell.kernel.page import Page, Position
from groundswell.operations.model import Operation, OperationNotFound, OperationOver, Status
from groundswell.operations.service import OperationService, Runner

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
ADA = ClientContext("client", "org", "ada", Role.MEMBER)


class FakeStore:
    """`before_save` is what somebody else does first."""

    def __init__(self) -> None:
        self.operations: dict[str, Operation] = {}
        self.entries: list[Entry] = []
        self.before_save: Callable[[], None] = lambda: None

    def find(self, client_id: str, operation_id: str) -> Operation | None:
        return self.operations.get(operation_id)

    def page(self, client_id: str, job: str, limit: int, position: Position | None) -> Page[Operation]:
        return Page(tuple(self.operations.values()))

    def start(self, operation: Operation, entry: Entry) -> None:
        self.operations[operation.id] = operation

    def save(self, operation: Operation, entry: Entry | None) -> Operation:
        hook, self.before_save = self.before_save, lambda: None
        hook()
        if self.operations[operation.id].version != operation.version:
            raise PreconditionFailed
        self.operations[operation.id] = saved = replace(operation, version=operation.version + 1)
        self.entries += [entry] if entry else []
        return saved


class Counting:
    """Never done: each step is one more."""

    def __init__(self) -> None:
        self.steps = 0
        self.during: Callable[[], object] = lambda: None

    def step(self, operation: Operation) -> Operation:
        self.steps += 1
        self.during()
        return operation.at(self.steps, steps=self.steps)

    def outcome(self, operation: Operation) -> Mapping[str, str]:
        return {}


@pytest.fixture
def store() -> FakeStore:
    return FakeStore()


@pytest.fixture
def service(store: FakeStore) -> OperationService:
    ids = count(1)
    return OperationService(store, lambda: NOW, lambda: f"op{next(ids)}")


def run(store: FakeStore, job: Any, operation_id: str) -> int | None:
    return Runner(store, {"count": job}, lambda: NOW).run("client", operation_id, lambda: True)


def test_a_worker_stops_at_the_step_after(store: FakeStore, service: OperationService) -> None:
    started, job = service.start(ADA, "count", {"person": "grace"}), Counting()
    job.during = lambda: job.steps == 3 and service.cancel(ADA, started.id)

    assert run(store, job, started.id) is None
    assert run(store, job, started.id) is None

    operation = store.operations[started.id]
    assert (job.steps, operation.status, operation.state) == (3, Status.CANCELLED, {})
    assert [entry.action for entry in store.entries] == ["count.cancelled"]


def test_a_step_that_is_saved_meanwhile_does_not_save_it(store: FakeStore, service: OperationService) -> None:
    started = service.start(ADA, "count", {})
    store.before_save = lambda: (store.save(store.operations[started.id].at(50), None), None)[1]

    cancelled = service.cancel(ADA, started.id)

    assert (cancelled.status, cancelled.progress) == (Status.CANCELLED, 50)


def test_a_repeat_changes_nothing(store: FakeStore, service: OperationService) -> None:
    started = service.start(ADA, "count", {})

    assert service.cancel(ADA, started.id) == service.cancel(ADA, started.id)
    assert len(store.entries) == 1


@pytest.mark.parametrize(
    "after", [lambda operation: operation.succeeded({}), lambda operation: operation.failed("broken")]
)
def test_what_is_over_stays_as_it_ended(store: FakeStore, service: OperationService, after: Any) -> None:
    started = service.start(ADA, "count", {})
    store.save(after(started), None)

    with pytest.raises(OperationOver):
        service.cancel(ADA, started.id)


def test_one_that_waits_for_an_operator_is_not_begun_again(store: FakeStore, service: OperationService) -> None:
    started, job = service.start(ADA, "count", {}), Counting()
    store.save(started.given_up("no connection"), None)

    service.cancel(ADA, started.id)

    assert (run(store, job, started.id), job.steps) == (None, 0)


def test_whoever_asked_may_and_an_admin(service: OperationService) -> None:
    grace = replace(ADA, actor_id="grace")
    started = service.start(ADA, "count", {})

    with pytest.raises(Forbidden):
        service.cancel(grace, started.id)
    with pytest.raises(OperationNotFound):
        service.cancel(ADA, "elsewhere")
    assert service.cancel(replace(grace, role=Role.ADMIN), started.id).status is Status.CANCELLED
