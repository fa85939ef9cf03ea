"""Puts aside what no retry can help, with its reason, so that the rest goes on and an operator can look and replay."""

from groundswell.observability.log import log
from groundswell.observability.metrics import metric
from groundswell.storage.client import sqs
from groundswell.storage.settings import queue_url

_LONGEST_REASON = 1000


def send_to_dlq(body: str, reason: str) -> None:
    """Send it to this worker's own dead-letter queue (`QUEUE_DEAD_LETTERS`); `Reason` is a message attribute."""
    sqs().send_message(
        QueueUrl=queue_url("dead_letters"),
        MessageBody=body,
        MessageAttributes={"Reason": {"DataType": "String", "StringValue": reason[:_LONGEST_REASON] or "unknown"}},
    )
    log.error("dead letter", extra={"reason": reason})
    metric("DeadLetters", 1)
