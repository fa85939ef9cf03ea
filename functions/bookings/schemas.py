"""Wire shapes of booking types."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, ClassVar, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, StrictBool, StringConstraints, WithJsonSchema

from groundswell.bookings.calendars import CALENDARS_AT_MOST, HostBusy, Read
from groundswell.bookings.model import (
    HORIZON_AT_MOST,
    HOSTS_AT_MOST,
    Assignment,
    Availability,
    BookingType,
    Confirmation,
)
from groundswell.http.fields import Duration, Length, Timezone, seconds_of
from groundswell.http.schema import Changes, In, Line, Out, Time, any_case

HOLIDAYS_AT_MOST = 200
_CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d|24:00", re.ASCII)
_LENGTHS = ("interval", "buffer_before", "buffer_after", "min_notice")


def _clock(text: str) -> str:
    if not _CLOCK.fullmatch(text):
        raise ValueError("a time of day such as 09:00")
    return text


def _ordered(windows: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    ends = ""
    for begins, until in sorted(windows):
        if begins >= until or begins < ends:
            raise ValueError("windows end after they begin, and do not overlap")
        ends = until
    return windows


def _date(text: str) -> str:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        raise ValueError("a date such as 2026-12-25")
    return date.fromisoformat(text).isoformat()


def _minutes(value: Any) -> Any:
    """A bare number is minutes."""
    return f"{value}m" if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else value


def _address(text: str) -> str:
    """Calendars' own scheme is HTTPS by another name."""
    address = re.sub(r"^webcals?://", "https://", text.strip(), flags=re.IGNORECASE)
    if not re.match(r"https?://[^/?#\s]+", address, re.IGNORECASE):
        raise ValueError("an address that begins with https:// or webcal://")
    return address


def _once(ids: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ids))


Id = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
Clock = Annotated[str, AfterValidator(_clock)]
Window = Annotated[
    tuple[Clock, Clock],
    WithJsonSchema({"type": "array", "items": {"type": "string", "maxLength": 5}, "minItems": 2, "maxItems": 2}),
]
Windows = Annotated[tuple[Window, ...], Field(max_length=10), AfterValidator(_ordered)]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Holiday = Annotated[str, AfterValidator(_date)]
Span = Annotated[Duration, BeforeValidator(_minutes)]
Hosts = Annotated[tuple[Id, ...], Field(min_length=1, max_length=HOSTS_AT_MOST), AfterValidator(_once)]
Address = Annotated[str, StringConstraints(max_length=2000), AfterValidator(_address)]
Calendars = Annotated[
    dict[Id, Annotated[tuple[Address, ...], Field(max_length=CALENDARS_AT_MOST)]], Field(max_length=HOSTS_AT_MOST)
]
Text = Annotated[str, StringConstraints(max_length=10_000)]


class AvailabilityIn(In):
    """`weekly` are windows on the clocks of `timezone`: `{"mon": [["09:00", "17:00"]]}`; `24:00` is a day's end."""

    timezone: Timezone = "UTC"
    weekly: dict[Weekday, Windows] = Field(default_factory=dict)
    holidays: Annotated[tuple[Holiday, ...], Field(max_length=HOLIDAYS_AT_MOST)] = ()


class _TypeIn(Changes):
    required: ClassVar[frozenset[str]] = frozenset(
        {
            "name",
            "duration_minutes",
            "hosts",
            "assignment",
            "availability",
            "buffer_before",
            "buffer_after",
            "min_notice",
            "horizon_days",
            "confirmation",
            "is_active",
        }
    )

    duration_minutes: Annotated[int, Field(ge=5, le=24 * 60)] | None = 30
    description: Text | None = None
    location: Line | None = Field(default=None, description="Where it takes place: an address, or a link to a meeting")
    hosts: Hosts | None = Field(default=None, description="Users who work for the client; the caller by default")
    assignment: Annotated[Assignment, any_case(Assignment)] | None = Assignment.ROUND_ROBIN
    availability: AvailabilityIn | None = Field(default=None, description="Monday to Friday, 9 to 17, by default")
    interval: Span | None = Field(default=None, description="Between two starts; null is the duration")
    buffer_before: Span | None = "0m"
    buffer_after: Span | None = "0m"
    min_notice: Span | None = Field(default="0m", description="From now to the first slot that is offered")
    horizon_days: Annotated[int, Field(ge=1, le=HORIZON_AT_MOST)] | None = 60
    per_day: Annotated[int, Field(ge=1, le=100)] | None = Field(default=None, description="Bookings of a host and day")
    confirmation: Annotated[Confirmation, any_case(Confirmation)] | None = Confirmation.AUTO
    consent_text: Annotated[str, StringConstraints(min_length=1, max_length=2000)] | None = None
    calendars: Calendars | None = Field(
        default=None,
        description="Public iCalendar addresses of a host's calendars elsewhere, by the host's id: when these say "
        "`busy`, the host is not free. Read every quarter of an hour",
    )
    is_active: StrictBool | None = True
    client_id: str | None = None

    def values(self) -> dict[str, Any]:
        changes = self.changes()
        for name in _LENGTHS:
            if changes.get(name) is not None:
                changes[name] = seconds_of(changes[name])
        if "calendars" in changes:
            changes["calendars"] = changes["calendars"] or {}
        if self.availability is not None and "availability" in changes:
            changes["availability"] = Availability(**self.availability.model_dump())
        return changes


class TypeCreate(_TypeIn):
    """Only `name` is required."""

    name: Line


class TypeUpdate(_TypeIn):
    """Absent keeps; `null` clears. `availability` is replaced as a whole. Bookings that there are stay as they are."""

    name: Line | None = None


class AvailabilityOut(Out):
    timezone: str
    weekly: dict[str, list[list[str]]]
    holidays: list[str]


class TypeOut(Out):
    id: str
    client_id: str
    name: str
    description: str | None
    location: str | None
    duration_minutes: int
    hosts: list[str]
    assignment: Assignment
    availability: AvailabilityOut
    interval: Length | None
    buffer_before: Length
    buffer_after: Length
    min_notice: Length
    horizon_days: int
    per_day: int | None
    confirmation: Confirmation
    consent_text: str | None
    calendars: dict[str, list[str]] = Field(description="The hosts they are at alone: who has an address reads it")
    is_active: bool
    page_url: str
    created_by: str | None
    created_at: Time
    updated_at: Time
    version: int


def type_out(kind: BookingType, page_url: str, *, public: bool = False) -> TypeOut:
    """The public sees neither who works there nor where it takes place."""
    hidden: dict[str, Any] = {"created_by": None, "location": None, "hosts": [], "calendars": {}} if public else {}
    calendars = {host: [shown_address(address) for address in addresses] for host, addresses in kind.calendars.items()}
    return TypeOut.model_validate({**vars(kind), "page_url": page_url, "calendars": calendars, **hidden})


def shown_address(address: str) -> str:
    """Without what whoever has it would read the calendar by."""
    return f"{urlsplit(address).hostname}/…"


class CalendarOut(Out):
    """`read_at` is when it could be read last; `error` why it cannot be now: what was read last counts till then."""

    host_id: str
    address: str
    read_at: Time | None
    error: str | None
    busy: int


def calendars_out(kind: BookingType, known: Sequence[HostBusy]) -> list[CalendarOut]:
    reads = {(host_busy.host_id, address): read for host_busy in known for address, read in host_busy.reads.items()}
    named = [(host, address) for host, addresses in kind.calendars.items() for address in addresses]
    return [_calendar_out(host, address, reads.get((host, address), Read())) for host, address in named]


def _calendar_out(host: str, address: str, read: Read) -> CalendarOut:
    return CalendarOut(
        host_id=host, address=shown_address(address), read_at=read.read_at, error=read.error, busy=len(read.busy)
    )
