"""Example bodies for the API's description."""

from typing import Any

CREATE: dict[str, Any] = {
    "title": "Growth in numbers",
    "description": "What to measure first, and what not at all",
    "starts_at": "2027-01-15T15:00:00Z",
    "duration_minutes": 60,
    "timezone": "Europe/Berlin",
    "capacity": 100,
    "join_url": "https://meet.example/growth",
    "status": "published",
    "waitlist": True,
}
_ID = "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c51"
WEBINAR: dict[str, Any] = {
    "id": _ID,
    "client_id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c12",
    **CREATE,
    "starts_at": "2027-01-15T15:00:00.000Z",
    "ends_at": "2027-01-15T16:00:00.000Z",
    "seats_taken": 0,
    "seats_left": 100,
    "waiting": 0,
    "registration_closes_at": None,
    "offer_valid_for": "1d",
    "consent_text": None,
    "recording_url": None,
    "follow_up": None,
    "page_url": f"https://api.groundswell.example/w/{_ID}",
    "calendar_url": f"https://api.groundswell.example/api/v1/business/webinars/{_ID}/calendar.ics",
    "sequence": 0,
    "created_by": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c11",
    "created_at": "2026-11-30T09:00:00.000Z",
    "updated_at": "2026-11-30T09:00:00.000Z",
    "version": 1,
}
UPDATE = {"starts_at": "2027-01-16T15:00:00Z"}
UPDATED = {
    **WEBINAR,
    "starts_at": "2027-01-16T15:00:00.000Z",
    "ends_at": "2027-01-16T16:00:00.000Z",
    "sequence": 1,
    "version": 2,
}
REGISTER: dict[str, Any] = {
    "email": "ada@lovelace.example",
    "name": "Ada Lovelace",
    "company": "Analytical Engines",
    "timezone": "Europe/London",
    "consent": True,
}
_REGISTRATION = "5d41402abc4b2a76b9719d911017c592"
PLACE = {
    "id": _REGISTRATION,
    "webinar_id": _ID,
    "email": "ada@lovelace.example",
    "status": "confirmed",
    "offer_expires_at": None,
    "calendar_url": f"{WEBINAR['calendar_url']}?token=eyJ",
    "manage_url": "https://api.groundswell.example/w/m/eyJ",
    "created_at": "2026-11-30T10:00:00.000Z",
    "updated_at": "2026-11-30T10:00:00.000Z",
    "version": 1,
}
REGISTRATION = {
    "id": _REGISTRATION,
    "webinar_id": _ID,
    **{name: value for name, value in REGISTER.items() if name != "consent"},
    "locale": "en",
    "status": "confirmed",
    "consent": {
        "granted": True,
        "at": "2026-11-30T10:00:00.000Z",
        "text": "I agree that Acme uses my details for this webinar and may contact me about it.",
        "text_version": "0f3a2b1c4d5e",
        "network": "203.0.113.0/24",
    },
    "attribution": {"utm_campaign": "spring"},
    "offer_expires_at": None,
    "attended": None,
    "joined_at": None,
    "left_at": None,
    "lead_id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c61",
    "created_at": "2026-11-30T10:00:00.000Z",
    "updated_at": "2026-11-30T10:00:00.000Z",
    "version": 2,
}
CANCEL = {"status": "cancelled"}
CANCELLED = {**REGISTRATION, "status": "cancelled", "version": 3}
ATTENDANCE = {"emails": ["ada@lovelace.example"]}
ATTENDED = {"recorded": 1, "unknown": [], "registrations": [{**REGISTRATION, "attended": True}]}
CALENDAR = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Groundswell//EN\r\nEND:VCALENDAR\r\n"
