"""Example bodies for the API's description."""

from typing import Any

_AT = "2026-11-30T12:00:00.000Z"
CREATE: dict[str, Any] = {
    "from": {"name": "The shop", "email": "news@shop.example"},
    "provider": "smtp",
    "credentials": {"host": "smtp.shop.example", "port": 587, "username": "news", "password": "…"},
    "limits": {"warm_up": {"first_day": 50, "growth_percent": 40}, "hourly": {"google": 500}},
}
SENDER: dict[str, Any] = {
    "id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4f01",
    "client_id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c00",
    "from": CREATE["from"],
    "provider": "smtp",
    "dns": [
        {"type": "TXT", "name": "shop.example", "value": "v=spf1 ~all", "found": True},
        {"type": "TXT", "name": "default._domainkey.shop.example", "value": "v=DKIM1; k=rsa; p=…", "found": False},
        {"type": "TXT", "name": "_dmarc.shop.example", "value": "v=DMARC1; p=none", "found": True},
    ],
    "verified": False,
    "checked_at": _AT,
    "limits": {
        "warm_up": {"first_day": 50, "growth_percent": 40, "since": _AT},
        "hourly": {"google": 500},
    },
    "hook_url": "https://api.example/hooks/smtp/…",
    "created_by": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c99",
    "created_at": _AT,
    "updated_at": _AT,
    "version": 1,
}
UPDATE = {"name": "Shop news"}
UPDATED = SENDER | {"from": {"name": "Shop news", "email": "news@shop.example"}, "version": 2}
