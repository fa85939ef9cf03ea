"""An operation: what was asked for, how far it is, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from groundswell.kernel.errors import Conflict, NotFound

_STALLED = "stalled"


class OperationNotFound(NotFound):
    code = "OPERATION_NOT_FOUND"
    message = "No such operation"


class OperationOver(Conflict):
    code = "OPERATION_OVER"
    message = "This operation is over: there is nothing left to cancel"


class Status(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Operation:
    """`progress` is in percent. `state` is the worker's: all it needs to go on where another one died. `resume_at` is
    when there is something to do again, if that is not now."""

    id: str
    client_id: str
    org_id: str
    job: str
    by: str
    created_at: datetime
    updated_at: datetime
    status: Status = Status.QUEUED
    progress: int = 0
    state: Mapping[str, Any] = field(default_factory=dict)
    result: Mapping[str, Any] | None = None
    error: str | None = None
    resume_at: datetime | None = None
    version: int = 0

    @property
    def over(self) -> bool:
        return self.status in (Status.SUCCEEDED, Status.FAILED, Status.CANCELLED) and not self.stalled

    @property
    def stalled(self) -> bool:
        """Failed, and goes on when the worker is told of it again."""
        return self.status is Status.FAILED and _STALLED in self.state

    def waits(self, now: datetime) -> int:
        """Whole seconds until there is something to do."""
        left = (self.resume_at - now).total_seconds() if self.resume_at else 0
        return max(0, -int(-left // 1))

    def at(self, progress: int, **state: Any) -> "Operation":
        """Somewhat further. `state` is merged into what there is."""
        reached = max(self.progress, min(99, progress))
        return replace(self.going_on(), progress=reached, state={**self._known, **state}, resume_at=None)

    def going_on(self) -> "Operation":
        return replace(self, status=Status.RUNNING, state=self._known, error=None)

    @property
    def _known(self) -> dict[str, Any]:
        return {name: value for name, value in self.state.items() if name != _STALLED}

    def resting(self, until: datetime) -> "Operation":
        return replace(self, resume_at=until)

    def succeeded(self, result: Mapping[str, Any]) -> "Operation":
        """What the worker knew about people is forgotten with it."""
        return replace(self, status=Status.SUCCEEDED, progress=100, result=result, state={}, error=None, resume_at=None)

    def given_up(self, error: str) -> "Operation":
        """Failed for now: what the worker needs to go on stays."""
        return replace(self, status=Status.FAILED, error=error, state={**self.state, _STALLED: True})

    def cancelled(self) -> "Operation":
        """Raises OperationOver. What its steps did stays done."""
        if self.over:
            raise OperationOver
        return replace(self, status=Status.CANCELLED, error=None, state={}, resume_at=None)

    def failed(self, error: str) -> "Operation":
        return replace(self, status=Status.FAILED, error=error, state={}, resume_at=None)
