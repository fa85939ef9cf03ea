"""Example bodies for the API's description."""

from typing import Any

_ID = "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4e01"
_LEAD = "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c11"
_AT = "2026-11-30T12:00:05.000Z"
JOB: dict[str, Any] = {
    "id": _ID,
    "status": "sending",
    "job_id": f"{_ID}-1",
    "queued": 1200,
    "failure": None,
    "warnings": [],
}
PAUSED = JOB | {"status": "paused"}
CANCELLED = JOB | {"status": "cancelled"}
RETRIED = JOB | {"job_id": f"{_ID}-2"}
TEST = {"to": ["me@shop.example"], "lead_id": None}
TESTED = {"to": ["me@shop.example"]}
PREVIEW = {"data": {"first_name": "Ada"}}
PREVIEWED: dict[str, Any] = {
    "subject": "It begins, Ada",
    "html": "<p>Hi Ada</p>",
    "text": "Hi Ada",
    "missing": [],
    "warnings": [],
}
DELIVERY: dict[str, Any] = {
    "id": f"{_ID}-0-3",
    "campaign_id": _ID,
    "lead_id": _LEAD,
    "to": "ada@people.example",
    "channel": None,
    "variant": None,
    "state": "sent",
    "attempts": 1,
    "reason": None,
    "provider_id": f"<{_ID}-0-3@shop.example>",
    "opened_at": None,
    "clicked": False,
    "converted": False,
    "revenues": {},
    "at": _AT,
}
LOG_CSV: dict[str, Any] = {
    "schema": {"type": "string"},
    "example": '"id","campaign_id","lead_id"\r\n"0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4e01-0-3","…","…"\r\n',
}
_STATES = {
    "pending": 0,
    "claimed": 0,
    "sent": 1180,
    "delivered": 0,
    "failed": 8,
    "unknown": 0,
    "suppressed": 12,
    "bounced": 0,
}
STATS: dict[str, Any] = {
    "campaign_id": _ID,
    "status": "sent",
    "recipients": 1200,
    "states": _STATES,
    "bounced_hard": 0,
    "bounced_soft": 0,
    "complained": 0,
    "unsubscribed": 3,
    "opened": 410,
    "opened_machine": 220,
    "clicked": 96,
    "clicked_machine": 14,
    "converted": 5,
    "revenue": "149.95",
    "currency": "EUR",
    "revenues": {"EUR": "149.95"},
    "variants": [],
    "links": [{"url": "https://shop.example/sale", "clicks": 96}],
    "points": [{"at": _AT, **_STATES, "opened": 410, "clicked": 96}],
    "rate_per_minute": 600.0,
    "remaining_seconds": None,
    "as_of": _AT,
}
