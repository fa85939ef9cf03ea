"""Publishes what transactions left in the outbox. At least once: a crash after sending sends again."""

from collections.abc import Mapping
from typing import Any

from groundswell.storage.client import dynamodb, sqs
from groundswell.storage.settings import queue_url, table_name


class UnknownQueue(Exception):
    """No retry will find the queue."""


def publish(image: Mapping[str, Any]) -> None:
    """Send one outbox item (a stream's new image) to its queue, then forget it.

    Raises UnknownQueue for an image that is no outbox item, or names a queue this function may not send to.
    """
    sqs().send_message(
        QueueUrl=_url(image),
        MessageBody=image["body"]["S"],
        MessageAttributes={
            "MessageId": {"DataType": "String", "StringValue": image["pk"]["S"].removeprefix("OUTBOX#")}
        },
    )
    dynamodb().delete_item(TableName=table_name("core"), Key={"pk": image["pk"], "sk": image["sk"]})


def _url(image: Mapping[str, Any]) -> str:
    try:
        return queue_url(image["queue"]["S"])
    except KeyError:
        # Nothing of the image is quoted: the reason is logged.
        raise UnknownQueue("none of ours, or no outbox item: see the letter") from None
