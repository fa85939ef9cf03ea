"""Wire shapes of conversations."""

from typing import Annotated, Any, ClassVar, Self

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from groundswell.chat.model import (
    LONGEST_TEXT,
    Answering,
    Channel,
    Message,
    MessageStatus,
    ReplyStatus,
    Role,
    Status,
    Thread,
)
from groundswell.chat.reading import MessageWithReply
from groundswell.chat.settings import FALLBACK, Assistant, CannedReply, ChatSettings, Tag, TagAction
from groundswell.http.chat_message import MessageOut, SourceOut, message_out
from groundswell.http.schema import Changes, In, Line, Out, PersonName, Time
from groundswell.http.timestamps import Timestamp

Id = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_TEXT)]


def _media_id(value: Any) -> Any:
    return value.get("media_id", value) if isinstance(value, dict) else value


MediaId = Annotated[str, BeforeValidator(_media_id)]


class SendIn(In):
    """`message`, or the shortcut of a `canned_reply`. With the same `client_message_id` it is the same message."""

    client_id: str | None = None
    message: Text | None = None
    canned_reply: Annotated[str, StringConstraints(max_length=50)] | None = None
    thread_id: Id | None = Field(default=None, description="Without one, a new thread begins")
    user_id: Id | None = Field(default=None, description="Whom an agent begins a thread with")
    client_message_id: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = None
    attachments: Annotated[tuple[MediaId, ...], Field(max_length=10, description="Ids of the client's media")] = ()
    send_at: Timestamp | None = Field(default=None, description="Within the next year; absent is now")
    ai: bool = Field(default=False, description="Have the assistant reply")

    @model_validator(mode="after")
    def _something(self) -> Self:
        if (self.message is None) == (self.canned_reply is None):
            raise ValueError("either a message or a canned_reply")
        return self


class VisitorIn(In):
    client_id: Id
    name: PersonName | None = None


class VisitorOut(Out):
    """`token` is the visitor's `Authorization: Bearer`."""

    visitor_id: str
    token: str
    name: str | None
    expires_at: Time


class ReplyOut(Out):
    """While `reply_status` is pending, it is what the assistant has written so far."""

    message_id: str
    text: str
    model: str | None
    sources: list[SourceOut]


class SentOut(MessageOut):
    message_id: str
    reply: ReplyOut | None


class MessageWhole(MessageOut):
    reply: ReplyOut | None


def sent_out(exchange: MessageWithReply) -> SentOut:
    return SentOut(**message_out(exchange.message).model_dump(), message_id=exchange.message.id, reply=_reply(exchange))


def whole_out(exchange: MessageWithReply) -> MessageWhole:
    return MessageWhole(**message_out(exchange.message).model_dump(), reply=_reply(exchange))


def _reply(exchange: MessageWithReply) -> ReplyOut | None:
    message, reply = exchange.message, exchange.reply
    if reply is None:
        draft = message.draft if message.reply_status is ReplyStatus.PENDING else None
        return ReplyOut(message_id=message.assistants_id, text=draft, model=None, sources=[]) if draft else None
    shown = message_out(reply)
    return ReplyOut(message_id=shown.id, text=shown.text, model=shown.model, sources=shown.sources)


class PreviewOut(Out):
    text: str
    role: Role
    sequence: int
    created_at: Time


class ThreadOut(Out):
    """`unread` is what the caller has not read. `answering` says whether people or the assistant answer."""

    id: str
    subject: str
    user_id: str
    name: str | None
    channel: Channel
    status: Status
    assignee_id: str | None
    answering: Answering
    last_message: PreviewOut | None
    last_message_at: Time | None
    message_count: int
    unread: int
    tags: list[str]
    language: str | None
    rating: int | None
    rating_comment: str | None
    lead_id: str | None
    bot_id: str | None
    created_at: Time
    updated_at: Time
    version: int


def thread_out(thread: Thread, reader: str) -> ThreadOut:
    shown = {
        **vars(thread),
        "message_count": thread.last_sequence,
        "unread": thread.unread(reader),
        "bot_id": thread.contact.bot_id if thread.contact else None,
    }
    return ThreadOut.model_validate(shown, from_attributes=True)


class AssignIn(In):
    client_id: str | None = None
    assignee_id: Id | None = Field(description="Who works for the client; null is nobody")


class ReadIn(In):
    client_id: str | None = None
    sequence: Annotated[int, Field(ge=0)] | None = Field(default=None, description="Up to here; absent is to the end")


class HandoffIn(In):
    client_id: str | None = None
    to: Answering = Answering.PEOPLE
    assignee_id: Id | None = None


class RateIn(In):
    client_id: str | None = None
    rating: Annotated[int, Field(ge=1, le=5)]
    comment: Annotated[str, StringConstraints(max_length=2000)] | None = None


class TagsIn(In):
    client_id: str | None = None
    tags: Annotated[tuple[Line, ...], Field(max_length=50)]


class TagActionIn(In):
    create_task: bool = False
    task_assignees: Annotated[tuple[Id, ...], Field(max_length=10)] = ()
    webhook: bool = False
    assign_to: Id | None = None


class TagIn(In):
    name: Annotated[Line, StringConstraints(max_length=50)]
    contains: Annotated[tuple[Line, ...], Field(max_length=50)] = ()
    description: Annotated[str, StringConstraints(max_length=500)] = Field(
        default="", description="When else the model is to find it; empty: by `contains` alone"
    )
    action: TagActionIn = TagActionIn()


class CannedIn(In):
    shortcut: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,50}$")]
    text: Text


class AssistantIn(In):
    instructions: Annotated[str, StringConstraints(max_length=20_000)] = ""
    fallback: Annotated[str, StringConstraints(min_length=1, max_length=4000)] = FALLBACK
    always: bool = Field(default=False, description="Also where nobody asked for a reply (`ai`)")


def _tag(body: TagIn) -> Tag:
    return Tag(body.name, body.contains, TagAction(**body.action.model_dump()), body.description)


class SettingsIn(Changes):
    """Absent keeps; a list replaces what there is."""

    required: ClassVar[frozenset[str]] = frozenset({"tags", "canned_replies", "agents", "assistant"})
    client_id: str | None = None
    tags: Annotated[tuple[TagIn, ...], Field(max_length=100)] | None = None
    canned_replies: Annotated[tuple[CannedIn, ...], Field(max_length=200)] | None = None
    agents: Annotated[tuple[Id, ...], Field(max_length=50)] | None = None
    assistant: AssistantIn | None = None

    @model_validator(mode="after")
    def _different(self) -> Self:
        for names in ([tag.name for tag in self.tags or ()], [reply.shortcut for reply in self.canned_replies or ()]):
            if len(names) != len(set(names)):
                raise ValueError("each name once")
        return self

    def changes(self) -> dict[str, Any]:
        changes = super().changes()
        if self.tags is not None:
            changes["tags"] = tuple(
                Tag(tag.name, tag.contains, TagAction(**tag.action.model_dump()), tag.description) for tag in self.tags
            )
        if self.canned_replies is not None:
            changes["canned_replies"] = tuple(CannedReply(**reply.model_dump()) for reply in self.canned_replies)
        if self.assistant is not None:
            changes["assistant"] = Assistant(**self.assistant.model_dump())
        return changes


class TagActionOut(Out):
    create_task: bool
    task_assignees: list[str]
    webhook: bool
    assign_to: str | None


class TagOut(Out):
    name: str
    contains: list[str]
    description: str
    action: TagActionOut


class CannedOut(Out):
    shortcut: str
    text: str


class AssistantOut(Out):
    instructions: str
    fallback: str
    always: bool


class SettingsOut(Out):
    tags: list[TagOut]
    canned_replies: list[CannedOut]
    agents: list[str]
    assistant: AssistantOut
    updated_at: Time | None
    version: int


def settings_out(settings: ChatSettings) -> SettingsOut:
    return SettingsOut.model_validate(settings)


def is_answered(message: Message) -> bool:
    return message.reply_status is not ReplyStatus.PENDING or message.status is MessageStatus.SCHEDULED
