"""What webhooks get of bookings."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from groundswell.bookings.model import Booking, Status
from groundswell.kernel.clock import rfc3339
from groundswell.kernel.message import Message
from groundswell.webhooks.events import event_message

_BOOKING: Mapping[str, Any] = {
    "id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c71",
    "type_id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c72",
    "type_name": "A first call",
    "hosts": ["0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c11"],
    "starts_at": "2027-01-15T15:00:00.000Z",
    "ends_at": "2027-01-15T15:30:00.000Z",
    "timezone": "Europe/Berlin",
    "email": "ada@lovelace.example",
    "name": "Ada Lovelace",
    "status": "confirmed",
    "reason": None,
    "sequence": 0,
}
RESCHEDULED = "rescheduled"
HOLD_EXPIRED = "booking.hold_expired"
_HOLD: Mapping[str, str] = {
    "id": "0192f0c17c1a7d3e8f002b6f1e9a4c726788a070d3e8f002b6f1e9a4c7112345",
    "type_id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c72",
    "starts_at": "2027-01-15T15:00:00.000Z",
    "ends_at": "2027-01-15T15:30:00.000Z",
}
EVENTS: Mapping[str, Mapping[str, Any]] = {
    HOLD_EXPIRED: _HOLD,
    **{f"booking.{status}": {**_BOOKING, "status": status.value} for status in Status},
    f"booking.{RESCHEDULED}": {**_BOOKING, "sequence": 1},
}


def booking_message(what: str, booking: Booking, event_id: str) -> Message:
    data = {name: _shown(getattr(booking, name)) for name in _BOOKING}
    return event_message(booking.client_id, f"booking.{what}", data, id=event_id, at=booking.updated_at)


def hold_message(client_id: str, hold: Mapping[str, str], at: datetime) -> Message:
    """Of a hold that nobody used or released; told again it is the same event."""
    data = {name: hold[name] for name in _HOLD}
    return event_message(client_id, HOLD_EXPIRED, data, id=f"{hold['id']}-expired", at=at)


def _shown(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return rfc3339(value) if isinstance(value, datetime) else getattr(value, "value", value)
