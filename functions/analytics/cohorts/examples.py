"""Example bodies for the API's description."""

from typing import Any

CREATE: dict[str, Any] = {
    "name": "Buyers on the team plan",
    "match": "all",
    "rules": [
        {"did": {"name": "Order Completed", "where": []}, "at_least": 2, "days": 30},
        {"trait": "plan", "equals": "team"},
        {"did": {"name": "Unsubscribed"}, "not": True},
    ],
}
COHORT: dict[str, Any] = {
    "id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c12",
    "client_id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c00",
    "name": CREATE["name"],
    "match": "all",
    "rules": CREATE["rules"],
    "size": 1,
    "taken_at": "2026-11-22T10:59:58.120Z",
    "created_by": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c99",
    "created_at": "2026-11-22T11:00:00.000Z",
    "updated_at": "2026-11-22T11:00:00.000Z",
    "version": 1,
}
TAKING: dict[str, Any] = {
    "id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4d01",
    "job": "cohort",
    "status": "queued",
    "progress": 0,
    "created_at": "2026-11-22T11:00:00.000Z",
    "updated_at": "2026-11-22T11:00:00.000Z",
    "cohort_id": COHORT["id"],
}
MEMBER = {"person": "user-1"}
EXPORT = {"taken_at": COHORT["taken_at"], "size": 1, "persons": ["user-1"]}
EXPORT_CSV = {"schema": {"type": "string"}, "example": '"person"\r\n"user-1"\r\n'}
