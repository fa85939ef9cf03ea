"""One effect for each due time."""

from collections.abc import Callable

import pytest

from groundswell.schedules.service import Claim, RunUnderWay, run_once

LEASE = 30


class MemoryRuns:
    """As `DynamoRuns` keeps them, with a clock that the test moves."""

    def __init__(self) -> None:
        self.time = 0
        self.leases: dict[tuple[str, str], int | None] = {}

    def claim(self, schedule: str, due: str, lease_seconds: int) -> Claim:
        until = self.leases.get((schedule, due), 0)
        if until is None:
            return Claim.DONE
        if until > self.time:
            return Claim.UNDER_WAY
        self.leases[schedule, due] = self.time + lease_seconds
        return Claim.OURS

    def finish(self, schedule: str, due: str) -> None:
        self.leases[schedule, due] = None

    def release(self, schedule: str, due: str) -> None:
        self.leases[schedule, due] = self.time


@pytest.fixture
def runs() -> MemoryRuns:
    return MemoryRuns()


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


def test_who_comes_after_the_lease_of_one_that_died_does_the_work(runs: MemoryRuns) -> None:
    runs.claim("report", "9:00", LEASE)
    runs.time += LEASE
    effects: list[str] = []

    assert run_once(runs, "report", "9:00", LEASE, work(effects))
    assert effects == ["done"]


def test_work_that_failed_may_be_tried_again_at_once(runs: MemoryRuns) -> None:
    def fail() -> None:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        run_once(runs, "report", "9:00", LEASE, fail)

    assert run_once(runs, "report", "9:00", LEASE, work([]))
