"""What can be booked, and a booking with what may become of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from groundswell.kernel.errors import Conflict, Invalid, NotFound
from groundswell.visitors.model import Agreement

HOSTS_AT_MOST = 10
HORIZON_AT_MOST = 365
HOLD_FOR = timedelta(minutes=5)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class TypeNotFound(NotFound):
    code = "BOOKING_TYPE_NOT_FOUND"
    message = "No such booking type"


class BookingNotFound(NotFound):
    code = "BOOKING_NOT_FOUND"
    message = "No such booking"


class HoldNotFound(NotFound):
    code = "HOLD_NOT_FOUND"
    message = "No such hold: it may have expired"


class SlotTaken(Conflict):
    code = "SLOT_TAKEN"
    message = "This time is taken: choose another"


class TypeInUse(Conflict):
    code = "IN_USE"
    message = "There are bookings to come: cancel them first, or set `is_active` to false"


class BookingMoves(Conflict):
    code = "INVALID_TRANSITION"
    message = "A booking does not go from this state to that one"


class Assignment(StrEnum):
    """Who of the hosts takes it: one of them in turn, all of them together, or always the first."""

    ROUND_ROBIN = "round_robin"
    COLLECTIVE = "collective"
    FIXED = "fixed"


class Confirmation(StrEnum):
    AUTO = "auto"
    MANUAL = "manual"


class Status(StrEnum):
    PENDING = "pending"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    COMPLETED = "completed"
    NO_SHOW = "no_show"

    @property
    def holds_time(self) -> bool:
        return self in (Status.PENDING, Status.CONFIRMED)


_MOVES = {
    Status.PENDING: {Status.CONFIRMED, Status.DECLINED, Status.CANCELLED},
    Status.CONFIRMED: {Status.CANCELLED, Status.COMPLETED, Status.NO_SHOW},
    Status.COMPLETED: {Status.NO_SHOW},
    Status.NO_SHOW: {Status.COMPLETED},
    Status.DECLINED: set(),
    Status.CANCELLED: set(),
}
_AFTER_THE_START = frozenset({Status.COMPLETED, Status.NO_SHOW})


@dataclass(frozen=True)
class Availability:
    """Working hours by weekday, on the clocks of `timezone` (IANA): `{"mon": (("09:00", "17:00"),)}`. `holidays` are
    dates (`2026-12-25`) on which nobody works."""

    timezone: str = "UTC"
    weekly: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    holidays: tuple[str, ...] = ()


OFFICE_HOURS = dict.fromkeys(WEEKDAYS[:5], (("09:00", "17:00"),))


@dataclass(frozen=True)
class BookingType:
    """Lengths are seconds. `interval` is between two starts, the duration unless it says. `per_day` bounds the bookings
    of a host and day. `calendars` are addresses of a host's calendars elsewhere, by the host."""

    id: str
    client_id: str
    created_by: str
    created_at: datetime
    updated_at: datetime
    name: str
    hosts: tuple[str, ...]
    availability: Availability
    duration_minutes: int = 30
    description: str | None = None
    location: str | None = None
    assignment: Assignment = Assignment.ROUND_ROBIN
    interval: int | None = None
    buffer_before: int = 0
    buffer_after: int = 0
    min_notice: int = 0
    horizon_days: int = 60
    per_day: int | None = None
    confirmation: Confirmation = Confirmation.AUTO
    consent_text: str | None = None
    calendars: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    is_active: bool = True
    version: int = 0

    @property
    def duration(self) -> timedelta:
        return timedelta(minutes=self.duration_minutes)

    @property
    def step(self) -> timedelta:
        return timedelta(seconds=self.interval) if self.interval else self.duration

    @property
    def candidates(self) -> tuple[str, ...]:
        return self.hosts[:1] if self.assignment is Assignment.FIXED else self.hosts


@dataclass(frozen=True)
class Booking:
    """`hosts` are all whose time it takes, `host_id` the one whom it is with. `timezone` is the attendee's. `sequence`
    counts what calendars have to hear of. `day` is the date on the clocks of its type, `days` those in UTC whose
    agenda has it."""

    id: str
    client_id: str
    type_id: str
    type_name: str
    hosts: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime
    day: str
    days: tuple[str, ...]
    timezone: str
    email: str
    status: Status
    created_at: datetime
    updated_at: datetime
    name: str | None = None
    notes: str | None = None
    location: str | None = None
    locale: str | None = None
    reason: str | None = None
    agreement: Agreement | None = None
    attribution: Mapping[str, str] = field(default_factory=dict)
    lead_id: str | None = None
    sequence: int = 0
    version: int = 0

    @property
    def host_id(self) -> str:
        return self.hosts[0]

    def moved_to(self, status: Status, reason: str | None, now: datetime) -> "Booking":
        """The same state changes nothing. Raises BookingMoves, and Invalid for what cannot be said before it began."""
        if status is self.status:
            return self
        if status not in _MOVES[self.status]:
            details = {"from": self.status.value, "to": status.value}
            raise BookingMoves(f"A booking does not go from {self.status} to {status}", details=details)
        if status in _AFTER_THE_START and now < self.starts_at:
            raise Invalid.on("status", f"a booking is {status} once its time has come")
        called_off = self.status.holds_time and not status.holds_time and status not in _AFTER_THE_START
        sequence = self.sequence + 1 if called_off else self.sequence
        return replace(self, status=status, reason=reason, updated_at=now, sequence=sequence)

    def need_movable(self) -> None:
        """Raises BookingMoves for one that holds no time any more."""
        if not self.status.holds_time:
            raise BookingMoves(f"A booking that is {self.status} is not moved: make a new one")


@dataclass(frozen=True)
class Filter:
    """An empty field is any. Times are of the start, [from, to)."""

    statuses: tuple[Status, ...] = ()
    host_ids: tuple[str, ...] = ()
    type_ids: tuple[str, ...] = ()
    starts_from: datetime | None = None
    starts_to: datetime | None = None
    email: str | None = None


@dataclass(frozen=True)
class Order:
    """`by` is `created_at` or `starts_at`."""

    by: str = "created_at"
    descending: bool = True
