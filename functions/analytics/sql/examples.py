"""Example bodies for the API's description."""

from typing import Any

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
}
