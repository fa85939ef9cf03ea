"""What other products' SDKs send and ask for, for the description of the API."""

from typing import Any

_KEY = "gp_live_abcdefghijkl_…"
_ID = "0192f0c1-7c1a-7d3e-8f00-000000000001"
_AT = "2026-11-22T09:00:00Z"

_EVENT = {"event": "Order Completed", "distinct_id": "ada", "uuid": _ID, "timestamp": _AT}
POSTHOG = {"api_key": _KEY, "batch": [{**_EVENT, "properties": {"revenue": 19.9}}], "sent_at": _AT}
POSTHOG_V1 = {"created_at": _AT, "batch": [{**_EVENT, "options": {}, "properties": {"revenue": 19.9}}]}
FLAGS = {"token": _KEY, "distinct_id": "ada"}
FORMO = [
    {
        "type": "transaction",
        "message_id": "5f0c",
        "anonymous_id": "a-1",
        "address": "0x52908400098527886E0F7030069857D2E4169EE7",
        "original_timestamp": _AT,
        "properties": {"chain_id": 1, "transaction_hash": "0x5e1d", "status": "confirmed"},
    }
]
ADTIVITY = [
    {
        "type": "track",
        "eventName": "Add To Cart",
        "properties": {"sku": "A-1", "sessionId": "s-1", "anonymousId": "a-1", "timestamp": 1795338000000},
    }
]
DOCUMENTS: dict[str, tuple[str, str, Any]] = {
    "/v1/projects/{key}/settings": (
        "segment.settings",
        "What analytics-next loads before it sends anything.",
        {"integrations": {"Segment.io": {"apiKey": _KEY}}, "plan": {"track": {"__default": {"enabled": True}}}},
    ),
    "/sourceConfig": (
        "rudderstack.source",
        "What RudderStack's browser SDK loads before it sends anything.",
        {"source": {"id": "abcdefghijkl", "writeKey": _KEY, "enabled": True, "destinations": []}},
    ),
    "/array/{key}/config": (
        "posthog.config",
        "What posthog-js loads first.",
        {"token": _KEY, "hasFeatureFlags": False},
    ),
    "/array/{key}/config.js": (
        "posthog.config.js",
        "The same for pages that load posthog-js by its snippet.",
        "(function(){(window._POSTHOG_REMOTE_CONFIG=window._POSTHOG_REMOTE_CONFIG||{})[…]=…})();",
    ),
}
