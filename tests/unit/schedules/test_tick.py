"""The tick of a minute: what is due is sent, and then forgotten."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from groundswell.schedules.tick import BATCH, Report, Tick
from groundswell.schedules.timers import Firing, Timer, parse_firing
from tests.clock import START, Clock
from tests.fakes.timers import MemoryQueues, MemoryTimers


def timer(key: str = "task", **other: object) -> Timer:
    plain: dict = {"tenant": "client", "kind": "task.due", "key": key, "due": START, "queue": "tasks"}
    return Timer(**{**plain, **other})


class World:
    def __init__(self) -> None:
        self.clock, self.timers, self.queues = Clock(), MemoryTimers(), MemoryQueues()

    def set(self, *timers: Timer) -> None:
        for new_timer in timers:
            self.timers.set(new_timer)
        self.timers.settle()

    def tick(self, has_time_left: Callable[[], bool] = lambda: True) -> Report:
        report = Tick(self.timers, self.queues, self.clock).run(has_time_left)
        self.timers.settle()
        return report

    @property
    def firings(self) -> list[Firing]:
        return [parse_firing(body) for body in self.queues.messages]


@pytest.fixture
def world() -> World:
    return World()


def test_a_timer_fires_from_its_due_time_on_and_not_before(world: World) -> None:
    world.set(timer(due=START + timedelta(milliseconds=1)))

    assert world.tick() == Report()
    world.clock.advance(milliseconds=1)
    assert world.tick() == Report(sent=1)


def test_what_was_sent_is_not_sent_again(world: World) -> None:
    world.set(timer())

    assert [world.tick().sent for _ in range(3)] == [1, 0, 0]


def test_the_oldest_is_sent_first(world: World) -> None:
    world.set(*(timer(f"task {minutes}", due=START - timedelta(minutes=minutes)) for minutes in (3, 9, 1)))
    world.tick()

    assert [firing.key for firing in world.firings] == ["task 9", "task 3", "task 1"]


def test_a_tick_six_hours_late_sends_all_and_says_which_were_missed(world: World) -> None:
    world.set(
        timer("reminder", due=START + timedelta(minutes=5)),
        timer("recent", due=START + timedelta(hours=5, minutes=30)),
        timer("patient", due=START + timedelta(minutes=5), grace=timedelta(days=1)),
        timer("tomorrow", due=START + timedelta(days=1)),
    )
    world.clock.advance(hours=6)

    report = world.tick()

    assert report == Report(sent=3, missed=1, late_seconds=5 * 3600 + 55 * 60)
    assert {firing.key: firing.missed for firing in world.firings} == {
        "reminder": True,
        "recent": False,
        "patient": False,
    }


def test_two_ticks_at_once_send_the_same_due_time(world: World) -> None:
    world.set(timer())
    stale = dict(world.timers.index)
    world.tick()
    world.timers.index = stale
    world.timers.set(timer())  # the other tick has read it before this one deletes it
    world.tick()

    assert len({(firing.name, firing.due) for firing in world.firings}) == 1


def test_a_timer_that_was_cancelled_while_the_index_was_behind_does_not_fire(world: World) -> None:
    world.set(timer())
    world.timers.cancel(timer())

    assert world.tick() == Report()


def test_a_timer_that_was_put_off_while_the_index_was_behind_fires_once_at_its_new_time(world: World) -> None:
    world.set(timer())
    later = START + timedelta(days=1)
    world.timers.set(timer(due=later))

    assert world.tick() == Report()
    world.clock.advance(days=1)
    world.tick()
    assert [firing.due for firing in world.firings] == [later]


def test_a_timer_that_is_put_off_while_it_is_sent_is_kept(world: World) -> None:
    world.set(timer())
    later = timer(due=START + timedelta(hours=1))
    send = world.queues.send

    def send_meanwhile(queue: str, bodies: list[str]) -> tuple[bool, ...]:
        world.timers.set(later)
        return send(queue, bodies)

    world.queues.send = send_meanwhile  # type: ignore[method-assign]
    world.tick()

    assert list(world.timers.present.values()) == [later]


def test_a_queue_that_takes_nothing_holds_up_no_other(world: World) -> None:
    world.set(timer("lost", queue="gone"), timer("fine"))
    world.queues.refusing = {"gone"}

    assert world.tick() == Report(sent=1, stuck=1)
    assert [firing.key for firing in world.firings] == ["fine"]


def test_what_a_queue_did_not_take_is_sent_when_it_does(world: World) -> None:
    world.set(timer(queue="gone"))
    world.queues.refusing = {"gone"}
    world.tick()

    world.queues.refusing = set()
    world.clock.advance(hours=2)
    assert world.tick() == Report(sent=1, missed=1, late_seconds=7200)


def test_what_a_tick_has_no_time_for_is_the_next_ones(world: World) -> None:
    world.set(*(timer(str(number)) for number in range(2 * BATCH + 1)))
    turns = iter([True, False])

    report = world.tick(lambda: next(turns))

    assert (report.sent, report.finished) == (BATCH, False)
    assert world.tick() == Report(sent=BATCH + 1)
