"""Example bodies for the API's description."""

from typing import Any

_ADA = "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c11"
_ME = "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c99"
_AT = "2026-11-22T11:00:00.000Z"
CREATE: dict[str, Any] = {
    "email": "ada@lovelace.example",
    "phone": "+49 30 901820",
    "first_name": "Ada",
    "last_name": "Lovelace",
    "company": "Analytical Engines",
    "title": "Head of Growth",
    "website": "https://www.lovelace.example",
    "source": "webinar",
    "tags": ["enterprise"],
    "custom_fields": {"seats": 40},
    "identities": {"distinct_id": "user-1", "external": {"crm": "4711"}},
    "consent": {"email": {"granted": True, "source": "webinar form", "text": "Send me the newsletter"}},
}
LEAD: dict[str, Any] = {
    "id": _ADA,
    "client_id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c00",
    "email": CREATE["email"],
    "phone": "+4930901820",
    "first_name": "Ada",
    "last_name": "Lovelace",
    "company": CREATE["company"],
    "company_domain": "lovelace.example",
    "title": CREATE["title"],
    "website": CREATE["website"],
    "source": "webinar",
    "status": "new",
    "status_changed_at": _AT,
    "tags": ["enterprise"],
    "owner_id": None,
    "watchers": [],
    "locale": None,
    "timezone": None,
    "custom_fields": {"seats": 40},
    "identities": {"telegram_chat_id": None, "wallet": None, "distinct_id": "user-1", "external": {"crm": "4711"}},
    "aliases": [],
    "consent": {
        "email": {
            **CREATE["consent"]["email"],
            "at": _AT,
            "by": _ME,
            "text_version": None,
            "network": "203.0.113.0/24",
        }
    },
    "score": None,
    "grade": None,
    "scored_at": None,
    "email_verdict": None,
    "email_checked_at": None,
    "list_ids": [],
    "segment_ids": [],
    "created_by": _ME,
    "last_activity_at": _AT,
    "created_at": _AT,
    "updated_at": _AT,
    "version": 1,
}
UPDATE: dict[str, Any] = {"status": "qualified", "tags": ["enterprise", "berlin"]}
UPDATED = LEAD | UPDATE | {"version": 2}
CHANGE = {"at": _AT, "by": _ME, "field": "status", "from": "new", "to": "qualified"}
STAGE = {"status": "new", "name": "New", "position": 1, "leads": 12}
COMPANY = {"domain": "lovelace.example", "name": "Analytical Engines", "leads": 1, "created_at": _AT}
