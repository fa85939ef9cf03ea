"""PostHog's capture endpoints, and the documents that its SDKs ask for."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from functions.ingest.endpoint import Services, encoding_of, key_of, settings, taken, took_any
from functions.ingest.gateway import Answer, Request
from groundswell.events.ingest.capture import Capture, capture, unwrapped
from groundswell.events.ingest.verdict import Receipt

BROWSERS = ("/e", "/i/v0/e", "/engage", "/s")
"""Where posthog-js posts to. It sends again after a 503, no sooner than `Retry-After`, and forgets after any 4xx."""
CAPTURE = (*BROWSERS, "/batch", "/track", "/capture")
_LIMIT = 6 * 1024 * 1024  # the Python SDK sends 5 MiB at most


class _Id(msgspec.Struct):
    uuid: str | None = None


_id = msgspec.json.Decoder(_Id)


def events(services: Services, asked: Request) -> Answer:
    """Status 1 or 0, as at PostHog (and Mixpanel, whose protocol it was)."""
    receipt = _take(services, asked)[1]
    return taken(receipt, status=int(took_any(receipt)))


def events_v1(services: Services, asked: Request) -> Answer:
    """Every event is answered by its id."""
    said, receipt = _take(services, asked)
    return taken(receipt, results=_results(said.items, receipt))


def _take(services: Services, asked: Request) -> tuple[Capture, Receipt]:
    key = key_of(asked)
    intake = services.intake(key) if key is not None else None
    body = unwrapped(asked.body, encoding_of(asked), asked.query, _LIMIT)
    query = asked.query
    if "posthog-request-timestamp" in asked.headers:
        query = {**query, "sent_at": asked.headers["posthog-request-timestamp"]}
    said = capture(body, query)
    library = asked.headers.get("posthog-sdk-info", "").partition("/")[0]
    client_id, service = intake or services.intake(said.key)
    return said, service.posthog(client_id, said, library)


def _results(items: Sequence[bytes], receipt: Receipt) -> Mapping[str, Any]:
    told = {each.index: each for each in (*receipt.warnings, *receipt.rejected)}
    results: dict[str, Any] = {}
    for index, item in enumerate(items):
        uuid = _uuid(item)
        if uuid is None:
            continue
        found = told.get(index)
        if found is None:
            results[uuid] = {"result": "ok"}
            continue
        result = "warning" if found.accepted else "drop"
        results[uuid] = {"result": result, "details": f"{found.code}: {found.message}"}
    return results


def _uuid(item: bytes) -> str | None:
    try:
        return _id.decode(item).uuid
    except msgspec.DecodeError:
        return None


def flags(services: Services, asked: Request) -> Answer:
    """There are none. The SDKs of servers report an error when nobody answers."""
    key = key_of(asked)
    if key is None:
        key = capture(unwrapped(asked.body, encoding_of(asked), asked.query, _LIMIT), {}).key
    services.keyring.client_of(key)
    return Answer(
        200,
        {
            "flags": {},
            "featureFlags": {},
            "featureFlagPayloads": {},
            "errorsWhileComputingFlags": False,
            "requestId": asked.id,
            **_features(),
        },
    )


def config(services: Services, _asked: Request, key: str) -> Answer:
    services.keyring.client_of(key)
    return settings({"token": key, **_features()})


def config_script(services: Services, _asked: Request, key: str) -> Answer:
    """The same for pages that load the SDK by its snippet."""
    services.keyring.client_of(key)
    name, found = json.dumps(key), json.dumps({"config": {"token": key, **_features()}, "siteApps": []})
    script = f"(function(){{(window._POSTHOG_REMOTE_CONFIG=window._POSTHOG_REMOTE_CONFIG||{{}})[{name}]={found}}})();"
    return settings(script, "application/javascript")


def _features() -> Mapping[str, Any]:
    """Capture works, all else that PostHog has is off."""
    off = (
        "sessionRecording",
        "heatmaps",
        "surveys",
        "captureDeadClicks",
        "capturePerformance",
        "autocaptureExceptions",
    )
    return {
        "supportedCompression": ["gzip", "gzip-js"],
        "config": {"enable_collect_everything": True},
        "hasFeatureFlags": False,
        "elementsChainAsString": True,
        "analytics": {"endpoint": "/i/v0/e/"},
        "defaultIdentifiedOnly": True,
        "isAuthenticated": False,
        "toolbarParams": {},
        "siteApps": [],
        **dict.fromkeys(off, False),
    }
