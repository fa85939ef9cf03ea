"""A message at the end of its thread, and what follows from it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from groundswell.chat import events
from groundswell.chat.jobs import DELIVER, REPLY, TAGS, job_message
from groundswell.chat.model import Answering, Message, MessageStatus, ReplyStatus, Role, Thread
from groundswell.chat.settings import ChatSettings
from groundswell.chat.tagging import acted, assigned
from groundswell.kernel.message import Message as QueueMessage


@dataclass(frozen=True)
class Placed:
    """The thread with the message, the message at its place, and who has to hear of it."""

    thread: Thread
    message: Message
    consequences: Sequence[QueueMessage]


def place(thread: Thread, message: Message, settings: ChatSettings) -> Placed:
    after, placed = thread.appended(message)
    after = assigned(_taken_over(after, placed), settings, thread.tags)
    return Placed(after, placed, [*_consequences(after, placed, settings), *acted(after, settings, thread.tags)])


def _taken_over(thread: Thread, message: Message) -> Thread:
    """Where a person of the client's has answered, the assistant is silent until somebody hands the thread back."""
    return replace(thread, answering=Answering.PEOPLE) if message.role is Role.AGENT else thread


def _consequences(thread: Thread, message: Message, settings: ChatSettings) -> list[QueueMessage]:
    consequences = [events.created(thread, message), *events.news(thread, message, settings.agents)]
    if message.reply_status is ReplyStatus.PENDING:
        consequences.append(job_message(REPLY, message))
    if message.role is Role.USER and settings.described(message.tags):
        consequences.append(job_message(TAGS, message))
    if message.status is MessageStatus.PENDING:
        consequences.append(job_message(DELIVER, message))
    return consequences
