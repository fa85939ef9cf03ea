"""Slots of a queue are on the clocks of its zone, whatever these do."""

from datetime import UTC, datetime

import pytest

from groundswell.kernel.errors import Invalid
from groundswell.social.model import Queue, Slot
from groundswell.social.queueing import next_slot

EVERY_DAY = tuple(Slot(day, "09:00") for day in range(7))


def slots(queue: Queue, now: datetime, count: int) -> list[str]:
    occupied: set[datetime] = set()
    for _ in range(count):
        occupied.add(next_slot(queue, occupied, now))
    return [f"{slot:%d %H:%M}" for slot in sorted(occupied)]


def test_nine_in_the_morning_stays_nine_over_both_changes_of_the_clock() -> None:
    berlin = Queue("Europe/Berlin", EVERY_DAY)

    assert slots(berlin, datetime(2027, 3, 26, 12, tzinfo=UTC), 3) == ["27 08:00", "28 07:00", "29 07:00"]
    assert slots(berlin, datetime(2026, 10, 23, 12, tzinfo=UTC), 3) == ["24 07:00", "25 08:00", "26 08:00"]


def test_a_slot_in_the_hour_that_is_skipped_is_an_hour_later_and_in_the_one_that_comes_twice_the_first() -> None:
    night = Queue("Europe/Berlin", (Slot(6, "02:30"),))

    assert slots(night, datetime(2027, 3, 26, 12, tzinfo=UTC), 1) == ["28 01:30"]
    assert slots(night, datetime(2026, 10, 23, 12, tzinfo=UTC), 1) == ["25 00:30"]


def test_what_is_taken_or_over_is_left_out_and_a_queue_without_slots_says_so() -> None:
    monday = Queue("UTC", (Slot(0, "09:00"), Slot(0, "17:30")))

    assert slots(monday, datetime(2026, 11, 30, 9, tzinfo=UTC), 3) == ["30 17:30", "07 09:00", "07 17:30"]
    with pytest.raises(Invalid) as refused:
        next_slot(Queue(), (), datetime(2026, 11, 30, tzinfo=UTC))
    assert [(problem.field, problem.code) for problem in refused.value.problems] == [("queue", "no_slots")]
