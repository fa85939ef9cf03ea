"""What the services of alerts need of the world."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from groundswell.alerts.instances import Instance
from groundswell.alerts.model import Alert, Silence
from groundswell.alerts.state import State
from groundswell.kernel.errors import PreconditionFailed
from groundswell.kernel.message import Message
from groundswell.schedules.timers import Timer
from groundswell.tasks.model import Opener, Task
from groundswell.tasks.model import Status as TaskStatus

EVALUATE, ESCALATE, UNACKNOWLEDGE = "alert.evaluate", "alert.escalate", "alert.unacknowledge"
TIMER_KINDS = (EVALUATE, ESCALATE, UNACKNOWLEDGE)
_ATTEMPTS = 8


@dataclass(frozen=True)
class Step:
    """One transaction: the state as it was read and as it becomes, with the instances that turn. With `alert`, it holds
    only while nobody has changed that."""

    before: State
    after: State
    instances: Sequence[Instance] = ()
    timers: Sequence[Timer] = ()
    cancelled: Sequence[tuple[str, str]] = ()
    """Kind and key of timers."""
    messages: Sequence[Message] = ()
    alert: Alert | None = None


class Store(Protocol):
    def load(self, client_id: str, alert_id: str) -> tuple[Alert | None, State]:
        """One read."""
        ...

    def instances(self, client_id: str, ids: Sequence[str]) -> tuple[Instance, ...]: ...

    def silences(self, client_id: str) -> tuple[Silence, ...]: ...

    def advance(self, step: Step) -> State:
        """The state that was written. Raises PreconditionFailed if someone else wrote first."""
        ...


class Tasks(Protocol):
    def open(
        self,
        client_id: str,
        opener: Opener,
        object_id: str,
        object_type: str,
        name: str,
        zone: str = "UTC",
        **values: Any,
    ) -> Task: ...

    def end(self, client_id: str, opener: Opener, object_id: str, status: TaskStatus) -> Task | None: ...


class Team(Protocol):
    def working(self, client_id: str, org_id: str, user_ids: Sequence[str]) -> frozenset[str]: ...


def anew[T](act: Callable[[], T]) -> T:
    """Again, on what is there now, when someone else was quicker."""
    for _ in range(_ATTEMPTS - 1):
        try:
            return act()
        except PreconditionFailed:
            continue
    return act()


type Now = Callable[[], datetime]
