"""The endpoints of webhooks: who gets which events, and what became of them."""

from typing import Annotated

from fastapi import Query, Response

from functions.webhooks import examples
from functions.webhooks.catalogue import EVENTS
from functions.webhooks.schemas import (
    DeliveryOut,
    DeliveryWhole,
    EventOut,
    SecretRotate,
    WebhookCreate,
    WebhookCreated,
    WebhookOut,
    WebhookUpdate,
    event_out,
    overlap_of,
    webhook_created,
)
from functions.webhooks.wiring import Webhooks
from groundswell.http.app import create_router
from groundswell.http.envelope import Empty, Envelope, Listed, accepted, created, ok
from groundswell.http.operation import operation
from groundswell.http.paging import NewestOnly, OldestFirst, PageRequest, whole
from groundswell.http.preconditions import IfMatch, tag
from groundswell.http.principal import Admin, Viewer
from groundswell.http.ratelimit import HOUR, MINUTE
from groundswell.tenancy.clients.model import Scope
from groundswell.webhooks.model import DeliveryStatus, Endpoint

router = create_router("Webhooks")
Types = Annotated[PageRequest, whole("type")]


@router.get(
    "/webhooks/events",
    **operation(
        "webhooks.events", scope=Scope.WEBHOOKS_READ, response_example=[examples.EVENT], errors=(401, 403, 404)
    ),
)
async def list_events(who: Viewer, page: Types) -> Listed[EventOut]:
    """Every event that a webhook can get, with an example and the schema of its body."""
    return page.answer_in_order(who.client_id, [event_out(event_type) for event_type in sorted(EVENTS)])


@router.post(
    "/webhooks",
    **operation(
        "webhooks.create",
        scope=Scope.WEBHOOKS_WRITE,
        limit=(60, HOUR, "user"),
        request_example=examples.CREATE,
        response_example=examples.CREATED,
        status=201,
        location="/webhooks/{id}",
        errors=(401, 403, 404, 409),
        shown_once=True,
    ),
)
async def create_webhook(body: WebhookCreate, who: Admin, webhooks: Webhooks) -> Envelope[WebhookCreated]:
    """Have events posted to a URL, signed by Standard Webhooks 1.0. The secret is shown this once."""
    return created(webhook_created(*await webhooks.create(who, body.model_dump())))


@router.get(
    "/webhooks",
    **operation(
        "webhooks.list", scope=Scope.WEBHOOKS_READ, response_example=[examples.WEBHOOK], errors=(401, 403, 404)
    ),
)
async def list_webhooks(who: Viewer, page: OldestFirst, webhooks: Webhooks) -> Listed[WebhookOut]:
    """All webhooks of the client, oldest first: 20 at most."""
    return page.answer_whole(
        who.client_id, [WebhookOut.model_validate(webhook) for webhook in webhooks.list(who.client_id)]
    )


@router.get(
    "/webhooks/{webhook_id}",
    **operation("webhooks.get", scope=Scope.WEBHOOKS_READ, response_example=examples.WEBHOOK, errors=(401, 403, 404)),
)
async def get_webhook(webhook_id: str, who: Viewer, response: Response, webhooks: Webhooks) -> Envelope[WebhookOut]:
    """One webhook. Its version is the ETag."""
    return ok(_tagged(webhooks.get(who.client_id, webhook_id), response))


@router.update(
    "/webhooks/{webhook_id}",
    **operation(
        "webhooks.update",
        scope=Scope.WEBHOOKS_WRITE,
        request_example=examples.UPDATE,
        response_example=examples.UPDATED,
        errors=(401, 403, 404, 412),
    ),
)
async def update_webhook(
    webhook_id: str, body: WebhookUpdate, who: Admin, expected: IfMatch, response: Response, webhooks: Webhooks
) -> Envelope[WebhookOut]:
    """Change what is sent and keep the rest; disable it, or take it into use again."""
    return ok(_tagged(await webhooks.change(who, webhook_id, body.changes(), expected), response))


@router.delete(
    "/webhooks/{webhook_id}",
    **operation("webhooks.delete", scope=Scope.WEBHOOKS_WRITE, response_example={}, errors=(401, 403, 404, 412)),
)
async def delete_webhook(webhook_id: str, who: Admin, expected: IfMatch, webhooks: Webhooks) -> Envelope[Empty]:
    """Nothing is posted there any more, and what waited is not delivered."""
    webhooks.delete(who, webhook_id, expected)
    return ok(Empty())


@router.post(
    "/webhooks/{webhook_id}/rotate-secret",
    **operation(
        "webhooks.rotate_secret",
        scope=Scope.WEBHOOKS_WRITE,
        request_example=examples.ROTATE,
        response_example=examples.CREATED,
        errors=(401, 403, 404, 412),
        shown_once=True,
    ),
)
async def rotate_secret(
    webhook_id: str, who: Admin, webhooks: Webhooks, body: SecretRotate | None = None
) -> Envelope[WebhookCreated]:
    """A new secret, shown this once. Until the overlap ends every delivery has signatures by both, waiting ones too."""
    overlap = overlap_of((body or SecretRotate()).overlap)
    return ok(webhook_created(*webhooks.rotate(who, webhook_id, overlap)))


@router.post(
    "/webhooks/{webhook_id}/test",
    **operation(
        "webhooks.test",
        scope=Scope.WEBHOOKS_WRITE,
        limit=(20, MINUTE, "user"),
        response_example=examples.PENDING,
        status=202,
        errors=(401, 403, 404),
    ),
)
async def test_webhook(webhook_id: str, who: Admin, webhooks: Webhooks) -> Envelope[DeliveryOut]:
    """Have `webhook.test` posted there, whatever it subscribes to. The log of deliveries says what came of it."""
    return accepted(DeliveryOut.model_validate(webhooks.test(who.client_id, webhook_id)))


@router.get(
    "/webhooks/{webhook_id}/deliveries",
    **operation(
        "webhooks.deliveries",
        scope=Scope.WEBHOOKS_READ,
        response_example=[examples.DELIVERY],
        errors=(401, 403, 404),
    ),
)
async def list_deliveries(
    webhook_id: str,
    who: Viewer,
    paging: NewestOnly,
    webhooks: Webhooks,
    status: Annotated[DeliveryStatus | None, Query(description="Only these; a page may then be short")] = None,
) -> Listed[DeliveryOut]:
    """What was sent there, with every attempt and its answer, newest first. Kept for 14 days."""
    position = paging.position(who.client_id)
    page = webhooks.deliveries(who.client_id, webhook_id, paging.limit, position, status)
    return paging.answer(who.client_id, page.map(DeliveryOut.model_validate))


@router.get(
    "/webhooks/{webhook_id}/deliveries/{delivery_id}",
    **operation(
        "webhooks.delivery", scope=Scope.WEBHOOKS_READ, response_example=examples.WHOLE, errors=(401, 403, 404)
    ),
)
async def get_delivery(webhook_id: str, delivery_id: str, who: Viewer, webhooks: Webhooks) -> Envelope[DeliveryWhole]:
    """One delivery, with the body that is sent."""
    return ok(DeliveryWhole.model_validate(webhooks.delivery(who.client_id, webhook_id, delivery_id)))


@router.post(
    "/webhooks/{webhook_id}/deliveries/{delivery_id}/replay",
    **operation(
        "webhooks.replay",
        scope=Scope.WEBHOOKS_WRITE,
        limit=(120, MINUTE, "user"),
        response_example=examples.REPLAYED,
        status=202,
        errors=(401, 403, 404, 409),
    ),
)
async def replay_delivery(webhook_id: str, delivery_id: str, who: Admin, webhooks: Webhooks) -> Envelope[DeliveryOut]:
    """Send it once more, under the same `webhook-id`, whether or not it arrived."""
    return accepted(DeliveryOut.model_validate(webhooks.replay(who.client_id, webhook_id, delivery_id)))


def _tagged(endpoint: Endpoint, response: Response) -> WebhookOut:
    tag(response, endpoint.version)
    return WebhookOut.model_validate(endpoint)
