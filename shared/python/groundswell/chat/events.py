"""What webhooks hear of conversations, and what agents are told."""

import json
from collections.abc import Mapping
from typing import Any

from groundswell.chat.jobs import QUEUE, TASK
from groundswell.chat.model import Message, Role, Thread, stable_id
from groundswell.chat.settings import Tag
from groundswell.kernel.clock import rfc3339
from groundswell.kernel.message import Message as QueueMessage
from groundswell.notifications.message import Kind, notification_message
from groundswell.webhooks.events import event_message

_THREAD = "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c61"
CREATED = "chat.message.created"
TAGGED = "chat.thread.tagged"
EVENTS: Mapping[str, Mapping[str, Any]] = {
    CREATED: {
        "id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c62",
        "thread_id": _THREAD,
        "sequence": 7,
        "role": "user",
        "author_id": "visitor_0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c63",
        "channel": "web",
        "text": "Where is my order?",
        "tags": ["order"],
        "created_at": "2026-11-30T12:00:00.000Z",
    },
    TAGGED: {"thread_id": _THREAD, "tag": "urgent", "user_id": "visitor_0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c63"},
}
ASKED = Kind("chat.message", "Somebody wrote in a chat", mail=False)
HANDED_OVER = Kind("chat.handed_over", "A chat was handed over to you")
KINDS = (ASKED, HANDED_OVER)


def created(thread: Thread, message: Message) -> QueueMessage:
    data = {
        "id": message.id,
        "thread_id": thread.id,
        "sequence": message.sequence,
        "role": message.role.value,
        "author_id": message.author_id,
        "channel": thread.channel.value,
        "text": message.text,
        "tags": list(message.tags),
        "created_at": rfc3339(message.created_at),
    }
    return event_message(thread.client_id, CREATED, data, id=message.id, at=message.created_at)


def tagged(thread: Thread, tag: str) -> QueueMessage:
    data = {"thread_id": thread.id, "tag": tag, "user_id": thread.user_id}
    return event_message(thread.client_id, TAGGED, data, id=stable_id("tagged", thread.id, tag), at=thread.updated_at)


def news(thread: Thread, message: Message, agents: tuple[str, ...]) -> tuple[QueueMessage, ...]:
    """For who is assigned, else for the client's agents, when the contact has written."""
    readers = (thread.assignee_id,) if thread.assignee_id else agents
    recipients = [reader for reader in readers if reader and reader != message.author_id]
    if message.role is not Role.USER or not recipients:
        return ()
    text = f"{thread.name or 'Somebody'}: {' '.join(message.text.split())[:150]}"
    note = notification_message(
        thread.client_id,
        recipients,
        ASKED,
        text,
        object_type="chat_thread",
        object_id=thread.id,
        id=f"chat:{message.id}",
        at=message.created_at,
    )
    return (note,)


def handed_over(thread: Thread, agents: tuple[str, ...]) -> tuple[QueueMessage, ...]:
    recipients = [agent for agent in ((thread.assignee_id,) if thread.assignee_id else agents) if agent]
    if not recipients:
        return ()
    note = notification_message(
        thread.client_id,
        recipients,
        HANDED_OVER,
        f"{thread.name or 'Somebody'} waits for a person: {thread.subject[:100]}",
        object_type="chat_thread",
        object_id=thread.id,
        id=f"handover:{thread.id}:{thread.version}",
        at=thread.updated_at,
    )
    return (note,)


def task_wanted(thread: Thread, tag: Tag) -> QueueMessage:
    """For the worker, which opens the task: one of each thread and tag."""
    content = {
        "kind": TASK,
        "client_id": thread.client_id,
        "thread_id": thread.id,
        "tag": tag.name,
        "assignees": list(tag.action.task_assignees),
    }
    return QueueMessage(
        QUEUE, f"{TASK}:{stable_id('task', thread.id, tag.name)}", json.dumps(content, separators=(",", ":"))
    )
