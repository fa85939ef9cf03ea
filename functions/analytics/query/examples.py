"""Example bodies for the API's description."""

from typing import Any

QUERY: dict[str, Any] = {
    "from": "2026-11-16",
    "to": "2026-11-18",
    "timezone": "UTC",
    "series": [
        {"name": "Order Completed", "measure": "unique"},
        {
            "name": "Product Viewed",
            "measure": "unique",
            "where": [{"field": "path", "operator": "regex", "value": "^/p"}],
        },
    ],
    "formulas": {"bought": "A / B * 100"},
    "where": [{"any": [{"field": "country", "value": "DE"}, {"field": "person.plan", "value": "team"}]}],
    "breakdowns": ["device"],
    "top": 1,
}
QUERIED: dict[str, Any] = {
    "buckets": ["2026-11-16T00:00:00.000Z", "2026-11-17T00:00:00.000Z"],
    "total": {
        "figures": {
            "A": {"total": 40, "points": [18, 25]},
            "B": {"total": 160, "points": [90, 100]},
            "bought": {"total": 25, "points": [20, 25]},
        }
    },
    "groups": [
        {
            "values": {"device": "mobile"},
            "figures": {
                "A": {"total": 40, "points": [18, 25]},
                "B": {"total": 160, "points": [90, 100]},
                "bought": {"total": 25, "points": [20, 25]},
            },
        }
    ],
    "rest": None,
    "as_of": "2026-11-22T10:59:58.120Z",
}
ASKED: dict[str, Any] = {
    "kind": "query",
    "from": 1794787200000,
    "to": 1794960000000,
    "timezone": "UTC",
    "granularity": "day",
    "week_start": 0,
    "series": [],
    "where": [],
    "breakdowns": ["device"],
    "top": 1,
    "formulas": {"bought": "A / B * 100"},
}
"""As the operation of a large one says it."""
