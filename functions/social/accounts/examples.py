"""Bodies that the API's description shows."""

ACCOUNT = {
    "id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c12",
    "network": "linkedin",
    "network_id": "urn:li:organization:1234",
    "handle": "example",
    "name": "Example Ltd",
    "status": "ok",
    "expires_at": "2099-01-29T12:00:00.000Z",
    "error": None,
    "budget": {"remaining": 149, "resets_at": "2026-12-01T00:00:00.000Z"},
    "queue": {"timezone": "Europe/Berlin", "slots": {"mon": ["09:00", "17:30"]}},
    "created_at": "2026-11-30T12:00:00.000Z",
    "updated_at": "2026-11-30T12:00:00.000Z",
    "version": 1,
}
UPDATE = {"queue": {"timezone": "Europe/Berlin", "slots": {"mon": ["09:00", "17:30"], "thu": ["12:15"]}}}
UPDATED = {
    **ACCOUNT,
    "queue": {"timezone": "Europe/Berlin", "slots": {"mon": ["09:00", "17:30"], "thu": ["12:15"]}},
    "version": 2,
}
