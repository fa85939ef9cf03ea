"""Stream worker: new outbox items go to their queues."""

from typing import Any

from groundswell.messaging.batch import Failures, handle_images
from groundswell.messaging.outbox import UnknownQueue, publish


def handler(event: dict[str, Any], context: object) -> Failures:  # noqa: ARG001 - Lambda's signature
    return handle_images(event, publish, poison=(UnknownQueue,))
