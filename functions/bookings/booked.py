"""Wire shapes of slots, holds and bookings."""

from typing import Annotated, Literal, Self

from pydantic import Field, StrictBool, StringConstraints, model_validator

from functions.bookings.schemas import Id
from groundswell.bookings.model import Booking, Status
from groundswell.bookings.places import Places
from groundswell.http.email import Email
from groundswell.http.fields import Locale, Timezone
from groundswell.http.schema import In, Line, Out, Time, WrittenOnce
from groundswell.http.timestamps import Timestamp

Notes = Annotated[str, StringConstraints(max_length=5000)]
Source = Annotated[str, StringConstraints(max_length=200)]


class SlotOut(Out):
    """In the zone that was asked for. `hosts` are those who are free; empty for the public."""

    starts_at: str
    ends_at: str
    hosts: list[str]


class HoldIn(In):
    type_id: Id
    starts_at: Timestamp
    client_id: str | None = None


class HoldOut(WrittenOnce):
    id: str
    type_id: str
    starts_at: Time
    ends_at: Time
    expires_at: Time


class AttendeeIn(In):
    email: Email
    name: Line | None = None


class BookingCreate(In):
    """`timezone` is the attendee's, whose mails show times on those clocks. `hold_id` is of a hold on this slot."""

    type_id: Id
    starts_at: Timestamp
    timezone: Timezone | None = None
    attendee: AttendeeIn
    notes: Notes | None = None
    hold_id: Id | None = None
    locale: Locale | None = None
    consent: StrictBool = False
    attribution: Annotated[dict[Id, Source], Field(max_length=20)] = Field(default_factory=dict)
    client_id: str | None = None


class BookingUpdate(In):
    """Either another `status`, or another time. Attendees cancel and move; all else is for editors."""

    status: Literal["confirmed", "declined", "cancelled", "completed", "no_show"] | None = None
    starts_at: Timestamp | None = None
    reason: Annotated[str, StringConstraints(max_length=1000)] | None = None
    client_id: str | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.status is None) is (self.starts_at is None):
            raise ValueError("name a status, or a new starts_at")
        return self


class AttendeeOut(Out):
    email: str
    name: str | None


class BookingOut(Out):
    """`host_id` is whom it is with, `hosts` are all whose time it takes. `manage_url` is null for who only reads."""

    id: str
    client_id: str
    type_id: str
    type_name: str
    host_id: str
    hosts: list[str]
    starts_at: Time
    ends_at: Time
    timezone: str
    attendee: AttendeeOut
    notes: str | None
    location: str | None
    status: Status
    reason: str | None
    consent: bool
    attribution: dict[str, str]
    lead_id: str | None
    calendar_url: str
    manage_url: str | None
    sequence: int
    created_at: Time
    updated_at: Time
    version: int


def booking_out(booking: Booking, places: Places, *, own: bool = True) -> BookingOut:
    """`own`: with the links by which it is moved and cancelled, which are not for those who only read."""
    fields = {
        **vars(booking),
        "host_id": booking.host_id,
        "attendee": {"email": booking.email, "name": booking.name},
        "consent": bool(booking.agreement and booking.agreement.granted),
        "calendar_url": places.calendar(booking, own=own),
        "manage_url": places.manage(booking) if own else None,
    }
    return BookingOut.model_validate(fields)
