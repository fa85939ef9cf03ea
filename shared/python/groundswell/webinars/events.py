"""What webhooks get of webinars."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from groundswell.kernel.clock import rfc3339
from groundswell.kernel.message import Message
from groundswell.webhooks.events import event_message
from groundswell.webinars.model import Webinar
from groundswell.webinars.registration import Registration

_WEBINAR: Mapping[str, Any] = {
    "id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c51",
    "title": "Growth in numbers",
    "starts_at": "2027-01-15T15:00:00.000Z",
    "duration_minutes": 60,
    "status": "published",
    "sequence": 0,
}
_REGISTRATION: Mapping[str, Any] = {
    "id": "5d41402abc4b2a76b9719d911017c592",
    "webinar_id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c51",
    "email": "ada@lovelace.example",
    "name": "Ada Lovelace",
    "company": None,
    "status": "confirmed",
    "created_at": "2026-11-30T12:00:00.000Z",
}
EVENTS: Mapping[str, Mapping[str, Any]] = {
    **{f"webinar.{event}": _WEBINAR for event in ("published", "rescheduled", "live", "ended", "cancelled")},
    **{
        f"webinar.registration.{status}": {**_REGISTRATION, "status": status}
        for status in ("confirmed", "waitlisted", "offered", "expired", "cancelled")
    },
}


def webinar_message(what: str, webinar: Webinar, event_id: str, at: datetime) -> Message:
    data = {name: _shown(getattr(webinar, name)) for name in _WEBINAR}
    return event_message(webinar.client_id, f"webinar.{what}", data, id=event_id, at=at)


def registration_message(registration: Registration, event_id: str) -> Message:
    data = {name: _shown(getattr(registration, name)) for name in _REGISTRATION}
    kind = f"webinar.registration.{registration.status}"
    return event_message(registration.client_id, kind, data, id=event_id, at=registration.updated_at)


def _shown(value: Any) -> Any:
    return rfc3339(value) if isinstance(value, datetime) else getattr(value, "value", value)
