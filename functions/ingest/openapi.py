"""What the ingestion endpoints say of themselves, in the words FastAPI finds for the other functions."""

from typing import Any

from groundswell.http.spelling import CANONICAL
from groundswell.ingest.segment import KINDS

_EVENT = {
    "eventName": "Order Completed",
    "user_id": "ada",
    "timestamp": "2026-11-22T09:00:00Z",
    "properties": {"order": 7, "revenue": "19.90", "currency": "EUR"},
}
_MESSAGES: dict[str, dict[str, Any]] = {
    "track": {"event": "Order Completed", "userId": "ada", "properties": {"order": 7}},
    "identify": {"userId": "ada", "traits": {"plan": "pro"}},
    "page": {"name": "Pricing", "userId": "ada", "properties": {"url": "https://shop.example/pricing"}},
    "screen": {"name": "Basket", "userId": "ada"},
    "group": {"groupId": "engines", "userId": "ada", "traits": {"name": "Analytical Engines"}},
    "alias": {"userId": "ada", "previousId": "anonymous-1"},
}
_VERDICT = {
    "type": "object",
    "required": ["index", "code", "message"],
    "properties": {
        "index": {"type": "integer", "description": "Place in the batch, from 0"},
        "code": {"type": "string"},
        "message": {"type": "string"},
    },
}
_COUNTS = {"accepted": {"type": "integer"}, "rejected": {"type": "array", "items": _VERDICT}}
_REJECTED = [{"index": 1, "code": "event_too_large", "message": "40061 bytes: an event has at most 32768"}]
_OBJECT = {"type": "object", "additionalProperties": True}


def paths() -> dict[str, Any]:
    """Segment's endpoints answer at their own path only, so that is what stands here."""
    items = {f"{CANONICAL}/sdk/event": _sdk("sdk.event"), f"{CANONICAL}/sdk/events": _sdk("sdk.events", "sdk.event")}
    items["/v1/batch"] = _segment(
        "segment.batch",
        "Up to 4 MB of messages. An event is at most 32 KB; a bad one is rejected alone.",
        {"batch": [{"type": kind, "messageId": f"m-{kind}", **said} for kind, said in _MESSAGES.items()]},
    )
    for kind in KINDS:
        items[f"/v1/{kind}"] = _segment(f"segment.{kind}", f"One {kind} message.", _MESSAGES[kind])
    return items


def _sdk(name: str, alias_of: str | None = None) -> dict[str, Any]:
    data = {"accepted": 1, "rejected": _REJECTED}
    answer = {"status_code": 202, "message": "1 events received successfully", "data": data}
    schema = {
        "type": "object",
        "required": ["status_code", "message", "data"],
        "properties": {
            "status_code": {"const": 202},
            "message": {"type": "string"},
            "data": {"type": "object", "required": list(_COUNTS), "properties": _COUNTS},
        },
    }
    operation = {
        "summary": "Send events",
        "description": "One event or an array of them, at most 500 KB, gzip welcome. Every event gets its verdict; one "
        "without an id gets one made from what it says, so that a repeat is recognised.",
        "requestBody": _body({"oneOf": [_OBJECT, {"type": "array", "items": _OBJECT}]}, [_EVENT]),
        "responses": {"202": _answer("What was accepted and what was not, and why", schema, answer)},
    }
    return _post(name, operation, alias_of)


def _segment(name: str, description: str, example: dict[str, Any]) -> dict[str, Any]:
    schema = {
        "type": "object",
        "required": ["success", *_COUNTS],
        "properties": {"success": {"const": True}, **_COUNTS},
    }
    operation = {
        "summary": f"Segment's tracking API: {name.removeprefix('segment.')}",
        "description": f"{description} The key goes as the user name of Basic authentication, or as `writeKey`.",
        "requestBody": _body(_OBJECT, example),
        "responses": {"200": _answer("Taken", schema, {"success": True, "accepted": 1, "rejected": []})},
    }
    return _post(name, operation)


def _post(name: str, operation: dict[str, Any], alias_of: str | None = None) -> dict[str, Any]:
    said = {"x-operation": alias_of or name, **({"x-alias-of": alias_of} if alias_of else {})}
    refusals = {
        "400": {"description": "The body is no JSON, or not gzip although it says so"},
        "401": {"description": "No key, or not a valid one"},
        "403": {"description": "The key lacks the scope events:write"},
        "413": {"description": "The body is too large: send smaller batches"},
        "503": {"description": "The event store does not answer: see `Retry-After`"},
    }
    return {
        "post": {
            "tags": ["Events"],
            "operationId": name,
            "security": [{"APIKeyHeader": []}, {"HTTPBearer": []}, {"HTTPBasic": []}],
            "x-access": {"scope": "events:write"},
            **said,
            **operation,
            "responses": {**operation["responses"], **refusals},
        }
    }


def _body(schema: dict[str, Any], example: Any) -> dict[str, Any]:
    return {"required": True, "content": {"application/json": {"schema": schema, "example": example}}}


def _answer(description: str, schema: dict[str, Any], example: Any) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema, "example": example}}}
