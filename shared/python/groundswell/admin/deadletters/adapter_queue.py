"""Dead letters in SQS."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from groundswell.admin.deadletters.model import Letter, Source
from groundswell.storage.client import sqs

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import MessageTypeDef

_BATCH = 10  # SQS's limit
_LOOKED_AT_SECONDS = 10
_HELD_SECONDS = 30
_SEARCHED = 1000


class SqsLetters:
    """`queue` is the dead-letter queue's name."""

    def __init__(self, source: Source, queue: str) -> None:
        self._source = source
        self._queue = queue

    @cached_property
    def _url(self) -> str:
        return sqs().get_queue_url(QueueName=self._queue)["QueueUrl"]

    def count(self) -> int:
        names: list[Any] = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        attributes: Any = sqs().get_queue_attributes(QueueUrl=self._url, AttributeNames=names)["Attributes"]
        return sum(int(attributes[name]) for name in names)

    def look(self, at_most: int) -> tuple[Letter, ...]:
        seen: dict[str, MessageTypeDef] = {}
        try:
            for message in self._received(_LOOKED_AT_SECONDS):
                seen[message["MessageId"]] = message
                if len(seen) >= at_most:
                    break
        finally:
            self._release(list(seen.values()))
        return tuple(self._letter(message) for message in seen.values())

    def take(self, letter_id: str) -> tuple[Letter, str] | None:
        others: list[MessageTypeDef] = []
        match = None
        try:
            for message in self._received(_HELD_SECONDS):
                if message["MessageId"] == letter_id:
                    match = message
                    break
                others.append(message)
                if len(others) >= _SEARCHED:
                    break
        finally:
            self._release(others)
        return (self._letter(match), match["ReceiptHandle"]) if match else None

    def put_back(self, held: str) -> None:
        sqs().change_message_visibility(QueueUrl=self._url, ReceiptHandle=held, VisibilityTimeout=0)

    def drop(self, held: str) -> None:
        sqs().delete_message(QueueUrl=self._url, ReceiptHandle=held)

    def _received(self, out_of_sight: int) -> "Iterator[MessageTypeDef]":
        """Until an answer is empty. One second of waiting makes SQS ask all of its servers."""
        held: list[MessageTypeDef] = []
        while True:
            answer = sqs().receive_message(
                QueueUrl=self._url,
                MaxNumberOfMessages=_BATCH,
                VisibilityTimeout=out_of_sight,
                WaitTimeSeconds=0 if held else 1,
                MessageSystemAttributeNames=["All"],
                MessageAttributeNames=["All"],
            )
            batch = answer.get("Messages", [])
            if not batch:
                return
            held += batch
            for at, message in enumerate(batch):
                try:
                    yield message
                except GeneratorExit:
                    self._release(batch[at + 1 :])
                    raise

    def _release(self, messages: "Sequence[MessageTypeDef]") -> None:
        for start in range(0, len(messages), _BATCH):
            sqs().change_message_visibility_batch(
                QueueUrl=self._url,
                Entries=[
                    {"Id": str(number), "ReceiptHandle": message["ReceiptHandle"], "VisibilityTimeout": 0}
                    for number, message in enumerate(messages[start : start + _BATCH])
                ],
            )

    def _letter(self, message: "MessageTypeDef") -> Letter:
        system: Any = message.get("Attributes", {})
        texts = {
            name: value["StringValue"]
            for name, value in message.get("MessageAttributes", {}).items()
            if "StringValue" in value
        }
        return Letter(
            id=message["MessageId"],
            source=self._source,
            body=message["Body"],
            reason=texts.get("Reason") or texts.get("ErrorMessage") or texts.get("ERROR_MESSAGE"),
            first_seen=datetime.fromtimestamp(int(system["SentTimestamp"]) / 1000, UTC),
            receives=int(system["ApproximateReceiveCount"]),
            attributes={name: text for name, text in texts.items() if name != "Reason"},
        )
