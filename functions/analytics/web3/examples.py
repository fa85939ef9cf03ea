"""Example bodies for the API's description."""

from typing import Any

_AS_OF = {"as_of": "2026-11-22T10:59:58.120Z"}
TRANSACTION: dict[str, Any] = {
    "chain": "eip155:1",
    "tx_hash": "0x5c504ed432cb51138bcf09aa5e8a410dd4a1e204ef84bfed1be16dfba1b22060",
    "status": "confirmed",
    "person": "user-1",
    "wallet": "eip155:1:0x52908400098527886e0f7030069857d2e4169ee7",
    "contract": "0x6b175474e89094c44da98b954eedeac495271d0f",
    "method": "swap",
    "value": 1500000000000000000,
    "first_seen": "2026-11-22T09:00:00.000Z",
    "last_seen": "2026-11-22T09:00:24.000Z",
    "transitions": [
        {"ts": "2026-11-22T09:00:00.000Z", "status": "started"},
        {"ts": "2026-11-22T09:00:24.000Z", "status": "confirmed"},
    ],
}
TRANSACTIONS: dict[str, Any] = {"transactions": [TRANSACTION], "total": 1, **_AS_OF}
VOLUME: dict[str, Any] = {
    "groups": [{"group": "eip155:1", "chain": "eip155:1", "count": 12, "confirmed": 11, "value": 1500000000000000000}],
    "others": 0,
    **_AS_OF,
}
_STEP: dict[str, Any] = {"persons": 120, "rate": 0.12, "median_seconds": 34.0}
CONVERSION: dict[str, Any] = {
    "visitors": 1000,
    "wallet": _STEP,
    "transaction": _STEP,
    "confirmed": _STEP,
    **_AS_OF,
}
