"""Example bodies for the API's description."""

from typing import Any

from functions.analytics.examples import EVENT

_AS_OF = {"as_of": "2026-11-22T10:59:58.120Z"}
_RANGE = {"from": "2026-11-01T00:00:00.000Z", "to": "2026-11-22T00:00:00.000Z", "timezone": "Europe/Berlin"}
BREAKDOWN_ASKED: dict[str, Any] = {
    **_RANGE,
    "by": "properties.plan",
    "measure": "sum",
    "name": "Order Completed",
    "where": [{"field": "properties.currency", "operator": "eq", "value": "EUR"}],
    "top": 2,
}
BREAKDOWN: dict[str, Any] = {
    "groups": [{"group": "team", "count": 40, "value": 3996.00}, {"group": None, "count": 3, "value": 59.70}],
    "other": {"groups": 4, "count": 5, "value": 12.50},
    "total": {"count": 48, "value": 4068.20},
    "currency": "EUR",
    "method": "exact",
    "standard_error": None,
    **_AS_OF,
}
UNIQUES_ASKED: dict[str, Any] = {
    **_RANGE,
    "granularity": "week",
    "where": [{"field": "properties.plan", "operator": "eq", "value": "team"}],
}
UNIQUES: dict[str, Any] = {
    "series": [{"ts": "2026-11-16T00:00:00.000+01:00", "value": 120, "count": 960}],
    "total": 120,
    "count": 960,
    "measure": "unique",
    "method": "exact",
    "standard_error": None,
    **_AS_OF,
}
FUNNEL_ASKED: dict[str, Any] = {
    **_RANGE,
    "steps": [
        {"name": "Product Viewed"},
        {"name": "Order Completed", "where": [{"field": "value", "operator": "gt", "value": 50}]},
    ],
    "within_seconds": 86400,
}
_STEPS: list[dict[str, Any]] = [
    {
        "persons": 1000,
        "conversion_rate": 1.0,
        "step_rate": 1.0,
        "median_seconds": None,
        "median_seconds_from_first": None,
    },
    {
        "persons": 120,
        "conversion_rate": 0.12,
        "step_rate": 0.12,
        "median_seconds": 641.5,
        "median_seconds_from_first": 641.5,
    },
]
FUNNEL: dict[str, Any] = {"steps": _STEPS, "branches": [{"group": "team", "steps": _STEPS}], **_AS_OF}
RETENTION_ASKED: dict[str, Any] = {
    **_RANGE,
    "start": {"name": "Signed Up"},
    "return": {"name": "Order Completed"},
    "period": "week",
    "periods": 1,
}
RETENTION: dict[str, Any] = {
    "cohorts": [
        {
            "ts": "2026-11-16T00:00:00.000+01:00",
            "size": 200,
            "returned": [{"period": 1, "persons": 34, "rate": 0.17, "complete": True}],
        }
    ],
    **_AS_OF,
}
PATHS_ASKED: dict[str, Any] = {**_RANGE, "start": {"name": "Signed Up"}, "steps": 2, "within_seconds": 1800, "top": 1}
PATHS: dict[str, Any] = {
    "paths": [{"events": ["Product Viewed", "Order Completed"], "count": 12, "persons": 11}],
    "other": 30,
    "starts": 42,
    "persons": 40,
    **_AS_OF,
}
SESSIONS_ASKED: dict[str, Any] = {
    **_RANGE,
    "granularity": "week",
    "where": [{"field": "context.locale", "operator": "contains", "value": "de"}],
}
_FIGURES: dict[str, Any] = {
    "sessions": 310,
    "events": 2170,
    "bounces": 62,
    "bounce_rate": 0.2,
    "events_per_session": 7.0,
    "mean_seconds": 412.2,
    "median_seconds": 190.0,
}
SESSIONS: dict[str, Any] = {
    "series": [{"ts": "2026-11-16T00:00:00.000+01:00", **_FIGURES}],
    "total": _FIGURES,
    "persons": 205,
    "entry_pages": [{"page": "/", "sessions": 200}],
    "exit_pages": [{"page": "/pricing", "sessions": 90}],
    **_AS_OF,
}
LIVE: dict[str, Any] = {"events": [EVENT], "cursor": "1042.7", "has_more": False, **_AS_OF}
