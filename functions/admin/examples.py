"""Example bodies for the API's description."""

from typing import Any

from groundswell.kernel.version import VERSION

USER: dict[str, Any] = {
    "id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c14",
    "org_id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c10",
    "email": "grace@example.com",
    "name": "Grace Hopper",
    "first_name": "Grace",
    "last_name": "Hopper",
    "role": "member",
    "is_active": True,
    "is_verified": False,
    "last_login": None,
    "created_at": "2026-11-22T09:00:00.000Z",
    "updated_at": "2026-11-22T09:00:00.000Z",
    "version": 1,
}
CREATE_USER = {"email": "grace@example.com", "name": "Grace Hopper", "role": "member"}
UPDATE_USER = {"role": "admin"}
DEACTIVATED = {**USER, "is_active": False, "version": 2}
OVERVIEW = {
    "users": 12,
    "active_users": 11,
    "clients": 4,
    "api_keys": 6,
    "events": {"today": 1840, "last_7_days": 20311, "last_30_days": 88102},
    "clients_counted": 4,
    "as_of": "2026-11-22T09:00:00.000Z",
}
HEALTH: dict[str, Any] = {
    "status": "healthy",
    "version": VERSION,
    "environment": "prod",
    "services": {"core": {"status": "healthy", "latency_ms": 4.2, "reason": None}},
    "queues": {
        "mail": {
            "status": "healthy",
            "latency_ms": 6.1,
            "reason": None,
            "waiting": 0,
            "in_flight": 0,
            "delayed": 0,
            "oldest_seconds": 0,
        }
    },
    "dead_letters": {"mail": {"status": "healthy", "latency_ms": 5.0, "reason": None, "letters": 0}},
    "schedules": {
        "reconcile": {
            "status": "healthy",
            "latency_ms": 4.4,
            "reason": None,
            "every_minutes": 60,
            "last_due": "2026-11-22T09:00:00.000Z",
            "lag_seconds": 0,
        }
    },
    "outside": {
        "model": {
            "configured": True,
            "reachable": False,
            "last_call_at": "2026-11-22T09:00:00.000Z",
            "last_error": "HTTP 500",
            "last_error_at": "2026-11-22T09:00:00.000Z",
            "version_ends_at": None,
        }
    },
    "features": {"transactional_mail": "available", "model_answers": "fallback"},
}
LETTER: dict[str, Any] = {
    "id": "5fea7756-0ea4-451a-a703-a558b933e274",
    "source": "mail",
    "origin": "queue",
    "reason": "Invalid: not a mail",
    "first_seen": "2026-11-22T09:00:00.000Z",
    "receives": 1,
}
LETTER_WITH_BODY = {**LETTER, "body": "{}", "attributes": {"MessageId": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c16"}}
ENTRY = {
    "id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c17",
    "at": "2026-11-22T09:00:00.000Z",
    "org_id": USER["org_id"],
    "action": "user.role_changed",
    "actor": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c11",
    "target": "user:0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c14",
    "details": {"role": "admin", "before": "member"},
    "ip": "203.0.113.7",
    "request_id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c18",
}
SET_QUOTA = {"events_per_month": 1_000_000, "users": 25}
QUOTA = {
    "events_per_month": 1_000_000,
    "users": 25,
    "clients": None,
    "model_tokens_per_month": None,
    "recipients_per_day": None,
    "events_refused_until": None,
    "version": 1,
}
MODEL_USAGE = {
    "month": "2026-11",
    "tokens": 18_400,
    "reserved": 0,
    "limit": 2_000_000,
    "cost": "0.004110",
    "currency": "USD",
    "purposes": [
        {
            "purpose": "search.strategy",
            "calls": 9,
            "failed": 1,
            "input_tokens": 15_400,
            "output_tokens": 3_000,
            "cost": "0.004110",
        }
    ],
}
USAGE = {
    "org_id": USER["org_id"],
    "month": "2026-11",
    "events": 88102,
    "days": {"2026-11-21": 86262, "2026-11-22": 1840},
    "clients": [{"client_id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c12", "events": 88102}],
    "users": 12,
    "active_users": 11,
    "clients_total": 4,
    "api_keys": 6,
    "quota": QUOTA,
    "as_of": "2026-11-22T09:00:00.000Z",
}
