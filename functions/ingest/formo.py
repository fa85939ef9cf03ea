"""Formo's endpoint."""

from functions.ingest.endpoint import SDK_LIMIT, Services, content, counts, key_of, taken
from functions.ingest.gateway import Answer, Request
from groundswell.ingest.body import array_or_object


def raw_events(services: Services, asked: Request) -> Answer:
    """The browser SDK never reads an answer, and Chromium keeps the connection of a `keepalive` request until somebody
    has read it: after six answers with a body it could send nothing more. Verdicts are for servers, and kept for both.
    """
    client_id = services.keyring.client_of(key_of(asked))
    receipt = services.service.formo(client_id, array_or_object(content(asked, SDK_LIMIT)))
    if "origin" in asked.headers:
        return Answer(200, None, counts=counts(receipt))
    return taken(receipt, success=True)
