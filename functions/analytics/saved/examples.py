"""Example bodies for the API's description."""

from typing import Any

from functions.analytics.annotations.examples import ANNOTATION

_FIGURE = {"total": 40, "points": [18, 25]}
QUESTION: dict[str, Any] = {
    "kind": "query",
    "from": "2026-11-16",
    "to": "2026-11-18",
    "timezone": "UTC",
    "series": [{"name": "Order Completed", "measure": "unique"}],
}
CREATE: dict[str, Any] = {"name": "Buyers", "description": "Who bought, day by day", "question": QUESTION}
SAVED: dict[str, Any] = {
    "id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4d01",
    **CREATE,
    "figure": "total.figures.A.total",
    "created_by": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c99",
    "created_at": "2026-11-20T10:00:00.000Z",
    "updated_at": "2026-11-20T10:00:00.000Z",
    "version": 1,
}
UPDATE: dict[str, Any] = {"name": "Different buyers"}
UPDATED: dict[str, Any] = {**SAVED, **UPDATE, "updated_at": "2026-11-21T10:00:00.000Z", "version": 2}
ASK: dict[str, Any] = {"from": "2026-11-16", "to": "2026-11-18"}
ANSWER: dict[str, Any] = {
    "buckets": ["2026-11-16T00:00:00.000Z", "2026-11-17T00:00:00.000Z"],
    "total": {"figures": {"A": _FIGURE}},
    "groups": [],
    "rest": None,
    "as_of": "2026-11-22T10:59:58.120Z",
    "cached_at": None,
}
ANSWERED: dict[str, Any] = {"question": SAVED, "answer": ANSWER, "figure": 40, "annotations": [ANNOTATION]}
STORED: dict[str, Any] = {
    "kind": "query",
    "from": 1794787200000,
    "to": 1794960000000,
    "timezone": "UTC",
    "granularity": "day",
    "week_start": 0,
    "series": [
        {
            "id": "A",
            "where": [],
            "measure": "unique",
            "name": "Order Completed",
            "of": None,
            "currency": None,
            "percent": 50,
        }
    ],
    "where": [],
    "breakdowns": [],
    "top": 10,
    "formulas": {},
    "sample": None,
}
"""As the operation of a large one shows it."""
