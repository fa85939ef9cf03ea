"""How bookings lie in the core table.

| pk | sk | gsi1pk, gsi1sk | what |
|---|---|---|---|
| `BOOKINGTYPE#<id>` | `TYPE` | `CLIENT#<client>`, `BOOKINGTYPE#<id>` | booking type |
| `BOOKING#<id>` | `BOOKING` | `CLIENT#<client>`, `BOOKING#<id>` | booking |
| `BOOKINGS#<client>#<view>` | `<created at>#<id>` | | row of a list (`storage.listing`) |
| `HOSTDAY#<client>#<host>` | `<date in UTC>` | | a host's taken time; its version sells a slot once |
| `HOSTBUSY#<client>` | `<type>#<host>` | | when a host is busy elsewhere, as outside calendars say |
| `BOOKED#<client>` | `<digest of e-mail>#<id>` | | whose bookings those are, for erasure |
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from pynamodb.attributes import (
    BooleanAttribute,
    JSONAttribute,
    ListAttribute,
    NumberAttribute,
    UnicodeAttribute,
    UTCDateTimeAttribute,
)

from groundswell.bookings.agenda import HostDay, Span
from groundswell.bookings.calendars import HostBusy
from groundswell.bookings.model import Booking, BookingType
from groundswell.kernel.clock import millis, rfc3339
from groundswell.storage.core import CoreItem
from groundswell.storage.listing import Entry, Listing
from groundswell.storage.mapper import to_item

LISTING = Listing("BOOKINGS", ("created_at", "starts_at"))


class BookingTypeItem(CoreItem):
    id = UnicodeAttribute()
    client_id = UnicodeAttribute()
    created_by = UnicodeAttribute()
    created_at = UTCDateTimeAttribute()
    updated_at = UTCDateTimeAttribute()
    name = UnicodeAttribute()
    hosts = ListAttribute(of=UnicodeAttribute)
    availability = JSONAttribute()
    duration_minutes = NumberAttribute()
    description = UnicodeAttribute(null=True)
    location = UnicodeAttribute(null=True)
    assignment = UnicodeAttribute()
    interval = NumberAttribute(null=True)
    buffer_before = NumberAttribute()
    buffer_after = NumberAttribute()
    min_notice = NumberAttribute()
    horizon_days = NumberAttribute()
    per_day = NumberAttribute(null=True)
    confirmation = UnicodeAttribute()
    consent_text = UnicodeAttribute(null=True)
    calendars = JSONAttribute(default=dict)
    is_active = BooleanAttribute()


class BookingItem(CoreItem):
    id = UnicodeAttribute()
    client_id = UnicodeAttribute()
    type_id = UnicodeAttribute()
    type_name = UnicodeAttribute()
    hosts = ListAttribute(of=UnicodeAttribute)
    starts_at = UTCDateTimeAttribute()
    ends_at = UTCDateTimeAttribute()
    day = UnicodeAttribute()
    days = ListAttribute(of=UnicodeAttribute)
    timezone = UnicodeAttribute()
    email = UnicodeAttribute()
    status = UnicodeAttribute()
    created_at = UTCDateTimeAttribute()
    updated_at = UTCDateTimeAttribute()
    name = UnicodeAttribute(null=True)
    notes = UnicodeAttribute(null=True)
    location = UnicodeAttribute(null=True)
    locale = UnicodeAttribute(null=True)
    reason = UnicodeAttribute(null=True)
    agreement = JSONAttribute(null=True)
    attribution = JSONAttribute(default=dict)
    lead_id = UnicodeAttribute(null=True)
    sequence = NumberAttribute(default=0)


class HostDayItem(CoreItem):
    client_id = UnicodeAttribute()
    host_id = UnicodeAttribute()
    day = UnicodeAttribute()
    spans = JSONAttribute()


class HostBusyItem(CoreItem):
    client_id = UnicodeAttribute()
    type_id = UnicodeAttribute()
    host_id = UnicodeAttribute()
    reads = JSONAttribute()


def type_pk(type_id: str) -> str:
    return f"BOOKINGTYPE#{type_id}"


def booking_pk(booking_id: str) -> str:
    return f"BOOKING#{booking_id}"


def agenda_pk(client_id: str, host_id: str) -> str:
    return f"HOSTDAY#{client_id}#{host_id}"


def busy_pk(client_id: str) -> str:
    return f"HOSTBUSY#{client_id}"


def busy_sk(type_id: str, host_id: str = "") -> str:
    return f"{type_id}#{host_id}"


def busy_key(kind: BookingType, host_id: str) -> dict[str, Any]:
    return {"pk": {"S": busy_pk(kind.client_id)}, "sk": {"S": busy_sk(kind.id, host_id)}}


def booked_pk(client_id: str) -> str:
    return f"BOOKED#{client_id}"


def booked_key(client_id: str, email: str, booking_id: str) -> dict[str, Any]:
    return {"pk": {"S": booked_pk(client_id)}, "sk": {"S": f"{booked_prefix(email)}{booking_id}"}}


def booked_prefix(email: str) -> str:
    return f"{sha256(email.encode()).hexdigest()[:32]}#"


def type_item(kind: BookingType) -> BookingTypeItem:
    keys = {"gsi1pk": f"CLIENT#{kind.client_id}", "gsi1sk": type_pk(kind.id)}
    return to_item(BookingTypeItem, kind, type_pk(kind.id), "TYPE", kind="booking_type", **keys)


def booking_item(booking: Booking) -> BookingItem:
    keys = {"gsi1pk": f"CLIENT#{booking.client_id}", "gsi1sk": booking_pk(booking.id)}
    return to_item(BookingItem, booking, booking_pk(booking.id), "BOOKING", kind="booking", **keys)


def host_day_item(day: HostDay) -> HostDayItem:
    values: dict[str, Any] = {"client_id": day.client_id, "host_id": day.host_id, "day": day.day}
    versions: dict[str, Any] = {"version": day.version} if day.version else {}
    spans = [_packed(span) for span in day.spans]
    pk = agenda_pk(day.client_id, day.host_id)
    return HostDayItem(pk, day.day, kind="host_day", spans=spans, **values, **versions)


def host_day(row: Mapping[str, Any]) -> HostDay:
    """From a row as DynamoDB answers it: for a month of ten hosts, an item and its attributes take twice the time."""
    spans = tuple(map(_unpacked, json.loads(row["spans"]["S"])))
    return HostDay(row["client_id"]["S"], row["host_id"]["S"], row["day"]["S"], spans, int(row["version"]["N"]))


def _packed(span: Span) -> list[Any]:
    """Times as milliseconds since 1970: a month of ten hosts is thousands of them, and ISO 8601 takes four times as
    long to read."""
    times = (span.starts_at, span.ends_at, span.busy_from, span.busy_to)
    return [span.id, span.type_id, span.day, *map(millis, times), millis(span.expires_at) if span.expires_at else None]


def _unpacked(packed: Any) -> Span:
    if isinstance(packed, dict):  # as they were written first; a day is packed anew when it is sold of next
        return Span(**{name: _moment_of(name, value) for name, value in packed.items()})
    span_id, type_id, day, start, end, busy_from, busy_to, expires_at = packed
    starts_at, ends_at = _moment(start), _moment(end)
    return Span(
        span_id,
        type_id,
        day,
        starts_at,
        ends_at,
        starts_at if busy_from == start else _moment(busy_from),
        ends_at if busy_to == end else _moment(busy_to),
        None if expires_at is None else _moment(expires_at),
    )


def _moment(at: int) -> datetime:
    return datetime.fromtimestamp(at / 1000, UTC)


def _moment_of(name: str, value: Any) -> Any:
    return value if name in ("id", "type_id", "day") or value is None else datetime.fromisoformat(value)


def host_busy_item(busy: HostBusy) -> HostBusyItem:
    sk = busy_sk(busy.type_id, busy.host_id)
    return to_item(HostBusyItem, busy, busy_pk(busy.client_id), sk, kind="host_busy")


def entry(booking: Booking) -> Entry:
    """What lists know of it."""
    hosts = [f"host={host}" for host in booking.hosts]
    return Entry(
        id=booking.id,
        views=frozenset({"all", f"status={booking.status}", f"type={booking.type_id}", *hosts}),
        orders={"created_at": rfc3339(booking.created_at), "starts_at": rfc3339(booking.starts_at)},
        facts={"status": (booking.status.value,), "type": (booking.type_id,), "host": booking.hosts},
        texts={"email": booking.email},
        tallies=frozenset({("client", "total"), ("client", f"status={booking.status}")}),
    )
