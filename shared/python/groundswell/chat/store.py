"""Conversations in the core table. A message costs one read and one transaction, however many there are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from groundswell.chat.items import (
    SETTINGS,
    MessageItem,
    PlaceItem,
    SettingsItem,
    ThreadItem,
    chat_pk,
    key,
    line_sk,
    message_item,
    message_sk,
    place_item,
    place_sk,
    settings_item,
    thread_item,
    thread_sk,
    threads_pk,
    users_pk,
)
from groundswell.chat.model import Message, ReplyStatus, Status, Thread
from groundswell.chat.settings import ChatSettings
from groundswell.kernel.message import Message as Queued
from groundswell.kernel.page import Page, Position, following, is_reversed
from groundswell.storage.client import dynamodb
from groundswell.storage.mapper import from_item
from groundswell.storage.reading import find, get_rows
from groundswell.storage.settings import table_name
from groundswell.storage.transaction import Change, delete, put, write

_LAST = 10**10 - 1
_ENDLESS = 10**9


@dataclass(frozen=True)
class Opening:
    """What is read before a message is written: `place` is where one of its id is already; until `line_until` whoever
    comes goes to the end of the line."""

    thread: Thread | None
    place: tuple[str, int] | None
    settings: ChatSettings
    line_until: datetime | None


class DynamoChatStore:
    def opening(self, client_id: str, thread_id: str, message_id: str) -> Opening:
        """One read."""
        wanted = (thread_sk(thread_id), place_sk(message_id), SETTINGS, line_sk(thread_id))
        rows = {row["sk"]["S"]: row for row in get_rows("core", [key(client_id, sk) for sk in wanted])}
        thread = _decoded(Thread, ThreadItem, rows.get(wanted[0]))
        settings = _decoded(ChatSettings, SettingsItem, rows.get(SETTINGS))
        place = rows.get(wanted[1])
        where = (place["thread_id"]["S"], int(place["sequence"]["N"])) if place else None
        line = rows.get(wanted[3])
        until = datetime.fromisoformat(line["until"]["S"]) if line else None
        return Opening(thread, where, settings or ChatSettings(client_id), until)

    def settings(self, client_id: str) -> ChatSettings:
        return find(ChatSettings, SettingsItem, chat_pk(client_id), SETTINGS) or ChatSettings(client_id)

    def save_settings(self, settings: ChatSettings) -> ChatSettings:
        """Raises PreconditionFailed."""
        item = settings_item(settings)
        write([put(item)])
        return replace(settings, version=item.version)

    def thread(self, client_id: str, thread_id: str) -> Thread | None:
        return find(Thread, ThreadItem, chat_pk(client_id), thread_sk(thread_id))

    def save_thread(self, thread: Thread, messages: Sequence[Queued] = (), changes: Sequence[Change] = ()) -> Thread:
        """Raises PreconditionFailed if somebody else wrote first."""
        item = thread_item(thread)
        write([put(item), *changes], messages)
        return replace(thread, version=item.version)

    def append(
        self,
        thread: Thread,
        messages: Sequence[Message],
        queue_messages: Sequence[Queued],
        changes: Sequence[Change] = (),
    ) -> None:
        """The thread with new messages in it, in one transaction. Raises PreconditionFailed if somebody else wrote into
        the thread first, or one of the messages is there."""
        new = [change for message in messages for change in (put(message_item(message)), put(place_item(message)))]
        self.save_thread(thread, queue_messages, [*new, *changes])

    def release(self, thread: Thread, before: Message, after: Message, queue_messages: Sequence[Queued]) -> None:
        """A scheduled message takes its place. Raises PreconditionFailed."""
        moved = [delete(message_item(before)), put(message_item(after)), put(place_item(after, 1))]
        self.save_thread(thread, queue_messages, moved)

    def change(
        self, message: Message, changes: Sequence[Change] = (), queue_messages: Sequence[Queued] = ()
    ) -> Message:
        """Raises PreconditionFailed."""
        item = message_item(message)
        write([put(item), *changes], queue_messages)
        return replace(message, version=item.version)

    def draft(self, message: Message, text: str) -> None:
        """Beside a message whose reply is being written; gone with the next change of it. No version is counted."""
        try:
            dynamodb().update_item(
                TableName=table_name("core"),
                Key={
                    "pk": {"S": chat_pk(message.client_id)},
                    "sk": {"S": message_sk(message.thread_id, message.sequence)},
                },
                UpdateExpression="SET draft = :text",
                ConditionExpression="reply_status = :pending",
                ExpressionAttributeValues={":text": {"S": text}, ":pending": {"S": ReplyStatus.PENDING.value}},
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise

    def changed(self, message: Message) -> Change:
        """The same, for a transaction of somebody else's."""
        return put(message_item(message))

    def find(self, client_id: str, message_id: str) -> Message | None:
        """Two reads."""
        try:
            place = PlaceItem.get(chat_pk(client_id), place_sk(message_id), consistent_read=True)
        except PlaceItem.DoesNotExist:
            return None
        return self.at(client_id, place.thread_id, int(place.sequence), message_id)

    def at(self, client_id: str, thread_id: str, sequence: int, message_id: str = "") -> Message | None:
        return find(Message, MessageItem, chat_pk(client_id), message_sk(thread_id, sequence, message_id))

    def messages(self, client_id: str, thread_id: str, first: int, last: int = _LAST) -> Iterator[Message]:
        """From one sequence to another, both included, as they are asked for."""
        if first > last:
            return
        low, high = message_sk(thread_id, max(1, first)), message_sk(thread_id, last)
        wanted = MessageItem.sk.between(low, high)
        count = last - max(1, first) + 1  # once there are so many, nobody asks whether there is another page
        size, limit = min(count, 200), None if last >= _ENDLESS else count
        for item in MessageItem.query(chat_pk(client_id), wanted, consistent_read=True, page_size=size, limit=limit):
            yield from_item(Message, item)

    def scheduled(self, client_id: str, thread_id: str) -> tuple[Message, ...]:
        wanted = MessageItem.sk.startswith(f"LATER#{thread_id}#")
        items = MessageItem.query(chat_pk(client_id), wanted, consistent_read=True)
        return tuple(from_item(Message, item) for item in items)

    def of_user(self, client_id: str, user_id: str) -> tuple[Thread, ...]:
        """All threads of somebody, whatever their status, in the order of their last messages."""
        items = ThreadItem.by_gsi2.query(users_pk(client_id, user_id))
        return tuple(from_item(Thread, item) for item in items)

    def threads(
        self, client_id: str, status: Status, user_id: str | None, limit: int, position: Position | None
    ) -> Page[Thread]:
        """One page of the client's, or of one user's, newest first, or reversed. A user's may be short, with a next."""
        index = ThreadItem.by_gsi2 if user_id else ThreadItem.by_gsi1
        pk = users_pk(client_id, user_id) if user_id else threads_pk(client_id, status)
        order = ThreadItem.gsi2sk if user_id else ThreadItem.gsi1sk
        oldest_first, last = is_reversed(position), (position or {}).get("key")
        rest = (order > str(last) if oldest_first else order < str(last)) if last else None
        items = list(index.query(pk, rest, limit=limit + 1, page_size=limit + 1, scan_index_forward=oldest_first))
        name = "gsi2sk" if user_id else "gsi1sk"
        more = following(position, key=str(getattr(items[limit - 1], name))) if len(items) > limit else None
        threads = (from_item(Thread, item) for item in items[:limit])
        return Page(tuple(thread for thread in threads if thread.status is status), more)


def _decoded[M](model: type[M], item_type: type[Any], row: dict[str, Any] | None) -> M | None:
    instance: M | None = None if row is None else from_item(model, item_type.from_raw_data(row))  # type: ignore[type-var]
    return instance
