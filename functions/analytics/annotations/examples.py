"""Example bodies for the API's description."""

from typing import Any

CREATE: dict[str, Any] = {"at": "2026-11-16T09:00:00.000Z", "text": "New checkout", "events": ["Order Completed"]}
ANNOTATION: dict[str, Any] = {
    "id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4d31",
    **CREATE,
    "created_by": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c99",
    "created_at": "2026-11-16T10:00:00.000Z",
    "updated_at": "2026-11-16T10:00:00.000Z",
    "version": 1,
}
UPDATE: dict[str, Any] = {"text": "New checkout, for everybody"}
UPDATED: dict[str, Any] = {**ANNOTATION, **UPDATE, "updated_at": "2026-11-17T08:00:00.000Z", "version": 2}
