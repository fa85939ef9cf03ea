"""Example bodies for the API's description."""

from typing import Any

from functions.analytics.annotations.examples import ANNOTATION

ASKED: dict[str, Any] = {
    "sql": "SELECT properties ->> '$.plan' AS plan, count(*) AS orders, count(DISTINCT person) AS buyers FROM events "
    "WHERE name = $name GROUP BY ALL ORDER BY orders DESC LIMIT 10",
    "parameters": {"name": "Order Completed"},
}
ANSWERED: dict[str, Any] = {
    "columns": [
        {"name": "plan", "type": "VARCHAR"},
        {"name": "orders", "type": "BIGINT"},
        {"name": "buyers", "type": "BIGINT"},
    ],
    "rows": [["team", 40, 31], [None, 3, 3]],
    "as_of": "2026-11-22T10:59:58.120Z",
    "cached_at": None,
}
PERIODS: dict[str, Any] = {
    "from": "2026-11-16T00:00:00.000Z",
    "to": "2026-11-18T00:00:00.000Z",
    "timezone": "UTC",
    "granularity": "day",
    "name": "Order Completed",
}
PERIODS_STORED: dict[str, Any] = PERIODS | {"from": 1794787200000, "to": 1794960000000}
"""As the operation of a large one shows it, with its kind."""
LIFECYCLE: dict[str, Any] = {
    "series": [
        {"ts": "2026-11-16T00:00:00.000Z", "new": 12, "returning": 40, "resurrecting": 7, "dormant": 9},
        {"ts": "2026-11-17T00:00:00.000Z", "new": 15, "returning": 44, "resurrecting": 3, "dormant": 15},
    ],
    "as_of": "2026-11-22T10:59:58.120Z",
    "cached_at": None,
    "annotations": [ANNOTATION],
}
STICKINESS: dict[str, Any] = {
    "intervals": [{"periods": 1, "persons": 30}, {"periods": 2, "persons": 44}],
    "persons": 74,
    "as_of": "2026-11-22T10:59:58.120Z",
    "cached_at": None,
}
