"""Example bodies for the API's description."""

EVENTS = {
    "events": [
        {
            "name": "Order Completed",
            "count": 42,
            "first_seen": "2026-11-01T08:00:00.000Z",
            "last_seen": "2026-11-22T09:00:00.000Z",
            "blocked": False,
            "display_name": "Order paid",
            "description": "Sent by the shop's server when a payment is captured",
            "hidden": False,
            "verified": True,
        }
    ],
    "names": 1,
    "others": 0,
    "as_of": "2026-11-22T10:59:58.120Z",
}
PROPERTIES = {
    "properties": [
        {
            "name": "revenue",
            "count": 42,
            "types": {"number": 41, "null": 1},
            "first_seen": "2026-11-01T08:12:00.000Z",
            "last_seen": "2026-11-22T09:31:00.000Z",
        }
    ],
    "names": 1,
    "others": 0,
    "events": 42,
    "as_of": "2026-11-22T10:59:58.120Z",
}
DESCRIBE = {
    "display_name": "Order paid",
    "description": "Sent by the shop's server when a payment is captured",
    "verified": True,
}
DESCRIBED = {
    **DESCRIBE,
    "name": "Order Completed",
    "hidden": False,
    "updated_by": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c99",
    "updated_at": "2026-11-22T11:00:00.000Z",
    "version": 1,
}
BLOCKED = {"name": "debug", "blocked": True}
