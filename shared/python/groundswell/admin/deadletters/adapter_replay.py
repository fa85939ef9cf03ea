"""How a dead letter gets back to its worker."""

import json
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from groundswell.admin.deadletters.model import Letter, NotReplayable
from groundswell.storage.client import dynamodb, sqs
from groundswell.storage.settings import queue_url, table_name


class ToQueue:
    """A queue's letter is the message itself."""

    def replay(self, letter: Letter) -> None:
        attributes: dict[str, Any] = {
            name: {"DataType": "String", "StringValue": text} for name, text in letter.attributes.items()
        }
        url = queue_url(letter.source.name)
        sqs().send_message(QueueUrl=url, MessageBody=letter.body, MessageAttributes=attributes)


class ToStream:
    """A stream's letter names an item. Touching the item makes the stream emit it again, and its worker, whose filter
    lets changes of such items pass, finds it like a new one. `tables` are the tables that the workers read."""

    def __init__(self, tables: Mapping[str, str]) -> None:
        self._tables = tables

    def replay(self, letter: Letter) -> None:
        key = item_key(letter.body)
        if key is None:
            raise NotReplayable("This letter does not name its item: look at the worker's log, then discard it")
        try:
            dynamodb().update_item(
                TableName=table_name(self._tables[letter.source.name]),
                Key=key,
                UpdateExpression="SET replays = if_not_exists(replays, :none) + :one",
                ConditionExpression="attribute_exists(pk)",
                ExpressionAttributeValues={":none": {"N": "0"}, ":one": {"N": "1"}},
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            raise NotReplayable("The item is gone: a later attempt did the work. Discard the letter") from error


class ToSchedule:
    """A schedule's next run does what a failed one left undone."""

    def replay(self, letter: Letter) -> None:
        raise NotReplayable(f"{letter.source.name} runs again when it is due, and catches up: discard the letter")


def item_key(body: str) -> dict[str, Any] | None:
    """The item that a stream's letter is about, as a worker buried it (its image, or its keys), or as the local stage
    did. None where Lambda left a pointer into the stream."""
    try:
        content = json.loads(body)
    except ValueError:
        return None
    if not isinstance(content, dict):
        return None
    content = content.get("keys", content)
    key = {name: _typed(content.get(name)) for name in ("pk", "sk")}
    return key if all(key.values()) else None


def _typed(value: Any) -> dict[str, str] | None:
    match value:
        case str():
            return {"S": value}
        case {"S": str(text)}:
            return {"S": text}
    return None
