"""Stream worker: new outbox items go to their queues."""

from typing import Any

from groundswell.messaging.batch import Failures, each_image
from groundswell.messaging.outbox import UnknownQueue, publish


def handler(event: dict[str, Any], context: object) -> Failures:  # noqa: ARG001 - Lambda's signature
    return each_image(event, publish, poison=(UnknownQueue,))
