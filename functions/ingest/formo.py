"""Formo's endpoint."""

from functions.ingest.endpoint import SDK_LIMIT, Services, content, key_of, taken, took_any
from functions.ingest.gateway import Answer, Request
from groundswell.events.ingest.body import array_or_object

PATH = "/v0/raw_events"


def raw_events(services: Services, asked: Request) -> Answer:
    client_id, service = services.intake(key_of(asked))
    receipt = service.formo(client_id, array_or_object(content(asked, SDK_LIMIT)))
    return taken(receipt, success=took_any(receipt))


def unread(asked: Request) -> bool:
    """Whether this comes from a page. The SDK never reads an answer, and Chromium keeps the connection of a `keepalive`
    request until somebody has read its answer: after six with a body it would send nothing more.
    """
    return asked.path == PATH and "origin" in asked.headers
