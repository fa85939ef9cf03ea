"""Segment's tracking API and RudderStack's, and the settings without which their browser SDKs send nothing."""

from functions.ingest.endpoint import (
    BATCH_LIMIT,
    SDK_LIMIT,
    Services,
    accepted_answer,
    content,
    key_of,
    settings,
    took_any,
)
from functions.ingest.gateway import Answer, Request
from groundswell.access.keys import parse
from groundswell.events.ingest.body import envelope, message, text_of


def batch(services: Services, request: Request) -> Answer:
    key = key_of(request)
    intake = services.intake(key) if key is not None else None
    sent_envelope, items = envelope(content(request, BATCH_LIMIT))
    client_id, service = intake or services.intake(text_of(sent_envelope.write_key))
    receipt = service.segment(client_id, sent_envelope, items)
    return accepted_answer(receipt, success=took_any(receipt))


def single(services: Services, request: Request, kind: str) -> Answer:
    key = key_of(request)
    intake = services.intake(key) if key is not None else None
    sent_envelope, items = message(content(request, SDK_LIMIT))
    client_id, service = intake or services.intake(text_of(sent_envelope.write_key))
    receipt = service.segment(client_id, sent_envelope, items, kind)
    return accepted_answer(receipt, success=took_any(receipt))


def project(services: Services, _request: Request, key: str) -> Answer:
    """What analytics-next asks for first."""
    services.keyring.client_of(key)
    plan = {"track": {"__default": {"enabled": True, "integrations": {}}}}
    return settings(
        {
            "integrations": {
                "Segment.io": {"apiKey": key, "versionSettings": {"version": "4.4.7", "componentTypes": []}}
            },
            "plan": plan,
            "edgeFunction": {},
            "metrics": {"sampleRate": 0},
        }
    )


def source(services: Services, request: Request) -> Answer:
    """What RudderStack's browser SDK asks for first."""
    key = key_of(request) or ""
    services.keyring.client_of(key)
    parts = parse(key)
    off = {"enabled": False}
    document = {
        "id": parts.public_id if parts else "",
        "name": "groundswell",
        "writeKey": key,
        "enabled": True,
        "workspaceId": "groundswell",
        "config": {"statsCollection": {"errors": off, "metrics": off}},
        "destinations": [],
        "connections": [],
        "dataplanes": {},
    }
    return settings({"source": document, "updatedAt": "2026-01-01T00:00:00.000Z"})
