"""Example bodies for the API's description."""

from typing import Any

REJECTED: dict[str, Any] = {
    "index": 1,
    "code": "invalid_timestamp",
    "message": "timestamp: not a time: yesterday",
    "received_at": "2026-11-22T10:00:00.120Z",
    "event_id": "m-2",
    "name": "Order Completed",
    "event": '{"messageId":"m-2","type":"track","event":"Order Completed","timestamp":"yesterday"}',
}
TALLIED: dict[str, Any] = {"hour": "2026-11-22T10:00:00Z", "code": "invalid_timestamp", "count": 12}
