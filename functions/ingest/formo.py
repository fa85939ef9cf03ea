"""Formo's endpoint."""

from functions.ingest.endpoint import SDK_LIMIT, Services, content, key_of, taken
from functions.ingest.gateway import Answer, Request
from groundswell.ingest.body import array_or_object


def raw_events(services: Services, asked: Request) -> Answer:
    client_id = services.keyring.client_of(key_of(asked))
    return taken(services.service.formo(client_id, array_or_object(content(asked, SDK_LIMIT))), success=True)
