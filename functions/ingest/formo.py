"""Formo's endpoint."""

from functions.ingest.endpoint import SDK_LIMIT, Services, accepted_answer, content, key_of, took_any
from functions.ingest.gateway import Answer, Request
from groundswell.events.ingest.body import array_or_object

PATH = "/v0/raw_events"


def raw_events(services: Services, request: Request) -> Answer:
    client_id, service = services.intake(key_of(request))
    receipt = service.formo(client_id, array_or_object(content(request, SDK_LIMIT)))
    return accepted_answer(receipt, success=took_any(receipt))


def unread(request: Request) -> bool:
    """Whether this comes from a page. The SDK never reads an answer, and Chromium keeps the connection of a `keepalive`
    request until somebody has read its answer: after six with a body it would send nothing more.
    """
    return request.path == PATH and "origin" in request.headers
