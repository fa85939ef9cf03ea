"""How conversations are stored: everything of a client in one partition of the core table.

| pk | sk | what |
|---|---|---|
| `CHAT#<client>` | `SETTINGS` | tags, canned replies, the assistant |
| `CHAT#<client>` | `THREAD#<thread>` | a thread; gsi1: the client's by status and last message, gsi2: a user's |
| `CHAT#<client>` | `MSG#<thread>#<sequence, 10 digits>` | a message |
| `CHAT#<client>` | `LATER#<thread>#<message>` | a message that is scheduled, or cancelled |
| `CHAT#<client>` | `ID#<message>` | where the message of that id is |
| `CHAT#<client>` | `WAIT#<thread>#<time>#<message>` | a message in the line before its thread: `line` |
| `CHAT#<client>` | `LINE#<thread>` | until when whoever comes goes to the end of the line |
"""

from typing import Any

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute, UTCDateTimeAttribute

from groundswell.chat.model import Message, Status, Thread
from groundswell.chat.settings import ChatSettings
from groundswell.kernel.clock import millis
from groundswell.storage.core import CoreItem
from groundswell.storage.mapper import to_item

SETTINGS = "SETTINGS"


class ThreadItem(CoreItem):
    id = UnicodeAttribute()
    client_id = UnicodeAttribute()
    org_id = UnicodeAttribute()
    user_id = UnicodeAttribute()
    created_at = UTCDateTimeAttribute()
    updated_at = UTCDateTimeAttribute()
    subject = UnicodeAttribute()
    channel = UnicodeAttribute()
    status = UnicodeAttribute()
    last_sequence = NumberAttribute()
    last_message = JSONAttribute(null=True)
    last_message_at = UTCDateTimeAttribute(null=True)
    assignee_id = UnicodeAttribute(null=True)
    answering = UnicodeAttribute()
    reads = JSONAttribute()
    tags = JSONAttribute()
    language = UnicodeAttribute(null=True)
    name = UnicodeAttribute(null=True)
    lead_id = UnicodeAttribute(null=True)
    contact = JSONAttribute(null=True)
    rating = NumberAttribute(null=True)
    rating_comment = UnicodeAttribute(null=True)


class MessageItem(CoreItem):
    id = UnicodeAttribute()
    client_id = UnicodeAttribute()
    thread_id = UnicodeAttribute()
    sequence = NumberAttribute()
    role = UnicodeAttribute()
    author_id = UnicodeAttribute()
    text = UnicodeAttribute()
    status = UnicodeAttribute()
    created_at = UTCDateTimeAttribute()
    digest = UnicodeAttribute()
    tags = JSONAttribute()
    language = UnicodeAttribute(null=True)
    attachments = JSONAttribute()
    buttons = JSONAttribute()
    send_at = UTCDateTimeAttribute(null=True)
    edited_at = UTCDateTimeAttribute(null=True)
    reply_status = UnicodeAttribute()
    reply_id = UnicodeAttribute(null=True)
    draft = UnicodeAttribute(null=True)
    reply_to = UnicodeAttribute(null=True)
    model = UnicodeAttribute(null=True)
    sources = JSONAttribute(default=list)
    seconds = NumberAttribute(null=True)
    cost = UnicodeAttribute(null=True)
    examined = BooleanAttribute(default=False)
    reason = UnicodeAttribute(null=True)
    parts_sent = NumberAttribute()
    claimed_at = UTCDateTimeAttribute(null=True)


class PlaceItem(CoreItem):
    """Where a message is: at that sequence of the thread, or, at 0, among what is scheduled."""

    thread_id = UnicodeAttribute()
    sequence = NumberAttribute()


class SettingsItem(CoreItem):
    client_id = UnicodeAttribute()
    tags = JSONAttribute()
    canned_replies = JSONAttribute()
    agents = JSONAttribute()
    assistant = JSONAttribute()
    updated_at = UTCDateTimeAttribute(null=True)


def chat_pk(client_id: str) -> str:
    return f"CHAT#{client_id}"


def thread_sk(thread_id: str) -> str:
    return f"THREAD#{thread_id}"


def message_sk(thread_id: str, sequence: int, message_id: str = "") -> str:
    return f"MSG#{thread_id}#{sequence:010d}" if sequence else f"LATER#{thread_id}#{message_id}"


def waiting_sk(thread_id: str, since: str = "", message_id: str = "") -> str:
    """`since`: RFC 3339, in UTC."""
    return f"WAIT#{thread_id}#{since}#{message_id}" if message_id else f"WAIT#{thread_id}#{since}"


def line_sk(thread_id: str) -> str:
    return f"LINE#{thread_id}"


def place_sk(message_id: str) -> str:
    return f"ID#{message_id}"


def key(client_id: str, sk: str) -> dict[str, Any]:
    return {"pk": {"S": chat_pk(client_id)}, "sk": {"S": sk}}


def threads_pk(client_id: str, status: Status) -> str:
    return f"CHATS#{client_id}#{status.value}"


def users_pk(client_id: str, user_id: str) -> str:
    return f"CHATS#{client_id}#OF#{user_id}"


def order_key(thread: Thread) -> str:
    return f"{millis(thread.order):013d}#{thread.id}"


def thread_item(thread: Thread) -> ThreadItem:
    return to_item(
        ThreadItem,
        thread,
        chat_pk(thread.client_id),
        thread_sk(thread.id),
        kind="chat_thread",
        gsi1pk=threads_pk(thread.client_id, thread.status),
        gsi1sk=order_key(thread),
        gsi2pk=users_pk(thread.client_id, thread.user_id),
        gsi2sk=order_key(thread),
    )


def message_item(message: Message) -> MessageItem:
    sk = message_sk(message.thread_id, message.sequence, message.id)
    return to_item(MessageItem, message, chat_pk(message.client_id), sk, kind="chat_message")


def place_item(message: Message, version: int = 0) -> PlaceItem:
    item = PlaceItem(
        chat_pk(message.client_id),
        place_sk(message.id),
        kind="chat_place",
        thread_id=message.thread_id,
        sequence=message.sequence,
    )
    if version:
        item.version = version
    return item


def settings_item(settings: ChatSettings) -> SettingsItem:
    return to_item(SettingsItem, settings, chat_pk(settings.client_id), SETTINGS, kind="chat_settings")
