"""Random histories of timers, ticks, crashes and deliveries beside a calendar that was worked out by hand."""

import random
from collections import Counter
from datetime import datetime, timedelta

import pytest

from groundswell.kernel.clock import rfc3339
from groundswell.schedules.service import RunUnderWay, run_once
from groundswell.schedules.tick import Tick
from groundswell.schedules.timers import Timer, parse_firing
from tests.calls import Crash
from tests.clock import START, Clock
from tests.fakes.timers import MemoryQueues, MemoryRuns, MemoryTimers, Steps, key_of

LEASE = 30
MINUTE = timedelta(minutes=1)
type Run = tuple[tuple[str, str, str], datetime]


class World:
    """`must` are the runs that the calendar asks for, `may` those that it allows: what a tick that died was about."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.clock, self.steps = Clock(), Steps()
        self.timers, self.queues = MemoryTimers(self.steps), MemoryQueues(self.steps)
        self.runs = MemoryRuns(self.clock)
        self.effects: Counter[Run] = Counter()
        self.missed: dict[Run, bool] = {}
        self.must: set[Run] = set()
        self.may: set[Run] = set()

    def set_one(self) -> None:
        due = self.clock() + timedelta(seconds=self.random.randint(-120, 7200))
        key = str(self.random.randrange(6))
        self.timers.set(Timer("client", "task.due", key, due, "tasks", grace=MINUTE * self.random.choice((0, 5, 60))))

    def cancel_one(self) -> None:
        if self.timers.present:
            self.timers.cancel(self.random.choice([*self.timers.present.values()]))

    def tick(self) -> None:
        due = {(key_of(timer), timer.due) for timer in self.timers.present.values() if timer.due <= self.clock()}
        seen = {(key_of(timer), timer.due) for timer in self.timers.index.values()}
        self.may |= due
        try:
            Tick(self.timers, self.queues, self.clock).run(lambda: True)
        except Crash:
            return
        self.must |= due & seen

    def crash(self) -> None:
        self.steps.left, self.steps.after = self.random.randrange(5), self.random.random() < 0.5
        self.tick()
        self.steps.left = None

    def deliver(self) -> None:
        """Some of the messages, in any order; some of them twice, and some to a consumer that dies."""
        self.random.shuffle(self.queues.messages)
        for body in self.queues.messages[: self.random.randrange(8)]:
            done = [self.consumed(body) for _ in range(self.random.choice((1, 1, 2)))]
            if all(done) and self.random.random() < 0.9 and body in self.queues.messages:
                self.queues.messages.remove(body)

    def consumed(self, body: str) -> bool:
        firing = parse_firing(body)
        run = ((firing.tenant, firing.kind, firing.key), firing.due)

        def work() -> None:
            if self.random.random() < 0.2:
                raise ConnectionError
            self.effects[run] += 1
            self.missed[run] = firing.missed

        try:
            run_once(self.runs, firing.name, rfc3339(firing.due), LEASE, work)
        except (ConnectionError, RunUnderWay):
            return False
        return True

    def wait(self) -> None:
        self.clock.advance(seconds=self.random.choice((10, 60, 60, 60, 600, 6 * 3600)))
        self.timers.settle()

    def end(self) -> None:
        """The last timer's time, one tick, and every message."""
        self.clock.advance(days=1)
        self.timers.settle()
        self.tick()
        while self.queues.messages:
            self.deliver()
            self.clock.advance(seconds=LEASE)


@pytest.mark.parametrize("seed", range(200))
def test_every_due_time_has_one_effect(seed: int) -> None:
    world = World(seed)
    for _ in range(60):
        world.random.choice(
            (world.set_one, world.set_one, world.cancel_one, world.tick, world.tick, world.crash, world.deliver)
            + (world.wait,) * 3
        )()
    world.end()

    assert world.must <= world.effects.keys() <= world.may, seed
    assert set(world.effects.values()) <= {1}, seed
    assert not world.timers.present, seed


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", range(4), ids=["read", "check", "send", "delete"])
def test_a_tick_that_dies_anywhere_loses_nothing_and_repeats_only_what_consumers_know(step: int, after: bool) -> None:
    world = World(0)
    for key in "abc":
        world.timers.set(Timer("client", "task.due", key, START, "tasks"))
    world.timers.settle()
    world.steps.left, world.steps.after = step, after
    world.tick()
    world.steps.left = None
    assert not world.must  # it died
    world.end()

    assert {key: number for (_, _, key), number in ((run[0], n) for run, n in world.effects.items())} == {
        "a": 1,
        "b": 1,
        "c": 1,
    }


def test_a_firing_delivered_ten_times_at_once_out_of_order_has_one_effect() -> None:
    world = World(1)
    for key in "abc":
        world.timers.set(Timer("client", "task.due", key, START, "tasks"))
    world.timers.settle()
    world.tick()
    world.queues.messages *= 10
    world.end()

    assert list(world.effects.values()) == [1, 1, 1]
