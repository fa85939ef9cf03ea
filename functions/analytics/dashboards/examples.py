"""Example bodies for the API's description."""

from typing import Any

from functions.analytics.saved.examples import ANSWERED, ASK, SAVED

ASKED = ASK
CREATE: dict[str, Any] = {"name": "Monday morning", "description": "What we look at first"}
DASHBOARD: dict[str, Any] = {
    "id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4e01",
    **CREATE,
    "tiles": [{"question_id": SAVED["id"], "title": "Buyers, day by day", "width": 6}],
    "created_by": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c99",
    "created_at": "2026-11-20T10:00:00.000Z",
    "updated_at": "2026-11-20T10:00:00.000Z",
    "version": 1,
}
MADE: dict[str, Any] = {**DASHBOARD, "tiles": []}
UPDATE: dict[str, Any] = {"name": "Every morning"}
UPDATED: dict[str, Any] = {**DASHBOARD, **UPDATE, "updated_at": "2026-11-21T10:00:00.000Z", "version": 2}
ANSWERS: dict[str, Any] = {
    "id": DASHBOARD["id"],
    "name": "Monday morning",
    "tiles": [
        {
            "question_id": SAVED["id"],
            "title": "Buyers, day by day",
            "kind": "query",
            "state": "answered",
            "answer": ANSWERED["answer"],
            "figure": 40,
            "annotations": ANSWERED["annotations"],
            "operation": None,
            "error": None,
        }
    ],
}
