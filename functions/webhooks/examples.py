"""Bodies that the API's description shows."""

_ID = "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c12"
CREATE = {"url": "https://example.com/hooks/groundswell", "events": ["webhook.test"], "description": "Our warehouse"}
WEBHOOK = {
    "id": _ID,
    "url": "https://example.com/hooks/groundswell",
    "description": "Our warehouse",
    "events": ["webhook.test"],
    "status": "active",
    "disabled_reason": None,
    "disabled_at": None,
    "created_by": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c11",
    "created_at": "2026-11-30T12:00:00.000Z",
    "updated_at": "2026-11-30T12:00:00.000Z",
    "version": 1,
}
CREATED = {**WEBHOOK, "secret": "whsec_dGhpcyBpcyBub3QgYSBzZWNyZXQsIGp1c3QgMzIgYiE="}
UPDATE = {"events": ["webhook.*"], "status": "active"}
UPDATED = {**WEBHOOK, "events": ["webhook.*"], "version": 2}
ROTATE = {"overlap": "4d"}
DELIVERY = {
    "id": "1764504000000-9f86d081884c7d659a2feaa0",
    "event_id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c13",
    "event_type": "webhook.test",
    "status": "delivered",
    "round": 0,
    "created_at": "2026-11-30T12:00:00.000Z",
    "next_attempt_at": None,
    "finished_at": "2026-11-30T12:00:01.000Z",
    "attempts": [
        {
            "at": "2026-11-30T12:00:00.900Z",
            "milliseconds": 87,
            "status_code": 200,
            "error": None,
            "response": "ok",
        }
    ],
}
PAYLOAD = '{"type":"webhook.test","timestamp":"2026-11-30T12:00:00.000Z","data":{"message":"If you can read this, your endpoint works"}}'  # noqa: E501
WHOLE = {**DELIVERY, "payload": PAYLOAD}
PENDING = {
    **DELIVERY,
    "status": "pending",
    "next_attempt_at": "2026-11-30T12:00:00.000Z",
    "finished_at": None,
    "attempts": [],
}
REPLAYED = {**PENDING, "round": 1, "attempts": DELIVERY["attempts"]}
EVENT = {
    "type": "webhook.test",
    "payload": {
        "type": "webhook.test",
        "timestamp": "2026-11-30T12:00:00.000Z",
        "data": {"message": "If you can read this, your endpoint works"},
    },
    "schema": {
        "type": "object",
        "properties": {
            "type": {"const": "webhook.test"},
            "timestamp": {"type": "string", "format": "date-time"},
            "data": {"type": "object", "properties": {"message": {"type": "string"}}, "required": ["message"]},
        },
        "required": ["type", "timestamp", "data"],
    },
}
