"""Example bodies for the API's description."""

from typing import Any

SUPPRESSION: dict[str, Any] = {
    "id": "5f1c0c7be3a4d2f1",
    "kind": "user_id",
    "value": "ada",
    "reason": "asked by mail on 22 November",
    "created_by": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c12",
    "created_at": "2026-11-22T10:00:00.000Z",
    "updated_at": "2026-11-22T10:00:00.000Z",
    "version": 1,
}
ERASE = {"person": "ada"}
OPERATION: dict[str, Any] = {
    "id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c12",
    "job": "erasure",
    "status": "succeeded",
    "progress": 100,
    "created_at": "2026-11-22T10:00:00.000Z",
    "updated_at": "2026-11-22T10:03:00.000Z",
    "result": {
        "events_erased": 412,
        "repeats_erased": 4,
        "blocks_rewritten": 37,
        "blocks_looked_at": 61,
        "identifiers": 2,
        "digests": ["5f1c0c7be3a4d2f1", "0c7be3a4d2f15f1c"],
        "archive": {
            "outcome": "clean",
            "objects": 214,
            "rewritten": 35,
            "found_clean": 35,
            "events_erased": 409,
            "events_unlinked": 3,
            "illegible": 0,
        },
        "rejections": {
            "outcome": "clean",
            "objects": 3,
            "rewritten": 1,
            "found_clean": 1,
            "events_erased": 2,
            "events_unlinked": 0,
            "illegible": 0,
        },
        "exports": {
            "outcome": "clean",
            "objects": 2,
            "rewritten": 1,
            "found_clean": 1,
            "events_erased": 412,
            "events_unlinked": 0,
            "illegible": 0,
        },
        "operations": {
            "outcome": "clean",
            "objects": 1,
            "rewritten": 0,
            "found_clean": 0,
            "events_erased": 0,
            "events_unlinked": 0,
            "illegible": 0,
        },
        "webhook_deliveries": {
            "outcome": "clean",
            "objects": 40,
            "rewritten": 2,
            "found_clean": 2,
            "events_erased": 0,
            "events_unlinked": 0,
            "illegible": 0,
        },
        "requested_by": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c12",
        "requested_at": "2026-11-22T10:00:00.000Z",
        "finished_at": "2026-11-22T10:03:00.000Z",
    },
    "error": None,
}
CANCELLED: dict[str, Any] = {**OPERATION, "status": "cancelled", "progress": 40, "result": None}
SUPPRESS = {"user_id": "ada", "reason": "asked by mail on 22 November"}
REJECTED: dict[str, Any] = {
    "index": 1,
    "code": "invalid_field",
    "message": "properties: must be an object",
    "received_at": "2026-11-22T10:00:00.120Z",
    "event_id": "m-2",
    "name": "Order Completed",
    "event": '{"messageId":"m-2","type":"track","event":"Order Completed","properties":"odd"}',
    "accepted": False,
}
OWN_REJECTED: dict[str, Any] = {
    name: REJECTED[name] for name in ("index", "code", "message", "received_at", "accepted")
}
TALLIED: dict[str, Any] = {"hour": "2026-11-22T10:00:00.000Z", "code": "invalid_field", "count": 12}
