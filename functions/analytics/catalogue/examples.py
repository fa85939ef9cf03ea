"""Example bodies for the API's description."""

EVENTS = {
    "events": [
        {
            "name": "Order Completed",
            "count": 42,
            "first_seen": "2026-11-01T08:00:00.000Z",
            "last_seen": "2026-11-22T09:00:00.000Z",
            "blocked": False,
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
BLOCKED = {"name": "debug", "blocked": True}
