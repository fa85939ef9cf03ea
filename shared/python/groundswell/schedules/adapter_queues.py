"""Sends what is due to SQS, ten at a time."""

from collections.abc import Iterator, Sequence
from itertools import batched

from botocore.exceptions import ClientError

from groundswell.observability.log import log
from groundswell.storage.client import sqs
from groundswell.storage.settings import queue_url

_BATCH = 10  # SendMessageBatch's limit


class SqsQueues:
    def send(self, queue: str, bodies: Sequence[str]) -> tuple[bool, ...]:
        """Whether the queue took each of them. One that there is not, or that fails, must not hold up the others."""
        try:
            url = queue_url(queue)
        except KeyError:
            log.error("timers for a queue that no consumer declares with `timers=True`", extra={"queue": queue})
            return (False,) * len(bodies)
        return tuple(ok for batch in batched(bodies, _BATCH, strict=False) for ok in _send(url, batch))


def _send(url: str, bodies: Sequence[str]) -> Iterator[bool]:
    entries = [{"Id": str(number), "MessageBody": body} for number, body in enumerate(bodies)]
    try:
        answer = sqs().send_message_batch(QueueUrl=url, Entries=entries)  # type: ignore[arg-type]
    except ClientError as error:
        log.error("a queue takes no timers", extra={"queue": url, "code": error.response["Error"]["Code"]})
        return (False for _ in bodies)
    failed = {failure["Id"]: failure for failure in answer.get("Failed", [])}
    for failure in failed.values():
        log.error("a queue did not take a timer", extra={"queue": url, "code": failure["Code"]})
    return (entry["Id"] not in failed for entry in entries)
