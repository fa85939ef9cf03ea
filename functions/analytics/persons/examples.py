"""Example bodies for the API's description."""

from typing import Any

WALLET = {
    "address": "0x52908400098527886e0f7030069857d2e4169ee7",
    "accounts": ["eip155:1:0x52908400098527886e0f7030069857d2e4169ee7"],
    "verified": False,
    "first_seen": "2026-11-22T09:00:00.000Z",
    "last_seen": "2026-11-22T09:30:00.000Z",
    "events": 3,
}
PROFILE: dict[str, Any] = {
    "id": "user-1",
    "user_ids": ["user-1"],
    "anonymous_ids": ["5d5c2a7e-4a0e-4f0d-9b7c-0d7ad1c0c7f1"],
    "wallets": [WALLET],
    "traits": {"email": "ann@example.com", "plan": "team"},
    "first_seen": "2026-11-20T08:00:00.000Z",
    "last_seen": "2026-11-22T09:30:00.000Z",
    "events": 42,
    "names": {"Order Completed": 2, "page": 40},
    "complete": True,
    "as_of": "2026-11-22T10:59:58.120Z",
}
VISIT = {
    "id": "user-1",
    "first_seen": "2026-11-20T08:00:00.000Z",
    "last_seen": "2026-11-22T09:30:00.000Z",
    "events": 42,
}
