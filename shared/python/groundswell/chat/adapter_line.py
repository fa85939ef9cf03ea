"""The line before a thread, in the core table: rows beside its messages, which expire should anybody forget them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from groundswell.chat.items import (
    MessageItem,
    chat_pk,
    key,
    line_sk,
    message_item,
    place_item,
    place_sk,
    thread_item,
    waiting_sk,
)
from groundswell.chat.model import Message, Thread
from groundswell.kernel.clock import rfc3339
from groundswell.kernel.errors import PreconditionFailed
from groundswell.kernel.message import Message as QueueMessage
from groundswell.storage.client import dynamodb
from groundswell.storage.mapper import from_item
from groundswell.storage.reading import get_rows
from groundswell.storage.settings import table_name
from groundswell.storage.transaction import Change, delete_row, put, put_row, write

_KEPT = timedelta(hours=1)
type Row = dict[str, Any]


class DynamoLine:
    def join(self, message: Message) -> None:
        write([put_row("core", _row(message))])

    def mark(self, thread: Thread, until: datetime) -> None:
        row = {
            **key(thread.client_id, line_sk(thread.id)),
            "kind": {"S": "chat_line"},
            "until": {"S": rfc3339(until)},
            "expires_at": {"N": str(int((until + _KEPT).timestamp()))},
        }
        write([put_row("core", row)])

    def leave(self, message: Message) -> bool:
        try:
            write([_out_of_line(message)])
        except PreconditionFailed:
            return False
        return True

    def waiting(self, client_id: str, thread_id: str, since: datetime, limit: int) -> Sequence[Message]:
        """A Query, and a read of their places: who sent one again meanwhile may have been faster. Of several of one id
        it is the first."""
        rows = dynamodb().query(
            TableName=table_name("core"),
            KeyConditionExpression="pk = :pk AND sk BETWEEN :first AND :last",
            ExpressionAttributeValues={
                ":pk": {"S": chat_pk(client_id)},
                ":first": {"S": f"{waiting_sk(thread_id)}{rfc3339(since)}"},
                ":last": {"S": f"{waiting_sk(thread_id)}~"},
            },
            ConsistentRead=True,
            Limit=limit,
        )["Items"]
        waiting = map(_message, rows)
        messages = list({message.id: message for message in reversed(list(waiting))}.values())[::-1]
        places = get_rows("core", [key(client_id, place_sk(message.id)) for message in messages]) if messages else []
        there = {row["sk"]["S"] for row in places}
        late = [message for message in messages if place_sk(message.id) in there]
        if late:
            write([delete_row("core", _key(message)) for message in late])
        return [message for message in messages if message not in late]

    def let_in(
        self, thread: Thread, messages: Sequence[Message], consequences: Sequence[QueueMessage], *, everybody: bool
    ) -> None:
        new = [change for message in messages for change in (put(message_item(message)), put(place_item(message)))]
        unmarked = [delete_row("core", key(thread.client_id, line_sk(thread.id)))] if everybody else []
        write([put(thread_item(thread)), *new, *map(_out_of_line, messages), *unmarked], consequences)


def _key(message: Message) -> Row:
    return key(message.client_id, waiting_sk(message.thread_id, rfc3339(message.created_at), message.id))


def _row(message: Message) -> Row:
    expires = int((message.created_at + _KEPT).timestamp())
    return {**message_item(message).serialize(), **_key(message), "expires_at": {"N": str(expires)}}


def _message(row: Row) -> Message:
    raw = {name: value for name, value in row.items() if name != "expires_at"}
    return replace(from_item(Message, MessageItem.from_raw_data(raw)), version=0)


def _out_of_line(message: Message) -> Change:
    operation = {
        "TableName": table_name("core"),
        "Key": _key(message),
        "ConditionExpression": "attribute_exists(pk)",
    }
    return Change({"Delete": operation}, PreconditionFailed())
