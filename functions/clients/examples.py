"""Example bodies for the API's description."""

from typing import Any

CREATE = {"name": "Analytical Engines", "website": "https://engines.example", "timezone": "Europe/London"}
UPDATE = {"name": "Analytical Engines Ltd", "allowed_origins": ["https://shop.engines.example"]}
CLIENT: dict[str, Any] = {
    "id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c12",
    "org_id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c10",
    "name": "Analytical Engines",
    "website": "https://engines.example",
    "industry": None,
    "timezone": "Europe/London",
    "status": "active",
    "settings": {},
    "allowed_origins": ["https://shop.engines.example"],
    "created_at": "2026-11-22T09:00:00Z",
    "updated_at": "2026-11-22T09:00:00Z",
    "deleted_at": None,
    "version": 1,
}
DELETED = {**CLIENT, "status": "deleted", "deleted_at": "2026-11-23T09:00:00Z", "version": 2}
ROLE = {"client_id": CLIENT["id"], "role": "owner"}
KEY = {
    "id": "0192f0c17c1a7d3e8f002b6f1e9a4c13",
    "name": "Web shop",
    "hint": "gp_live_0192f0c17c1a7d3e8f002b6f1e9a4c13…x7Qk",
    "scopes": ["events:write"],
    "status": "active",
    "created_at": "2026-11-22T09:00:00Z",
    "expires_at": None,
    "rotated_to": None,
    "calls_per_minute": None,
    "last_used_at": "2026-11-22T09:00:00Z",
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
