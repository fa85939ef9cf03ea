"""What the ingestion endpoints say of themselves, in the words FastAPI finds for the other functions."""

# Other products' endpoints answer at their own path only, so that is what stands here.

from typing import Any

from functions.ingest.examples import ADTIVITY, DOCUMENTS, FLAGS, FORMO, POSTHOG, POSTHOG_V1
from functions.ingest.keyring import SCOPE
from functions.ingest.posthog import CAPTURE
from groundswell.events.ingest.segment import KINDS, SHORT
from groundswell.http.base_path import CANONICAL

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
_SUCCESS = "False if every event was turned away; `rejected` says why"
_VERDICTS = {"type": "array", "items": _VERDICT}
_ALWAYS = ("accepted", "rejected")
_COUNTS = {"accepted": {"type": "integer"}, "rejected": _VERDICTS, "warnings": _VERDICTS, "late": {"type": "integer"}}
_REJECTED = [{"index": 1, "code": "event_too_large", "message": "40061 bytes: an event has at most 32768"}]
_OBJECT = {"type": "object", "additionalProperties": True}


def paths() -> dict[str, Any]:
    items = {f"{CANONICAL}/sdk/event": _sdk("sdk.event"), f"{CANONICAL}/sdk/events": _sdk("sdk.events", "sdk.event")}
    return items | _segments() | _posthogs() | _others() | {path: _document(path) for path in DOCUMENTS}


def _segments() -> dict[str, Any]:
    batch = {"batch": [{"type": kind, "messageId": f"m-{kind}", **message} for kind, message in _MESSAGES.items()]}
    text = "Up to 4 MB of messages. An event is at most 32 KB; a bad one is rejected alone."
    items = {"/v1/batch": _segment("segment.batch", text, batch)}
    for path, name in {"/v1/b": "b", "/v1/import": "import", "/beacon/v1/batch": "beacon"}.items():
        items[path] = _segment(f"segment.{name}", text, batch, "segment.batch")
    for kind in KINDS:
        items[f"/v1/{kind}"] = _segment(f"segment.{kind}", f"One {kind} message.", _MESSAGES[kind])
    for short, kind in SHORT.items():
        text = f"One {kind} message, as browsers send it."
        items[f"/v1/{short}"] = _segment(f"segment.{short}", text, _MESSAGES[kind], f"segment.{kind}")
    return items


def _posthogs() -> dict[str, Any]:
    example = {"status": 1, "accepted": 1, "rejected": []}
    text = (
        "A batch, an array or one event: JSON, or base64 or a form field `data` with it, compressed at will. The key "
        "goes as `api_key` or `token`, as a bearer token, or in the properties. With GET the event is in the query."
    )
    items = {
        path: _wire(f"posthog{path.replace('/', '.')}", "PostHog: capture", text, POSTHOG, example, "posthog.batch")
        for path in CAPTURE
    }
    results = {"results": {"0192f0c1-7c1a-7d3e-8f00-000000000001": {"result": "ok"}}, "accepted": 1, "rejected": []}
    text = "Every event gets its result by its id: `ok`, or `drop` with the reason in `details`."
    items["/i/v1/analytics/events"] = _wire("posthog.events", "PostHog: capture", text, POSTHOG_V1, results)
    text = "Flags are none; SDKs that ask get an empty answer rather than an error."
    for name in ("flags", "decide"):
        items[f"/{name}"] = _wire(f"posthog.{name}", "PostHog: flags", text, FLAGS, {"flags": {}}, "posthog.flags")
    return items


def _others() -> dict[str, Any]:
    example = {"success": True, "accepted": 1, "rejected": []}
    formo = "An array of events in snake_case: pages, people, and what happens to a wallet. Pages get no body back."
    adtivity = "What Adtivity's web SDK posts: an array in camelCase, without ids. Unknown members are ignored."
    return {
        "/v0/raw_events": _wire("formo.raw_events", "Formo: events", formo, FORMO, example),
        "/events": _wire("adtivity.events", "Adtivity's web SDK: events", adtivity, ADTIVITY, example),
    }


def _wire(
    name: str, summary: str, description: str, example: Any, answer: dict[str, Any], alias_of: str | None = None
) -> dict[str, Any]:
    operation = {
        "summary": summary,
        "description": description,
        "requestBody": _body({"oneOf": [_OBJECT, {"type": "array", "items": _OBJECT}]}, example),
        "responses": {"200": _answer("Taken: what was accepted, and what was not and why", _OBJECT, answer)},
    }
    return _post(name, operation, None if alias_of == name else alias_of)


def _document(path: str) -> dict[str, Any]:
    """Settings that an SDK asks for first. The key in the path or query is a browser's, and no secret."""
    name, description, example = DOCUMENTS[path]
    place = "path" if "{key}" in path else "query"
    parameter = {"name": "key" if place == "path" else "writeKey", "in": place, "required": place == "path"}
    kind = "application/javascript" if path.endswith(".js") else "application/json"
    kept = "Settings, which a browser may keep for five minutes"
    operation = {
        "tags": ["Events"],
        "operationId": name,
        "x-operation": name,
        "x-access": {"public": "true"} if place == "path" else {"scope": SCOPE},
        "security": [] if place == "path" else [{"HTTPBasic": []}],
        "summary": "Settings of an SDK",
        "description": description,
        "parameters": [{**parameter, "schema": {"type": "string"}, "description": "The API key"}],
        "responses": {
            "200": {"description": kept, "content": {kind: {"example": example}}},
            "401": {"description": "Not a valid key"},
        },
    }
    return {"get": operation}


def _sdk(name: str, alias_of: str | None = None) -> dict[str, Any]:
    data = {"accepted": 1, "rejected": _REJECTED}
    answer = {"status_code": 202, "message": "1 events received successfully", "data": data}
    schema = {
        "type": "object",
        "required": ["status_code", "message", "data"],
        "properties": {
            "status_code": {"const": 202},
            "message": {"type": "string"},
            "data": {"type": "object", "required": list(_ALWAYS), "properties": _COUNTS},
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


def _segment(name: str, description: str, example: dict[str, Any], alias_of: str | None = None) -> dict[str, Any]:
    schema = {
        "type": "object",
        "required": ["success", *_ALWAYS],
        "properties": {"success": {"type": "boolean", "description": _SUCCESS}, **_COUNTS},
    }
    operation = {
        "summary": f"Segment's tracking API: {name.removeprefix('segment.')}",
        "description": f"{description} The key goes as the user name of Basic authentication, or as `writeKey`.",
        "requestBody": _body(_OBJECT, example),
        "responses": {"200": _answer("Taken", schema, {"success": True, "accepted": 1, "rejected": []})},
    }
    return _post(name, operation, alias_of)


def _post(name: str, operation: dict[str, Any], alias_of: str | None = None) -> dict[str, Any]:
    extensions = {"x-operation": alias_of or name, **({"x-alias-of": alias_of} if alias_of else {})}
    refusals = {
        "400": {"description": "The body is no JSON, or not gzip although it says so"},
        "401": {"description": "No key, or not a valid one"},
        "403": {"description": f"The key lacks the scope {SCOPE}"},
        "413": {"description": "The body is too large: send smaller batches"},
        "429": {
            "description": "The client's quota is used up, or the event store is asked too much: see `Retry-After`"
        },
        "503": {"description": "The event store does not answer: see `Retry-After`"},
    }
    return {
        "post": {
            "tags": ["Events"],
            "operationId": name,
            "security": [{"APIKeyHeader": [SCOPE]}, {"HTTPBearer": []}, {"HTTPBasic": []}],
            "x-access": {"scope": SCOPE},
            "x-required-scopes": [SCOPE],
            **extensions,
            **operation,
            "responses": {**operation["responses"], **refusals},
        }
    }


def _body(schema: dict[str, Any], example: Any) -> dict[str, Any]:
    return {"required": True, "content": {"application/json": {"schema": schema, "example": example}}}


def _answer(description: str, schema: dict[str, Any], example: Any) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema, "example": example}}}
