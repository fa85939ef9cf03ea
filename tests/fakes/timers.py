"""Timers and queues in memory, as DynamoDB's late index and SQS have them; and a process that may die at any step."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from groundswell.schedules.service import Claim
from groundswell.schedules.timers import Timer
from tests.calls import Crash

type Key = tuple[str, str, str]


def key_of(timer: Timer) -> Key:
    return timer.tenant, timer.kind, timer.key


class Steps:
    """Every call of the outside is one. Dies at the `fatal`-th from now: before its effect, or behind it."""

    def __init__(self) -> None:
        self.left: int | None = None
        self.after = False

    def take(self, effect: Callable[[], object]) -> None:
        dies = self.left == 0
        if self.left is not None:
            self.left -= 1
        if dies and not self.after:
            raise Crash
        effect()
        if dies:
            raise Crash


class MemoryTimers:
    """`index` is what reads of the index see; until `settle` it is behind."""

    def __init__(self, steps: Steps | None = None) -> None:
        self.present: dict[Key, Timer] = {}
        self.index: dict[Key, Timer] = {}
        self.reads = 0
        self._steps = steps or Steps()

    def set(self, timer: Timer) -> None:
        self.present[key_of(timer)] = timer

    def cancel(self, timer: Timer) -> None:
        self.present.pop(key_of(timer), None)

    def settle(self) -> None:
        self.index = dict(self.present)

    def due(self, now: datetime) -> Iterator[Timer]:
        self._steps.take(lambda: None)
        yield from sorted((timer for timer in self.index.values() if timer.due <= now), key=lambda timer: timer.due)

    def current(self, timers: Sequence[Timer], now: datetime) -> tuple[Timer, ...]:
        self._steps.take(lambda: None)
        present = [self.present[key_of(timer)] for timer in timers if key_of(timer) in self.present]
        return tuple(timer for timer in present if timer.due <= now)

    def forget(self, timers: Sequence[Timer]) -> None:
        self._steps.take(lambda: [self._forget(timer) for timer in timers])

    def _forget(self, timer: Timer) -> None:
        if (there := self.present.get(key_of(timer))) and there.due == timer.due:
            del self.present[key_of(timer)]


class MemoryQueues:
    """`refusing` are those that take nothing."""

    def __init__(self, steps: Steps | None = None) -> None:
        self.messages: list[str] = []
        self.refusing: set[str] = set()
        self._steps = steps or Steps()

    def send(self, queue: str, bodies: Sequence[str]) -> tuple[bool, ...]:
        if queue in self.refusing:
            return (False,) * len(bodies)
        self._steps.take(lambda: self.messages.extend(bodies))
        return (True,) * len(bodies)


class MemoryRuns:
    """As `DynamoRuns` keeps them."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._leases: dict[tuple[str, str], float | None] = {}

    def claim(self, schedule: str, due: str, lease_seconds: int) -> Claim:
        now, until = self._now().timestamp(), self._leases.get((schedule, due), 0)
        if until is None:
            return Claim.DONE
        if until > now:
            return Claim.UNDER_WAY
        self._leases[schedule, due] = now + lease_seconds
        return Claim.OURS

    def finish(self, schedule: str, due: str) -> None:
        self._leases[schedule, due] = None

    def release(self, schedule: str, due: str) -> None:
        self._leases[schedule, due] = self._now().timestamp()
