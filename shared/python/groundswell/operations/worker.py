"""What an SQS worker does with messages that name operations."""

import json
import os
from collections.abc import Callable, Mapping
from typing import Any

from groundswell.kernel.ids import can_be_id
from groundswell.messaging.batch import Failures, each_message
from groundswell.messaging.deadline import in_time
from groundswell.observability.log import log
from groundswell.operations.service import Runner
from groundswell.storage.client import sqs
from groundswell.storage.settings import queue_url

_LONGEST_DELAY = 900  # seconds: SQS's limit


class NoOperation(ValueError):
    """A message that the outbox did not write."""


def go_on(
    event: Mapping[str, Any], context: Any, runner: Callable[[], Runner], queue: str, *, reserve_ms: int
) -> Failures:
    """Go on with each operation for as long as the function has time, less `reserve_ms` for the step that is under way,
    and tell `queue` of what is not over. `ATTEMPTS` is how often the queue delivers a message."""
    goes_on = in_time(context, reserve_ms)
    last = {record["body"] for record in event["Records"] if _received(record) >= int(os.environ["ATTEMPTS"])}

    def handle(body: str) -> None:
        client_id, operation_id = _asked(body)
        wait = runner().run(client_id, operation_id, goes_on, last=body in last)
        if wait is not None:
            sqs().send_message(QueueUrl=queue_url(queue), MessageBody=body, DelaySeconds=min(wait, _LONGEST_DELAY))
        log.info("operation", extra={"operation_id": operation_id, "goes_on_in": wait})

    return each_message(event, handle, poison=(NoOperation,))


def _received(record: Mapping[str, Any]) -> int:
    return int(record.get("attributes", {}).get("ApproximateReceiveCount", 1))


def _asked(body: str) -> tuple[str, str]:
    """Raises NoOperation."""
    try:
        said = json.loads(body)
        client_id, operation_id = str(said["client_id"]), str(said["operation_id"])
    except (ValueError, KeyError, TypeError) as error:
        raise NoOperation(f"{type(error).__name__}: {error}") from error
    if not (can_be_id(client_id) and can_be_id(operation_id)):
        raise NoOperation("it names no operation")
    return client_id, operation_id
