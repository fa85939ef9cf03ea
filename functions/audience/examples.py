"""Example bodies for the API's description."""

from typing import Any

_LIST = "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c71"
_ADA = "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c11"
_ME = "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c99"
_CLIENT = "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c00"
_AT = "2026-11-22T11:00:00.000Z"
LIST_CREATE: dict[str, Any] = {"name": "Newsletter", "opt_in": "double", "description": "Once a month"}
LIST: dict[str, Any] = {
    "id": _LIST,
    "client_id": _CLIENT,
    **LIST_CREATE,
    "members": 0,
    "created_by": _ME,
    "created_at": _AT,
    "updated_at": _AT,
    "version": 1,
}
LIST_UPDATE = {"name": "Monthly letter"}
LIST_UPDATED = LIST | LIST_UPDATE | {"version": 2}
MEMBERS_ADD = {"emails": ["ada@lovelace.example"]}
ADDED = {"lead_id": _ADA, "email": "ada@lovelace.example", "status": "pending", "error": None}
MEMBER: dict[str, Any] = {
    "list_id": _LIST,
    "lead_id": _ADA,
    "email": "ada@lovelace.example",
    "name": "Ada Lovelace",
    "status": "pending",
    "source": "api",
    "asked_at": _AT,
    "confirmed_at": None,
    "unsubscribed_at": None,
    "created_by": _ME,
    "created_at": _AT,
    "updated_at": _AT,
    "version": 1,
}
UNSUBSCRIBED = MEMBER | {"status": "unsubscribed", "unsubscribed_at": _AT, "version": 2}
OPT_OUT_CREATE = {"email": "grace@hopper.example", "reason": "manual"}
OPT_OUT: dict[str, Any] = {
    "id": "6a2f9c1e-0d3b-8e4a-9b7c-5d1f2e3a4b5c",
    "channel": "email",
    "email": "grace@hopper.example",
    "telegram_chat_id": None,
    "reason": "manual",
    "source": "api",
    "created_by": _ME,
    "created_at": _AT,
    "updated_at": _AT,
    "version": 1,
}
CONSENT_ADD: dict[str, Any] = {
    "lead_id": _ADA,
    "channel": "email",
    "granted": True,
    "source": "phone call",
    "text": "Asked for the newsletter",
}
CONSENT: dict[str, Any] = {
    **CONSENT_ADD,
    "text_version": None,
    "at": _AT,
    "by": _ME,
    "network": "203.0.113.0/24",
}

IMPORT: dict[str, Any] = {"upload": True}
IMPORT_FORM = {"file": "email,first_name\r\nada@lovelace.example,Ada\r\n"}
ANNOUNCED: dict[str, Any] = {
    "id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c81",
    "upload": {
        "url": "https://uploads.s3.amazonaws.com/",
        "fields": {"key": f"leads/{_CLIENT}/0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c81/source.csv"},
        "expires_at": "2026-11-22T12:00:00.000Z",
    },
}
IMPORT_STARTED: dict[str, Any] = {
    "id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c81",
    "job": "lead_import",
    "status": "queued",
    "progress": 0,
    "created_at": _AT,
    "updated_at": _AT,
    "result": None,
    "error": None,
}
IMPORT_START: dict[str, Any] = {"mapping": {"Mail": "email", "Seats": "custom_fields.seats"}, "dry_run": True}
EXPORT_STARTED = IMPORT_STARTED | {"job": "lead_export"}

SEGMENT_CREATE: dict[str, Any] = {
    "name": "Heads who looked at prices",
    "match": "all",
    "rules": [
        {"field": "title", "operator": "contains", "value": "head"},
        {"event": "Pricing Viewed", "operator": "gte", "value": 2, "within": "30d"},
    ],
}
SEGMENT: dict[str, Any] = {
    "id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c91",
    "client_id": _CLIENT,
    "description": None,
    **SEGMENT_CREATE,
    "members": 0,
    "refreshed_at": None,
    "created_by": _ME,
    "created_at": _AT,
    "updated_at": _AT,
    "version": 1,
}
SEGMENT_UPDATE = {"match": "any"}
SEGMENT_UPDATED = SEGMENT | SEGMENT_UPDATE | {"version": 2}
PREVIEW: dict[str, Any] = {
    "count": 1,
    "sample": [{"lead_id": _ADA, "email": "ada@lovelace.example", "name": "Ada Lovelace"}],
    "asked": 12,
    "exact": True,
}
