"""Example bodies for the API's description."""

from typing import Any

CREATE: dict[str, Any] = {
    "name": "Review Facebook Ad Creative",
    "task_type": "review_creative",
    "priority": "High",
    "due_date": "2027-01-15",
    "description": "Review the new Facebook ad creative for Q1 campaign",
}
TASK: dict[str, Any] = {
    "id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c31",
    "client_id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c12",
    **CREATE,
    "status": "pending",
    "assignees": ["0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c14"],
    "watchers": [],
    "due_at": "2027-01-15T23:59:59.000Z",
    "timezone": "UTC",
    "related_object_id": None,
    "related_object_type": None,
    "depends_on": [],
    "blocked_by": [],
    "recurrence": None,
    "series_id": None,
    "followed_by": None,
    "created_by": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c11",
    "created_at": "2026-11-22T09:00:00.000Z",
    "updated_at": "2026-11-22T09:00:00.000Z",
    "completed_at": None,
    "version": 1,
}
UPDATE = {"status": "in_progress", "priority": "Medium"}
UPDATED = {**TASK, **UPDATE, "updated_at": "2026-11-22T10:00:00.000Z", "version": 2}
COMPLETED = {
    **TASK,
    "status": "completed",
    "completed_at": "2026-11-22T10:00:00.000Z",
    "updated_at": "2026-11-22T10:00:00.000Z",
    "version": 2,
}
CANCELLED = {**UPDATED, "status": "cancelled"}
SKIPPED = {**CANCELLED, "recurrence": "FREQ=WEEKLY;BYDAY=MO", "series_id": TASK["id"]}
REOPENED = {**UPDATED, "status": "pending"}
BULK = {"ids": [TASK["id"]], "changes": {"priority": "Low"}}
OUTCOME = {"id": TASK["id"], "ok": True, "error": None}
ACTIVITY = {
    "at": "2026-11-22T10:00:00.000Z",
    "by": TASK["created_by"],
    "field": "priority",
    "from": "High",
    "to": "Medium",
}
PROGRESS = {
    "assignee": None,
    "total": 4,
    "pending": 1,
    "in_progress": 1,
    "completed": 2,
    "cancelled": 0,
    "completed_share": 0.5,
}
