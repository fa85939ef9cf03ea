"""Our own endpoint, and the one that Adtivity's published web SDK posts to."""

from functions.ingest.endpoint import (
    QUERY_KEYS,
    SDK_LIMIT,
    Services,
    accepted_answer,
    content,
    counts,
    key_of,
    took_any,
    verdicts,
)
from functions.ingest.gateway import Answer, Request
from groundswell.events.ingest.body import array_or_object
from groundswell.http.query import need_known

_TAKES = dict.fromkeys(QUERY_KEYS, False)
"""SDKs of others add parameters; here nobody does, and a misspelt one is said to be one."""


def sdk(services: Services, request: Request) -> Answer:
    need_known(request.query, _TAKES)
    client_id, service = services.intake(key_of(request))
    items = array_or_object(content(request, SDK_LIMIT))
    receipt = service.sdk(client_id, items, request.headers.get("idempotency-key"))
    count = f"{receipt.accepted} events received successfully"
    text = count if took_any(receipt) else "No event was received: `rejected` says why"
    return Answer(202, {"status_code": 202, "message": text, "data": verdicts(receipt)}, counts=counts(receipt))


def events(services: Services, request: Request) -> Answer:
    """What the web SDK cannot deliver it sends again, for ever: unknown members are no reason to refuse it."""
    client_id, service = services.intake(key_of(request))
    items = array_or_object(content(request, SDK_LIMIT))
    receipt = service.sdk(client_id, items, strict=False)
    return accepted_answer(receipt, success=took_any(receipt))
