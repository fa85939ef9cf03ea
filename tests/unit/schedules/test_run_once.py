"""One effect for each due time."""

from collections.abc import Callable

import pytest

from groundswell.schedules.service import RunUnderWay, run_once
from tests.clock import Clock
from tests.fakes.timers import MemoryRuns

LEASE = 30


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def runs(clock: Clock) -> MemoryRuns:
    return MemoryRuns(clock)


def work(effects: list[str], name: str = "done") -> Callable[[], None]:
    return lambda: effects.append(name)


def test_a_repeat_does_nothing(runs: MemoryRuns) -> None:
    effects: list[str] = []

    assert [run_once(runs, "report", "9:00", LEASE, work(effects)) for _ in range(3)] == [True, False, False]
    assert effects == ["done"]


def test_another_due_time_is_another_run(runs: MemoryRuns) -> None:
    effects: list[str] = []
    for due in ("9:00", "9:01", "9:00"):
        run_once(runs, "report", due, LEASE, work(effects, due))

    assert effects == ["9:00", "9:01"]


def test_who_comes_while_somebody_is_at_it_must_come_again(runs: MemoryRuns) -> None:
    runs.claim("report", "9:00", LEASE)

    with pytest.raises(RunUnderWay):
        run_once(runs, "report", "9:00", LEASE, work([]))


def test_who_comes_after_the_lease_of_one_that_died_does_the_work(runs: MemoryRuns, clock: Clock) -> None:
    runs.claim("report", "9:00", LEASE)
    clock.advance(seconds=LEASE)
    effects: list[str] = []

    assert run_once(runs, "report", "9:00", LEASE, work(effects))
    assert effects == ["done"]


def test_work_that_failed_may_be_tried_again_at_once(runs: MemoryRuns) -> None:
    def fail() -> None:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        run_once(runs, "report", "9:00", LEASE, fail)

    assert run_once(runs, "report", "9:00", LEASE, work([]))
