"""Example bodies for the API's description."""

from typing import Any

CREATE = {"name": "Analytical Engines", "website": "https://engines.example", "timezone": "Europe/London"}
UPDATE = {
    "name": "Analytical Engines Ltd",
    "allowed_origins": ["https://shop.engines.example"],
    "lead_scoring_config": {"threshold": 0.7},
}
CLIENT: dict[str, Any] = {
    "id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c12",
    "org_id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c10",
    "name": "Analytical Engines",
    "website": "https://engines.example",
    "logo": "https://engines.example/logo.svg",
    "industry": None,
    "timezone": "Europe/London",
    "status": "active",
    "is_active": True,
    "settings": {},
    "allowed_origins": ["https://shop.engines.example"],
    "lead_scoring_config": {"threshold": 0.7},
    "created_by": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c11",
    "created_at": "2026-11-22T09:00:00.000Z",
    "updated_at": "2026-11-22T09:00:00.000Z",
    "deleted_at": None,
    "version": 1,
}
DELETED = {**CLIENT, "status": "deleted", "is_active": False, "deleted_at": "2026-11-23T09:00:00.000Z", "version": 2}
ROLE = {"client_id": CLIENT["id"], "role": "owner"}
KEY = {
    "id": "0192f0c17c1a7d3e8f002b6f1e9a4c13",
    "name": "Web shop",
    "hint": "gp_live_0192f0c17c1a7d3e8f002b6f1e9a4c13…x7Qk",
    "scopes": ["events:write"],
    "status": "active",
    "created_by": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c11",
    "created_at": "2026-11-22T09:00:00.000Z",
    "expires_at": None,
    "rotated_to": None,
    "calls_per_minute": None,
    "last_used_at": "2026-11-22T09:00:00.000Z",
    "version": 1,
}
NEW_KEY = {**KEY, "api_key": "gp_live_0192f0c17c1a7d3e8f002b6f1e9a4c13_…"}
COMPANY = {**CLIENT, "api_key": NEW_KEY["api_key"]}
CREATE_KEY = {"name": "Web shop", "scopes": ["events:write"]}
UPDATE_KEY = {"name": "Web shop", "calls_per_minute": 600}
PERMISSIONS = {
    "client_id": CLIENT["id"],
    "role": "admin",
    "source": "organization",
    "actions": ["read", "write_own", "write", "delete", "administer", "approve"],
}
ROTATE = {"overlap_seconds": 86400}
ADD_MEMBER = {"email": "grace@example.com", "role": "editor"}
MEMBER = {
    "user_id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c14",
    "email": "grace@example.com",
    "name": "Grace Hopper",
    "is_active": True,
    "role": "editor",
    "created_at": "2026-11-22T09:00:00.000Z",
    "version": 1,
}
INVITE = {"email": "grace@example.com", "role": "editor"}
INVITATION: dict[str, Any] = {
    "id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c15",
    "org_id": CLIENT["org_id"],
    "client_id": CLIENT["id"],
    "email": "grace@example.com",
    "role": "editor",
    "status": "pending",
    "invited_by": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c11",
    "created_at": "2026-11-22T09:00:00.000Z",
    "sent_at": "2026-11-22T09:00:00.000Z",
    "expires_at": "2026-11-24T09:00:00.000Z",
    "answered_at": None,
    "user_id": None,
    "updated_at": "2026-11-22T09:00:00.000Z",
    "version": 1,
}
ORG_INVITATION = {**INVITATION, "client_id": None}
_ANSWERED = {"answered_at": "2026-11-22T10:00:00.000Z", "updated_at": "2026-11-22T10:00:00.000Z", "version": 2}
REVOKED = {**INVITATION, "status": "revoked", **_ANSWERED}
ACCEPTED = {**REVOKED, "status": "accepted", "user_id": MEMBER["user_id"]}
ACCEPT = {
    "token": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c15.m3X…",
    "name": "Grace Hopper",
    "password": "correct horse battery",
}
UPDATE_ORGANIZATION = {
    "company": {"legal_name": "Analytical Engines Ltd", "size": "11-50", "phone": "+44 20 7946 0000"},
    "address": {"line1": "12 St James's Square", "city": "London", "postal_code": "SW1Y 4JH", "country": "GB"},
    "billing": {"email": "accounts@engines.example", "tax_id": "GB123456789", "plan_name": "Growth"},
    "team": {"default_role": "editor", "invitation_domains": ["engines.example"]},
    "preferences": {"timezone": "Europe/London", "language": "en-GB", "currency": "GBP"},
}
ORGANIZATION: dict[str, Any] = {
    "id": CLIENT["org_id"],
    "name": "Analytical Engines",
    "company": {
        "legal_name": "Analytical Engines Ltd",
        "website": None,
        "industry": None,
        "size": "11-50",
        "phone": "+442079460000",
        "logo": None,
        "description": None,
    },
    "address": {
        "line1": "12 St James's Square",
        "line2": None,
        "city": "London",
        "region": None,
        "postal_code": "SW1Y 4JH",
        "country": "GB",
    },
    "billing": {"email": "accounts@engines.example", "tax_id": "GB123456789", "plan_name": "Growth"},
    "plan_limits": {
        "events_per_month": 1_000_000,
        "users": None,
        "clients": 20,
        "model_tokens_per_month": None,
        "recipients_per_day": None,
    },
    "team": {"default_role": "editor", "invitation_domains": ["engines.example"]},
    "preferences": {"timezone": "Europe/London", "language": "en-GB", "currency": "GBP", "week_starts_on": "monday"},
    "created_at": "2026-11-22T09:00:00.000Z",
    "version": 1,
}
PERSON = {
    "id": MEMBER["user_id"],
    "email": "grace@example.com",
    "name": "Grace Hopper",
    "role": "member",
    "is_active": True,
}
PURGE: dict[str, Any] = {
    "client_id": CLIENT["id"],
    "client_name": "Analytical Engines",
    "state": "finished",
    "deleted_at": "2026-11-01T09:00:00.000Z",
    "started_at": "2026-11-16T00:00:01.000Z",
    "finished_at": "2026-11-16T00:00:09.000Z",
    "counts": {"api_keys": 2, "memberships": 3, "invitations": 1, "events": 1840},
}
