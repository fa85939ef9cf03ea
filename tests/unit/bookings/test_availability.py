"""Slots on local clocks, over the changes of these."""

from datetime import UTC, datetime, timedelta

import pytest

from groundswell.bookings.availability import slot_at, slots_of
from groundswell.bookings.model import WEEKDAYS, Availability, BookingType
from groundswell.kernel.errors import Invalid

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def kind(
    *windows: tuple[str, str], zone: str = "Europe/Berlin", holidays: tuple[str, ...] = (), **values
) -> BookingType:
    available = Availability(zone, dict.fromkeys(WEEKDAYS, windows), holidays)
    values = {"duration_minutes": 60, "horizon_days": 365, **values}
    return BookingType("t", "c", "u", NOW, NOW, "Call", ("u",), available, **values)


def starts(of: BookingType, day: str, now: datetime = NOW) -> list[str]:
    start = datetime.fromisoformat(day).replace(tzinfo=UTC) - timedelta(hours=4)
    slots = slots_of(of, start, start + timedelta(days=1), now)
    return [f"{slot.starts_at:%H:%M}" for slot in slots]


def test_office_hours_are_on_local_clocks_summer_and_winter():
    assert starts(kind(("09:00", "12:00")), "2026-03-28") == ["08:00", "09:00", "10:00"]
    assert starts(kind(("09:00", "12:00")), "2026-03-29") == ["07:00", "08:00", "09:00"]


def test_a_night_has_an_hour_less_in_spring_and_one_more_in_autumn():
    assert len(starts(kind(("00:00", "06:00")), "2026-03-29")) == 5
    assert len(starts(kind(("00:00", "06:00")), "2026-10-25")) == 7


def test_a_window_that_begins_in_the_gap_begins_behind_it():
    assert starts(kind(("02:30", "05:00")), "2026-03-29") == ["01:30"]  # 03:30 on the clocks


def test_a_window_may_end_at_midnight():
    assert starts(kind(("22:00", "24:00"), zone="UTC"), "2026-04-02") == ["22:00", "23:00"]
    assert slot_at(kind(("22:00", "24:00"), zone="UTC"), datetime(2026, 4, 2, 23, tzinfo=UTC), NOW).day == "2026-04-02"


def test_holidays_notice_and_horizon_leave_slots_out():
    of = kind(("09:00", "12:00"), zone="UTC", holidays=("2026-03-02",), min_notice=3600, horizon_days=2)
    now = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
    start_times = [slot.starts_at for slot in slots_of(of, now, now + timedelta(days=30), now)]
    assert [f"{time:%d %H}" for time in start_times] == ["01 10", "01 11"]


def test_starts_may_be_closer_than_they_are_long():
    assert len(starts(kind(("09:00", "11:00"), zone="UTC", interval=900), "2026-04-02")) == 5


@pytest.mark.parametrize("at", ["2026-03-02T08:30:00Z", "2026-02-27T09:00:00Z", "2028-03-02T09:00:00Z"])
def test_only_a_slot_can_be_booked(at):
    with pytest.raises(Invalid):
        slot_at(kind(("09:00", "12:00"), zone="UTC"), datetime.fromisoformat(at), NOW)
