"""Telegram's limit, kept by several workers: simulated, in virtual time."""

import heapq
import random
from collections.abc import Iterator

import pytest

from groundswell.outbound.pacing import Pace

LIMIT, SECONDS = 30, 20


class Slots:
    def __init__(self) -> None:
        self.following = 0

    def take(self, _name: str, earliest: int) -> int:
        slot = max(self.following, earliest)
        self.following = slot + 1
        return slot


class Workers:
    """Each takes its turn, calls, and waits for the answer. Some wake up late, as processes do."""

    def __init__(self, number: int, seed: int, *, sleepers: float = 0.0) -> None:
        self.now = 1_000_000.3
        self.calls: list[float] = []
        self._chance = random.Random(seed)
        self._sleepers = sleepers
        self._pace = Pace(Slots(), LIMIT, lambda: self.now)
        waking = [(self.now + self._chance.random() / 10, place) for place in range(number)]
        workers = [self._worker() for _ in range(number)]
        end = self.now + SECONDS
        heapq.heapify(waking)
        while waking:
            self.now, place = heapq.heappop(waking)
            if self.now < end:
                heapq.heappush(waking, (self.now + next(workers[place]), place))

    def _worker(self) -> Iterator[float]:
        """Seconds until it goes on."""
        while True:
            for seconds in self._pace.turns("bot"):
                late = self._chance.random() < self._sleepers
                yield seconds + (self._chance.random() if late else 0.001)
            self.calls.append(self.now)
            yield self._chance.uniform(0.03, 0.3)

    @property
    def most_in_a_second(self) -> int:
        """In any second, wherever it begins."""
        return max(sum(start <= call <= start + 1 for call in self.calls) for start in self.calls)


@pytest.mark.parametrize("workers", [1, 2, 7, 20])
@pytest.mark.parametrize("sleepers", [0.0, 0.2])
def test_no_second_has_more_than_the_limit_whoever_comes_late(workers: int, sleepers: float) -> None:
    for seed in range(2):
        assert Workers(workers, seed, sleepers=sleepers).most_in_a_second <= LIMIT


def test_enough_workers_use_95_percent_of_it() -> None:
    for seed in range(2):
        assert len(Workers(20, seed).calls) >= 0.95 * LIMIT * SECONDS


def test_after_a_rest_nobody_catches_up() -> None:
    now = [100.0]
    pace = Pace(Slots(), LIMIT, lambda: now[0])
    for _ in pace.turns("bot"):
        pass
    now[0] += 600
    waits = [next(pace.turns("bot")) for _ in range(LIMIT)]
    assert waits == sorted(waits)
    assert waits[-1] > 0.99
