"""Example bodies for the API's description."""

from typing import Any

from functions.analytics.annotations.examples import ANNOTATION

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
    "cached_at": None,
    "annotations": [ANNOTATION],
}
_WEEKDAYS: dict[str, Any] = {"from": 1794787200000, "to": 1794960000000, "timezone": "UTC", "granularity": "day"}
_SERIES: dict[str, Any] = {"measure": "unique", "of": None, "currency": None, "percent": 50}
QUERY_STORED: dict[str, Any] = {
    "kind": "query",
    **_WEEKDAYS,
    "week_start": 0,
    "series": [
        {"id": "A", "name": "Order Completed", "where": [], **_SERIES},
        {
            "id": "B",
            "name": "Product Viewed",
            "where": [{"field": "path", "operator": "regex", "value": "^/p"}],
            **_SERIES,
        },
    ],
    "where": [
        {
            "any": [
                {"field": "country", "operator": "eq", "value": "DE"},
                {"field": "person.plan", "operator": "eq", "value": "team"},
            ]
        }
    ],
    "breakdowns": ["device"],
    "top": 1,
    "formulas": {"bought": "A / B * 100"},
    "sample": None,
}
"""As the operation of a large one shows it."""

WEB: dict[str, Any] = {"from": "2026-11-16", "to": "2026-11-17", "timezone": "UTC", "breakdowns": ["source", "device"]}
_VISITS: dict[str, Any] = {
    "visitors": 2,
    "visits": 3,
    "views": 7,
    "events": 9,
    "bounces": 1,
    "bounce_rate": 0.333333,
    "mean_duration_ms": 40000,
    "median_duration_ms": 0,
}
_VIEWS: dict[str, Any] = dict.fromkeys(_VISITS) | {"value": "/pricing", "visitors": 2, "visits": 3, "views": 5}
SEEN: dict[str, Any] = {
    "totals": _VISITS,
    "series": [{"ts": "2026-11-16T00:00:00.000Z", **_VISITS}],
    "groups": [{"values": {"source": "google", "device": "mobile"}, **_VISITS}],
    "lists": {"page": [_VIEWS], "source": [{"value": "google", **_VISITS}]},
    "as_of": "2026-11-22T10:59:58.120Z",
    "cached_at": None,
    "annotations": [ANNOTATION],
}
WEB_STORED: dict[str, Any] = {
    "kind": "web",
    **_WEEKDAYS,
    "to": 1794873600000,
    "week_start": 0,
    "where": [],
    "breakdowns": ["source", "device"],
    "top": 10,
}

CONVERSIONS: dict[str, Any] = {
    "from": "2026-11-01",
    "to": "2026-12-01",
    "timezone": "UTC",
    "steps": [{"name": "Product Viewed"}, {"name": "Order Completed"}],
    "exclude": [{"name": "Signed Out"}],
    "within_seconds": 86400,
    "by": "country",
    "top": 1,
}
_STEPS: list[dict[str, Any]] = [
    {"count": 100, "of_first": 1, "of_previous": 1, "median_ms": None, "mean_ms": None},
    {"count": 25, "of_first": 0.25, "of_previous": 0.25, "median_ms": 240000, "mean_ms": 300000.5},
]
CONVERTED: dict[str, Any] = {
    "steps": _STEPS,
    "groups": [{"value": "DE", "steps": _STEPS}],
    "histogram": [{"below_seconds": 300, "count": 15}, {"below_seconds": 600, "count": 10}],
    "as_of": "2026-11-22T10:59:58.120Z",
    "cached_at": None,
}
_NOVEMBER: dict[str, Any] = {"from": 1793491200000, "to": 1796083200000}
CONVERSIONS_STORED: dict[str, Any] = {
    "kind": "conversions",
    **_NOVEMBER,
    "steps": [{"name": "Product Viewed", "where": []}, {"name": "Order Completed", "where": []}],
    "within": 86400000,
    "order": "ordered",
    "exclude": [{"name": "Signed Out", "where": []}],
    "per": None,
    "by": "country",
    "where": [],
    "top": 1,
    "listed": None,
}

RETURNING: dict[str, Any] = {
    "from": "2026-11-02",
    "to": "2026-11-09",
    "timezone": "UTC",
    "start": {"name": "Signed Up"},
    "return": {"where": [{"field": "kind", "operator": "in", "value": ["page", "screen"]}]},
    "periods": 2,
    "by": "utm_source",
}
_COHORTS: list[dict[str, Any]] = [{"ts": "2026-11-02T00:00:00.000Z", "persons": 40, "returned": [31, 20, 12]}]
RETURNING_ANSWERED: dict[str, Any] = {
    "cohorts": _COHORTS,
    "groups": [{"value": "google", "cohorts": _COHORTS}],
    "as_of": "2026-11-22T10:59:58.120Z",
    "cached_at": None,
    "annotations": [ANNOTATION],
}
RETURNING_STORED: dict[str, Any] = {
    "kind": "returning",
    "from": 1793577600000,
    "to": 1794182400000,
    "timezone": "UTC",
    "granularity": "week",
    "week_start": 0,
    "begins": {"name": "Signed Up", "where": []},
    "returns": {"name": None, "where": [{"field": "kind", "operator": "in", "value": ["page", "screen"]}]},
    "periods": 2,
    "first_time": True,
    "by": "utm_source",
    "where": [],
}
JOURNEYS: dict[str, Any] = {
    "from": "2026-11-01",
    "to": "2026-12-01",
    "timezone": "UTC",
    "anchor": {"name": "Order Completed"},
    "among": {"where": [{"field": "kind", "value": "page"}]},
    "backwards": True,
    "by": "path",
    "steps": 2,
}
JOURNEYS_ANSWERED: dict[str, Any] = {
    "journeys": [{"steps": ["/pricing", "/cart"], "persons": 12}, {"steps": [], "persons": 3}],
    "persons": 15,
    "as_of": "2026-11-22T10:59:58.120Z",
    "cached_at": None,
}
JOURNEYS_STORED: dict[str, Any] = {
    "kind": "journeys",
    **_NOVEMBER,
    "anchor": {"name": "Order Completed", "where": []},
    "among": {"name": None, "where": [{"field": "kind", "operator": "eq", "value": "page"}]},
    "backwards": True,
    "steps": 2,
    "within": 1800000,
    "by": "path",
    "where": [],
    "top": 20,
}
