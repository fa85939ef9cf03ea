"""Example bodies for the API's description."""

from typing import Any

METRIC = {"name": "revenue", "value": "1499.90", "ts": "2026-11-22T09:00:00.000Z", "dimensions": {"plan": "team"}}
RECORDED = {"id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c12", **METRIC, "value": 1499.90, "ts": "2026-11-22T09:00:00.000Z"}
SERIES = {
    "series": [
        {"ts": "2026-11-22T09:00:00.000Z", "value": 42, "count": 42},
        {"ts": "2026-11-22T10:00:00.000Z", "value": 0, "count": 0},
    ],
    "total": 42,
    "count": 42,
    "measure": "count",
    "as_of": "2026-11-22T10:59:58.120Z",
}
EVENT: dict[str, Any] = {
    "id": "0f3c5e5a-6f5e-4a39-8f5f-b5a1a4f6d9c1",
    "kind": "track",
    "name": "Order Completed",
    "ts": "2026-11-22T09:00:00.000Z",
    "ts_quality": "client",
    "client_ts": "2026-11-22T09:00:00.000Z",
    "received_at": "2026-11-22T09:00:01.250Z",
    "user_id": "user-1",
    "anonymous_id": None,
    "session_id": None,
    "value": 99.90,
    "currency": "EUR",
    "properties": {"revenue": 99.90, "currency": "EUR"},
    "traits": {},
    "context": {"library": {"name": "analytics-python"}},
    "web3": None,
    "source": {"protocol": "segment"},
    "extra": {"channel": "server"},
}
WEB3_EVENT: dict[str, Any] = {
    **EVENT,
    "kind": "web3",
    "name": "Swap",
    "web3": {
        "chain": "eip155:1",
        "address": "0x52908400098527886e0f7030069857d2e4169ee7",
        "address_raw": "0x52908400098527886E0F7030069857D2E4169EE7",
        "address_eip55": "0x52908400098527886E0F7030069857D2E4169EE7",
        "account": "eip155:1:0x52908400098527886e0f7030069857d2e4169ee7",
        "status": "confirmed",
    },
}
