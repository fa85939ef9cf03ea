"""What receivers get, as OpenAPI 3.1 describes it (`webhooks`): one operation an event."""

from typing import Any

from functions.webhooks.catalogue import EVENTS

_HEADERS = {
    "webhook-id": ("The event's id: the same at every attempt, and for every endpoint", "string"),
    "webhook-timestamp": ("When this attempt was made, in seconds since 1970", "integer"),
    "webhook-signature": (
        "`v1,` and base64 of HMAC-SHA256 of `id.timestamp.body`; one a secret, after spaces",
        "string",
    ),
}


def describe_webhooks() -> dict[str, Any]:
    return {event: {"post": _operation(event)} for event in sorted(EVENTS)}


def _operation(event_type: str) -> dict[str, Any]:
    from groundswell.webhooks.schema import payload_schema

    data = EVENTS[event_type]
    example = {"type": event_type, "timestamp": "2026-11-30T12:00:00.000Z", "data": data}
    content = {"schema": payload_schema(event_type, data), "example": example}
    return {
        "operationId": f"on.{event_type}",
        "summary": f"The event {event_type}",
        "description": "Signed by Standard Webhooks 1.0; verify it with the library of your language.",
        "tags": ["Webhooks"],
        "security": [],
        "parameters": [
            {"name": name, "in": "header", "required": True, "description": text, "schema": {"type": kind}}
            for name, (text, kind) in _HEADERS.items()
        ],
        "requestBody": {"required": True, "content": {"application/json": content}},
        "responses": {
            "2XX": {"description": "It arrived"},
            "410": {"description": "Send nothing here any more: the webhook is disabled"},
            "default": {"description": "It is tried again, ten times over 76 hours; redirects are not followed"},
        },
    }
