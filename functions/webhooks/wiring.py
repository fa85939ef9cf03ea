"""The composition root of the function `webhooks`."""

import os
from functools import cache
from secrets import token_bytes
from typing import Annotated

from functions.webhooks.catalogue import EVENTS
from groundswell.http.provide import provide
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id
from groundswell.kernel.message import Message
from groundswell.storage.transaction import write
from groundswell.webhooks.adapter_secrets import seal
from groundswell.webhooks.service import Ways, WebhookService
from groundswell.webhooks.store import DynamoDeliveryLog, DynamoEndpointStore


@cache
def webhook_service() -> WebhookService:
    ways = Ways(_check, seal, _say, utc_now, new_id, token_bytes)
    return WebhookService(DynamoEndpointStore(), DynamoDeliveryLog(utc_now), frozenset(EVENTS), ways)


async def _check(url: str) -> None:
    from groundswell.outbound.adapter import SafeClient, loopback_peers, own_places  # its HTTP client is for few calls

    await SafeClient(loopback_peers(), own=own_places(os.environ["PUBLIC_URL"])).check(url, https_only=True)


def _say(message: Message) -> None:
    write([], [message])


Webhooks = Annotated[WebhookService, provide(webhook_service)]
