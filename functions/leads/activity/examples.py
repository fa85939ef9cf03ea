"""Example bodies for the API's description."""

from typing import Any

from functions.leads.examples import LEAD

_AT = "2026-11-22T11:00:00.000Z"
CREATE: dict[str, Any] = {"type": "call", "body": "Wants a demo for forty people", "at": _AT}
INTERACTION: dict[str, Any] = {
    "id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c66",
    "lead_id": LEAD["id"],
    **CREATE,
    "due_at": None,
    "task_id": None,
    "created_by": LEAD["created_by"],
    "created_at": _AT,
    "updated_at": _AT,
    "version": 1,
}
ENTRY: dict[str, Any] = {
    "id": INTERACTION["id"],
    "at": _AT,
    "channel": "interaction",
    "event": "call",
    "text": CREATE["body"],
    "by": LEAD["created_by"],
    "object_type": "interaction",
    "object_id": INTERACTION["id"],
    "data": {},
}
CONSENT: dict[str, Any] = {
    "channel": "email",
    "granted": True,
    "at": _AT,
    "by": LEAD["created_by"],
    "source": "webinar form",
    "text": "Send me the newsletter",
    "text_version": "2026-11",
    "network": "203.0.113.0/24",
}
