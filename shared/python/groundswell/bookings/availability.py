"""When a booking type can be booked, before anybody has booked anything: working hours, holidays, notice, horizon.

Hours are on local clocks, slots are moments: a window from 00:00 to 06:00 has five hours of slots on the night when
clocks go forward, and seven when they go back. A window's end that the clocks skip is the moment of the change.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from groundswell.bookings.model import WEEKDAYS, BookingType
from groundswell.kernel.errors import Invalid
from groundswell.kernel.ranges import zone

_DAY = timedelta(days=1)
_MIDNIGHT = "24:00"


@dataclass(frozen=True)
class Slot:
    """`day` is its date on the clocks of the type."""

    starts_at: datetime
    ends_at: datetime
    day: str


def slots_of(kind: BookingType, start: datetime, end: datetime, now: datetime) -> Iterator[Slot]:
    """Slots that begin in [start, end), in order, within notice and horizon."""
    first = max(start, now + timedelta(seconds=kind.min_notice), now)
    last = min(end, now + timedelta(days=kind.horizon_days))
    clocks = zone(kind.availability.timezone)
    day = first.astimezone(clocks).date() - _DAY  # a window may end on the day after
    while day <= last.astimezone(clocks).date():
        yield from (slot for slot in _slots_on(kind, day) if first <= slot.starts_at < last)
        day += _DAY


def slot_at(kind: BookingType, starts_at: datetime, now: datetime) -> Slot:
    """The slot that begins at that moment. Raises Invalid where there is none."""
    slot = next(slots_of(kind, starts_at, starts_at + timedelta(seconds=1), now), None)
    if slot is None:
        raise Invalid.on("starts_at", "no time that can be booked: see /business/bookings/slots", "no_slot")
    return slot


def _slots_on(kind: BookingType, day: date) -> Iterator[Slot]:
    available = kind.availability
    if day.isoformat() in available.holidays:
        return
    for begins, ends in sorted(available.weekly.get(WEEKDAYS[day.weekday()], ())):
        at, until = moment(day, begins, available.timezone), moment(day, ends, available.timezone)
        while at + kind.duration <= until:
            yield Slot(at, at + kind.duration, day.isoformat())
            at += kind.step


def moment(day: date, clock: str, timezone: str) -> datetime:
    """In UTC. A time that the day skips is as far behind the change as it is on the clocks (RFC 5545 section 3.3.5)."""
    if clock == _MIDNIGHT:
        return moment(day + _DAY, "00:00", timezone)
    return datetime.combine(day, time.fromisoformat(clock), zone(timezone)).astimezone(UTC)
