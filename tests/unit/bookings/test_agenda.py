"""Who is free, and what is left when a slot is sold."""

from datetime import UTC, datetime, timedelta

import pytest

from groundswell.bookings.agenda import Agenda, HostDay, days_read, span_of
from groundswell.bookings.availability import Slot
from groundswell.bookings.model import Assignment, Availability, BookingType, SlotTaken

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def kind(**values) -> BookingType:
    values = {"duration_minutes": 60, **values}
    return BookingType("t", "c", "u", NOW, NOW, "Call", values.pop("hosts", ("a", "b")), Availability(), **values)


def slot(hour: int, minute: int = 0, day: int = 2) -> Slot:
    at = datetime(2026, 3, day, hour, minute, tzinfo=UTC)
    return Slot(at, at + timedelta(hours=1), f"2026-03-{day:02d}")


def after(
    of: BookingType, *sold: tuple[str, Slot], now: datetime = NOW, expires: datetime | None = None
) -> list[HostDay]:
    days: dict = {}
    for name, booked_slot in sold:
        sale = Agenda(days.values(), now).sell("c", of, span_of(of, booked_slot, name, expires))
        days |= {day.place: day for day in sale.changed}
    return list(days.values())


def sold_to(of: BookingType, days: list[HostDay], booked_slot: Slot, **more) -> tuple[str, ...]:
    return Agenda(days, NOW, **more).sell("c", of, span_of(of, booked_slot, "new")).hosts


def test_a_slot_is_sold_once_a_host():
    days = after(kind(), ("one", slot(9)), ("two", slot(9)))
    assert sorted(day.host_id for day in days) == ["a", "b"]
    with pytest.raises(SlotTaken):
        sold_to(kind(), days, slot(9, 30))
    assert sold_to(kind(), days, slot(10))


def test_buffers_keep_bookings_apart_but_may_overlap():
    of = kind(hosts=("a",), buffer_before=900, buffer_after=900)
    days = after(of, ("one", slot(9)))
    with pytest.raises(SlotTaken):
        sold_to(of, days, slot(10, 10))
    assert sold_to(of, days, slot(10, 15)) == ("a",)


def test_a_booking_over_midnight_takes_both_days():
    of = kind(hosts=("a",))
    days = after(of, ("one", slot(23, 30)))
    assert sorted(day.day for day in days) == ["2026-03-02", "2026-03-03"]
    with pytest.raises(SlotTaken):
        sold_to(of, days, slot(0, 0, day=3))
    assert [day.spans for day in Agenda(days, NOW).without("one")] == [(), ()]


def test_the_number_of_a_day_is_bounded_on_the_clocks_of_the_type():
    of = kind(hosts=("a",), per_day=1)
    days = after(of, ("one", slot(9)))
    with pytest.raises(SlotTaken):
        sold_to(of, days, slot(15))
    assert sold_to(of, days, slot(9, day=3)) == ("a",)
    assert days_read(of, span_of(of, slot(9), "x")) == ("2026-03-02", "2026-03-03")


def test_one_of_all_turns_all_of_one_or_nobody():
    both = kind(assignment=Assignment.COLLECTIVE)
    days = after(kind(assignment=Assignment.FIXED), ("one", slot(9)))
    assert {day.host_id for day in days} == {"a"}
    with pytest.raises(SlotTaken):
        sold_to(both, days, slot(9))
    assert sold_to(both, days, slot(10)) == ("a", "b")
    assert sold_to(kind(), days, slot(9)) == ("b",)
    assert sold_to(kind(), days, slot(12)) == ("b",)  # who has less to do that day
    assert sold_to(kind(), days, slot(12), prefer=frozenset({"a"})) == ("a",)


def test_a_hold_ends_by_itself_and_gives_way_to_its_own_booking():
    of = kind(hosts=("a",))
    days = after(of, ("hold", slot(9)), expires=NOW + timedelta(minutes=5))
    with pytest.raises(SlotTaken):
        sold_to(of, days, slot(9))
    assert sold_to(of, days, slot(9), ignoring=frozenset({"hold"})) == ("a",)
    later = Agenda(days, NOW + timedelta(minutes=5)).sell("c", of, span_of(of, slot(9), "new"))
    assert [span.id for day in later.changed for span in day.spans] == ["new"]


@pytest.mark.parametrize(
    ("begins", "minutes", "buffer", "free"),
    [
        (9, 30, 0, False),
        (8, 90, 0, False),
        (8, 60, 0, True),
        (10, 60, 0, True),
        (10, 60, 900, False),
        (7, 600, 0, False),
    ],
)
def test_whoever_is_busy_elsewhere_is_not_free_nor_within_the_buffers(begins, minutes, buffer, free):
    of = kind(hosts=("a",), buffer_after=buffer)
    start = int(slot(begins).starts_at.timestamp())
    elsewhere = {"a": [(start - 9_000_000, start - 8_000_000), (start, start + minutes * 60)]}

    assert bool(Agenda((), NOW, outside=elsewhere).hosts_for(of, span_of(of, slot(9), "new"))) is free
    assert Agenda((), NOW, outside={"b": elsewhere["a"]}).hosts_for(of, span_of(of, slot(9), "new")) == ("a",)
