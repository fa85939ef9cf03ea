"""Example bodies for the API's description."""

from typing import Any

CREATE_TYPE: dict[str, Any] = {
    "name": "A first call",
    "duration_minutes": 30,
    "assignment": "round_robin",
    "availability": {
        "timezone": "Europe/Berlin",
        "weekly": {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")},
        "holidays": ["2026-12-25"],
    },
    "buffer_after": "15m",
    "min_notice": "2h",
    "horizon_days": 60,
    "per_day": 8,
    "confirmation": "auto",
}
_TYPE = "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c72"
_ADA = "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c11"
_CLIENT = "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c12"
TYPE: dict[str, Any] = {
    "id": _TYPE,
    "client_id": _CLIENT,
    **CREATE_TYPE,
    "description": None,
    "location": None,
    "hosts": [_ADA],
    "interval": None,
    "buffer_before": "0m",
    "calendars": {},
    "consent_text": None,
    "is_active": True,
    "page_url": f"https://api.groundswell.example/b/{_TYPE}",
    "created_by": _ADA,
    "created_at": "2026-11-30T09:00:00.000Z",
    "updated_at": "2026-11-30T09:00:00.000Z",
    "version": 1,
}
CALENDAR_READ = {
    "host_id": _ADA,
    "address": "calendar.example.com/…",
    "read_at": "2026-11-30T09:00:00.000Z",
    "error": None,
    "busy": 12,
}
UPDATE_TYPE = {"duration_minutes": 45}
UPDATED_TYPE = {**TYPE, **UPDATE_TYPE, "version": 2}
SLOT = {"starts_at": "2026-12-01T09:00:00.000+01:00", "ends_at": "2026-12-01T09:30:00.000+01:00", "hosts": [_ADA]}
HOLD = {"type_id": _TYPE, "starts_at": "2026-12-01T08:00:00Z"}
HELD = {
    "id": "0192f0c17c1a7d3e8f002b6f1e9a4c736a2d7d40d3e8f002b6f1e9a4c73af0c1",
    "type_id": _TYPE,
    "starts_at": "2026-12-01T08:00:00.000Z",
    "ends_at": "2026-12-01T08:30:00.000Z",
    "expires_at": "2026-11-30T09:05:00.000Z",
    "created_at": "2026-11-30T09:00:00.000Z",
    "updated_at": "2026-11-30T09:00:00.000Z",
    "version": 1,
}
CREATE: dict[str, Any] = {
    "type_id": _TYPE,
    "starts_at": "2026-12-01T08:30:00Z",
    "timezone": "Europe/Berlin",
    "attendee": {"email": "ada@lovelace.example", "name": "Ada Lovelace"},
    "notes": "About our launch",
}
_ID = "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c71"
BOOKING: dict[str, Any] = {
    "id": _ID,
    "client_id": _CLIENT,
    **CREATE,
    "type_name": "A first call",
    "host_id": _ADA,
    "hosts": [_ADA],
    "starts_at": "2026-12-01T08:30:00.000Z",
    "ends_at": "2026-12-01T09:00:00.000Z",
    "location": None,
    "status": "confirmed",
    "reason": None,
    "consent": False,
    "attribution": {},
    "lead_id": None,
    "calendar_url": f"https://api.groundswell.example/api/v1/business/bookings/{_ID}/calendar.ics?token=eyJ",
    "manage_url": "https://api.groundswell.example/b/m/eyJ",
    "sequence": 0,
    "created_at": "2026-11-30T09:00:00.000Z",
    "updated_at": "2026-11-30T09:00:00.000Z",
    "version": 1,
}
UPDATE = {"status": "cancelled", "reason": "Something came up"}
UPDATED = {**BOOKING, **UPDATE, "sequence": 1, "version": 2}
CALENDAR = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Groundswell//EN\r\nEND:VCALENDAR\r\n"
