"""Calls evenly spaced over all processes: never more than a limit in any second, also across a second's edge.

Time is cut into slots, so many a second, and a call belongs to one. Whoever comes too late for its slot takes another:
late calls and those of the next slots would be too many together.
"""

from collections.abc import Callable, Iterator
from math import ceil
from typing import Protocol


class Slots(Protocol):
    def take(self, name: str, earliest: int) -> int:
        """The first slot from that one on that nobody has; it is the caller's now."""


class Pace:
    """At most `limit` calls in any second, of which it uses 95 %. `now` is in seconds."""

    def __init__(
        self, slots: Slots, limit: int, now: Callable[[], float], sleep: Callable[[float], None] = lambda _: None
    ) -> None:
        self._slots = slots
        self._per_second = limit * 0.955
        self._late = (limit - 1) / self._per_second - 1
        """Slots of so many seconds and one more are `limit` calls."""
        self._now = now
        self._sleep = sleep

    def wait(self, name: str) -> None:
        """Until it is the caller's turn: then call at once."""
        for seconds in self.turns(name):
            self._sleep(seconds)

    def turns(self, name: str) -> Iterator[float]:
        """Seconds to wait, until there are no more."""
        while True:
            slot = self._slots.take(name, ceil(self._now() * self._per_second))
            due = slot / self._per_second
            yield max(0.0, due - self._now())
            if self._now() <= due + self._late:
                return
