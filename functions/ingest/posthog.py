"""PostHog's capture endpoints, and the documents that its SDKs ask for."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from functions.ingest.endpoint import Services, accepted_answer, encoding_of, key_of, settings, took_any
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


def events(services: Services, request: Request) -> Answer:
    """Status 1 or 0, as at PostHog (and Mixpanel, whose protocol it was)."""
    receipt = _take(services, request)[1]
    return accepted_answer(receipt, status=int(took_any(receipt)))


def events_v1(services: Services, request: Request) -> Answer:
    """Every event is answered by its id."""
    captured, receipt = _take(services, request)
    return accepted_answer(receipt, results=_results(captured.items, receipt))


def _take(services: Services, request: Request) -> tuple[Capture, Receipt]:
    key = key_of(request)
    intake = services.intake(key) if key is not None else None
    body = unwrapped(request.body, encoding_of(request), request.query, _LIMIT)
    query = request.query
    if "posthog-request-timestamp" in request.headers:
        query = {**query, "sent_at": request.headers["posthog-request-timestamp"]}
    captured = capture(body, query)
    library = request.headers.get("posthog-sdk-info", "").partition("/")[0]
    client_id, service = intake or services.intake(captured.key)
    return captured, service.posthog(client_id, captured, library)


def _results(items: Sequence[bytes], receipt: Receipt) -> Mapping[str, Any]:
    verdicts = {warning.index: warning for warning in (*receipt.warnings, *receipt.rejected)}
    results: dict[str, Any] = {}
    for index, item in enumerate(items):
        uuid = _uuid(item)
        if uuid is None:
            continue
        verdict = verdicts.get(index)
        if verdict is None:
            results[uuid] = {"result": "ok"}
            continue
        result = "warning" if verdict.accepted else "drop"
        results[uuid] = {"result": result, "details": f"{verdict.code}: {verdict.message}"}
    return results


def _uuid(item: bytes) -> str | None:
    try:
        return _id.decode(item).uuid
    except msgspec.DecodeError:
        return None


def flags(services: Services, request: Request) -> Answer:
    """There are none. The SDKs of servers report an error when nobody answers."""
    key = key_of(request)
    if key is None:
        key = capture(unwrapped(request.body, encoding_of(request), request.query, _LIMIT), {}).key
    services.keyring.client_of(key)
    return Answer(
        200,
        {
            "flags": {},
            "featureFlags": {},
            "featureFlagPayloads": {},
            "errorsWhileComputingFlags": False,
            "requestId": request.id,
            **_features(),
        },
    )


def config(services: Services, _request: Request, key: str) -> Answer:
    services.keyring.client_of(key)
    return settings({"token": key, **_features()})


def config_script(services: Services, _request: Request, key: str) -> Answer:
    """The same for pages that load the SDK by its snippet."""
    services.keyring.client_of(key)
    name, document = json.dumps(key), json.dumps({"config": {"token": key, **_features()}, "siteApps": []})
    script = (
        f"(function(){{(window._POSTHOG_REMOTE_CONFIG=window._POSTHOG_REMOTE_CONFIG||{{}})[{name}]={document}}})();"
    )
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
