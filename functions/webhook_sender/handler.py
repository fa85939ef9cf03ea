"""SQS worker: events to the webhooks that want them, and attempts that are due. A batch's are made side by side."""

import asyncio
import os
import random
import time
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from groundswell.kernel.clock import utc_now
from groundswell.kernel.errors import Invalid
from groundswell.kernel.ids import new_id
from groundswell.messaging.batch import Failures, handle_messages
from groundswell.outbound.model import Answer, Bounds
from groundswell.storage.client import sqs
from groundswell.storage.settings import queue_url
from groundswell.webhooks.adapter_secrets import open_secret
from groundswell.webhooks.events import QUEUE
from groundswell.webhooks.news import disabled_messages
from groundswell.webhooks.sending import Sender, Ways
from groundswell.webhooks.store import DynamoDeliveryStore

if TYPE_CHECKING:
    from groundswell.outbound.adapter import SafeClient

_BOUNDS = Bounds(seconds=15, connect_seconds=5, size=4096)


def handler(event: dict[str, Any], context: object) -> Failures:  # noqa: ARG001 - Lambda's signature
    bodies = [record["body"] for record in event["Records"]]
    outcomes = dict(zip(bodies, asyncio.run(_send_all(bodies)), strict=True))

    def tell(body: str) -> None:
        if outcome := outcomes[body]:
            raise outcome

    return handle_messages(event, tell, poison=(Invalid,))


async def _send_all(bodies: list[str]) -> list[BaseException | None]:
    store = DynamoDeliveryStore(utc_now, new_id, int(os.environ["LEASE_SECONDS"]), disabled_messages)
    sender = Sender(store, _ways())
    return await asyncio.gather(*map(sender.handle, bodies), return_exceptions=True)


@cache
def _ways() -> Ways:
    return Ways(open_secret, _post, _later, utc_now, time.time, random.random)


@cache
def _client() -> "SafeClient":
    # The HTTP client is for batches that deliver: most of what comes may be for nobody.
    from groundswell.outbound.adapter import SafeClient, loopback_peers, own_places
    from groundswell.outbound.adapter_limits import DynamoBuckets, DynamoCircuits

    return SafeClient(
        loopback_peers(),
        circuits=DynamoCircuits(utc_now),
        buckets=DynamoBuckets(utc_now),
        own=own_places(os.environ["PUBLIC_URL"]),
    )


async def _post(client_id: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
    return await _client().send(client_id, "POST", url, headers=headers, content=body, bounds=_BOUNDS)


def _later(body: str, seconds: int) -> None:
    sqs().send_message(QueueUrl=queue_url(QUEUE), MessageBody=body, DelaySeconds=seconds)
