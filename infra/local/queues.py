"""SQS messages to their consumers, as Lambda's event source mapping does it."""

import asyncio
import base64
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import batched
from typing import TYPE_CHECKING, Any

from infra.declarations import Function, QueueTrigger
from infra.local.functions import Functions
from infra.local.processes import FunctionError
from infra.local.resources import Clients

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import MessageTypeDef

# How long a request waits for messages bounds how long a stop waits; one that arrives ends the wait at once. A stage
# that nobody uses asks less often: each request costs some 5 ms of a core.
_LONG_POLL_SECONDS, _IDLE_POLL_SECONDS, _IDLE_AFTER_POLLS = 1, 4, 30
_RECEIVE_MOST = 10
_LARGEST_BATCH = 4 * 1024 * 1024  # an event has 6 MB at most, with attributes and escapes
_LONGEST_PAUSE = 60


class QueueConsumer:
    """Reads one queue in batches until cancelled.

    One thing is not as in AWS: what failed comes back after 1, 2, 4, … 60 s, not after the whole visibility timeout
    (minutes), so that a person at a terminal sees a retry and a dead letter happen.
    """

    def __init__(
        self, function: Function, trigger: QueueTrigger, clients: Clients, functions: Functions, url: str
    ) -> None:
        self._function = function
        self._trigger = trigger
        self._sqs = clients.sqs
        self._functions = functions
        self._url = url
        self._arn = ""
        self._failed: set[str] = set()
        self._empty_polls = 0

    async def run(self) -> None:
        attributes = await asyncio.to_thread(
            self._sqs.get_queue_attributes, QueueUrl=self._url, AttributeNames=["QueueArn"]
        )
        self._arn = attributes["Attributes"]["QueueArn"]
        while not self._functions.stopping:
            batch = await self._batch()
            if batch:
                self._failed.difference_update(message["MessageId"] for message in batch)
                await self._deliver(batch)

    async def is_idle(self) -> bool:
        """Whether there is nothing to do at the moment: what failed and comes again later is not waited for."""
        names: list[Any] = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        answer = await asyncio.to_thread(self._sqs.get_queue_attributes, QueueUrl=self._url, AttributeNames=names)
        waiting, in_flight = (int(answer["Attributes"][name]) for name in names)
        return waiting == 0 and in_flight <= len(self._failed)

    async def _batch(self) -> "list[MessageTypeDef]":
        idle = self._empty_polls >= _IDLE_AFTER_POLLS
        batch = await self._receive(_IDLE_POLL_SECONDS if idle else _LONG_POLL_SECONDS, self._trigger.batch_size)
        self._empty_polls = 0 if batch else self._empty_polls + 1
        if not batch or not self._trigger.window_seconds:
            return batch
        loop = asyncio.get_running_loop()
        ends = loop.time() + self._trigger.window_seconds
        while len(batch) < self._trigger.batch_size and loop.time() < ends and _size(batch) < _LARGEST_BATCH:
            batch += await self._receive(_LONG_POLL_SECONDS, self._trigger.batch_size - len(batch))
        return batch

    async def _receive(self, wait: int, most: int) -> "list[MessageTypeDef]":
        answer = await asyncio.to_thread(
            self._sqs.receive_message,
            QueueUrl=self._url,
            MaxNumberOfMessages=min(most, _RECEIVE_MOST),
            WaitTimeSeconds=wait,
            MessageSystemAttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        return answer.get("Messages", [])

    async def _deliver(self, batch: "Sequence[MessageTypeDef]") -> None:
        event = {"Records": [_record(message, self._arn) for message in batch]}
        interpret = partial(failed_items, [message["MessageId"] for message in batch])
        try:
            failed = await self._functions.invoke(
                self._function, event, source=f"queue {self._trigger.queue} ({len(batch)})", interpret=interpret
            )
        except FunctionError:
            failed = {message["MessageId"] for message in batch}
        for message in batch:
            if message["MessageId"] in failed:
                await self._retry_later(message)
        done = [message["ReceiptHandle"] for message in batch if message["MessageId"] not in failed]
        for chunk in batched(done, _RECEIVE_MOST, strict=False):
            entries = [{"Id": str(place), "ReceiptHandle": handle} for place, handle in enumerate(chunk)]
            await asyncio.to_thread(self._sqs.delete_message_batch, QueueUrl=self._url, Entries=entries)  # type: ignore[arg-type]

    async def _retry_later(self, message: "MessageTypeDef") -> None:
        self._failed.add(message["MessageId"])
        receives = int(message["Attributes"]["ApproximateReceiveCount"])
        await asyncio.to_thread(
            self._sqs.change_message_visibility,
            QueueUrl=self._url,
            ReceiptHandle=message["ReceiptHandle"],
            VisibilityTimeout=min(_LONGEST_PAUSE, 2 ** (receives - 1)),
        )


def _size(batch: "Sequence[MessageTypeDef]") -> int:
    return sum(len(message["Body"]) for message in batch)


def failed_items(ids: Sequence[str], result: Any) -> tuple[set[str], str]:
    """Which of the ids the handler reports as failed, and the status for the log.

    None, {} and an empty list mean success; an answer that names no id, or an unknown one, fails the whole batch:
    https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
    """
    failures = (result or {}).get("batchItemFailures") if isinstance(result, Mapping | None) else None
    if not failures:
        return set(), "ok"
    named = [item.get("itemIdentifier") if isinstance(item, Mapping) else None for item in failures]
    failed = set(ids) if any(name not in ids for name in named) else {str(name) for name in named}
    return failed, f"{len(failed)} of {len(ids)} failed"


def _record(message: "MessageTypeDef", arn: str) -> dict[str, Any]:
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": dict(message.get("Attributes", {})),
        "messageAttributes": {
            name: _message_attribute(value) for name, value in message.get("MessageAttributes", {}).items()
        },
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": arn,
        "awsRegion": arn.split(":")[3],
    }


def _message_attribute(value: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {"stringListValues": [], "binaryListValues": [], "dataType": value["DataType"]}
    if "StringValue" in value:
        made["stringValue"] = value["StringValue"]
    if "BinaryValue" in value:
        made["binaryValue"] = base64.b64encode(value["BinaryValue"]).decode("ascii")
    return made
