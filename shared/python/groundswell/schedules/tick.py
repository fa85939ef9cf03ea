"""One round a minute over all timers that are due: each is sent to its queue, and then forgotten.

Sent first: a tick that dies in between sends it again, and its consumer knows it by its due time. Nothing has to be
remembered between ticks: whatever is due is in the index, for a tick that comes hours late as for two at once.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import batched
from typing import Protocol

from groundswell.schedules.timers import Firing, Timer, fire, firing_body

BATCH = 100  # what is read at once, deleted at once, and sent again by who comes after one that died


class DueTimers(Protocol):
    def due(self, now: datetime) -> Iterator[Timer]:
        """Oldest first. Some may have been replaced or cancelled since."""
        ...

    def current(self, timers: Sequence[Timer], now: datetime) -> Sequence[Timer]:
        """Those of them, as they are by now, that are due."""
        ...

    def forget(self, timers: Sequence[Timer]) -> None:
        """Not those that were set anew."""
        ...


class Queues(Protocol):
    def send(self, queue: str, bodies: Sequence[str]) -> Sequence[bool]:
        """Whether it took each of them."""
        ...


@dataclass
class Report:
    """`stuck` timers could not be sent: every tick tries again. `late_seconds` is how late the oldest one was."""

    sent: int = 0
    missed: int = 0
    stuck: int = 0
    late_seconds: int = 0
    finished: bool = True


class Tick:
    def __init__(self, timers: DueTimers, queues: Queues, now: Callable[[], datetime]) -> None:
        self._timers = timers
        self._queues = queues
        self._now = now

    def run(self, has_time_left: Callable[[], bool]) -> Report:
        """Send what is due now. Stops when `has_time_left` says no: the next tick goes on."""
        report = Report()
        for batch in batched(self._timers.due(self._now()), BATCH, strict=False):
            if not has_time_left():
                report.finished = False
                break
            self._send(batch, report)
        return report

    def _send(self, batch: Sequence[Timer], report: Report) -> None:
        now = self._now()
        by_queue: dict[str, list[tuple[Timer, Firing]]] = {}
        for timer in self._timers.current(batch, now):
            by_queue.setdefault(timer.queue, []).append((timer, fire(timer, now)))
        sent: list[Timer] = []
        for queue, firings in by_queue.items():
            outcomes = self._queues.send(queue, [firing_body(firing) for _, firing in firings])
            sent += [timer for (timer, _), ok in zip(firings, outcomes, strict=True) if ok]
            _count(report, [firing for _, firing in firings], outcomes)
        if sent:
            self._timers.forget(sent)


def _count(report: Report, firings: Sequence[Firing], outcomes: Sequence[bool]) -> None:
    report.sent += sum(outcomes)
    report.stuck += len(outcomes) - sum(outcomes)
    report.missed += sum(firing.missed for firing, ok in zip(firings, outcomes, strict=True) if ok)
    report.late_seconds = max(report.late_seconds, *(firing.late_seconds for firing in firings))
