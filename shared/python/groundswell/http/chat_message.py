"""A chat message as every endpoint shows it."""

from decimal import Decimal

from pydantic import Field

from groundswell.chat.model import Message, MessageStatus, ReplyStatus, Role
from groundswell.http.schema import Out, Time


class AttachmentOut(Out):
    media_id: str
    filename: str
    mime: str
    size: int
    url: str


class SourceOut(Out):
    """A published page of the client's."""

    title: str
    url: str


class MessageOut(Out):
    """`sequence` counts the messages of a thread from 1 without a gap; null while the message is scheduled."""

    id: str
    thread_id: str
    sequence: int | None
    role: Role
    author_id: str | None
    text: str
    status: MessageStatus
    tags: list[str]
    language: str | None = Field(description="ISO 639-1, where the text tells")
    attachments: list[AttachmentOut]
    reply_status: ReplyStatus
    reply_to: str | None
    model: str | None = Field(description="The language model that wrote it")
    sources: list[SourceOut] = Field(description="What the assistant took it from")
    seconds: float | None = Field(description="That the language model took")
    cost: Decimal | None = Field(description="Of the language model, in US dollars")
    reason: str | None = Field(description="Why it could not be delivered")
    send_at: Time | None
    created_at: Time
    edited_at: Time | None
    updated_at: Time
    version: int


def message_out(message: Message) -> MessageOut:
    shown = {**vars(message), "sequence": message.sequence or None, "author_id": message.author_id or None}
    shown["updated_at"] = message.edited_at or message.created_at
    return MessageOut.model_validate(shown, from_attributes=True)


_THREAD = "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c61"
EXAMPLE = {
    "id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c62",
    "thread_id": _THREAD,
    "sequence": 1,
    "role": "user",
    "author_id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c11",
    "text": "Where is my order?",
    "status": "stored",
    "tags": ["order"],
    "language": "en",
    "attachments": [],
    "reply_status": "none",
    "reply_to": None,
    "model": None,
    "sources": [],
    "seconds": None,
    "cost": None,
    "reason": None,
    "send_at": None,
    "created_at": "2026-11-30T12:00:00.000Z",
    "edited_at": None,
    "updated_at": "2026-11-30T12:00:00.000Z",
    "version": 1,
}
