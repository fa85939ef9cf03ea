"""Threads and their messages."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256

from groundswell.chat.knowledge import Source
from groundswell.kernel.errors import Conflict, Forbidden, NotFound
from groundswell.kernel.ids import can_be_id

LONGEST_TEXT = 20_000
LATEST = timedelta(days=365)
"""How far ahead a message may be scheduled."""
_PREVIEW = 200
VISITOR = "visitor_"
"""What ids of visitors begin with."""
TELEGRAM = "telegram_"
"""What ids of people who write to a bot begin with; their chat follows, whichever bot it is."""


class ThreadNotFound(NotFound):
    code = "THREAD_NOT_FOUND"
    message = "No such thread"


class MessageNotFound(NotFound):
    code = "MESSAGE_NOT_FOUND"
    message = "No such message"


class MessageIdReused(Conflict):
    code = "CLIENT_MESSAGE_ID_REUSED"
    message = "This client_message_id was used for another message: use a new one"


class NotScheduled(Conflict):
    code = "MESSAGE_NOT_SCHEDULED"
    message = "The message is sent already, or cancelled"


class AgentsOnly(Forbidden):
    message = "This is for the client's agents"


class Role(StrEnum):
    """Who wrote a message."""

    USER = "user"
    AGENT = "agent"
    ASSISTANT = "assistant"
    SYSTEM = "system"


class Channel(StrEnum):
    WEB = "web"
    TELEGRAM = "telegram"


class Status(StrEnum):
    ACTIVE = "active"
    ARCHIVED = "archived"


class MessageStatus(StrEnum):
    """`stored` is all that a message of the web, or of the contact, can be once it is there. What goes out to another
    channel is `pending`, then `sending`, and ends as `sent`, `failed` or `unknown`: nobody sends that again unasked."""

    SCHEDULED = "scheduled"
    CANCELLED = "cancelled"
    STORED = "stored"
    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"


class ReplyStatus(StrEnum):
    """Of the assistant's reply to a message."""

    NONE = "none"
    PENDING = "pending"
    READY = "ready"
    FALLBACK = "fallback"


class Answering(StrEnum):
    """Whose turn it is to answer the contact."""

    ASSISTANT = "assistant"
    PEOPLE = "people"


@dataclass(frozen=True)
class Attachment:
    """A file among the client's media, as it was when it was attached."""

    media_id: str
    filename: str
    mime: str
    size: int
    url: str = ""


@dataclass(frozen=True)
class Button:
    """Under a message. With `url` it leads there; else pressing it is the command `command`."""

    text: str
    command: str = ""
    url: str = ""


@dataclass(frozen=True)
class Message:
    """`sequence` counts the messages of a thread from 1, without a gap; 0 while it is scheduled. `digest` is of what
    was sent, so that a repeat is told from another message. `author_id` is who wrote it, as far as that is a person.
    What the assistant wrote says by which `model`, from which `sources`, in how many `seconds` and at which `cost` in
    US dollars. `examined`: the model has looked for tags in it.
    `draft` is what the assistant has written of its reply so far."""

    id: str
    client_id: str
    thread_id: str
    sequence: int
    role: Role
    author_id: str
    text: str
    status: MessageStatus
    created_at: datetime
    digest: str = ""
    tags: tuple[str, ...] = ()
    language: str | None = None
    attachments: tuple[Attachment, ...] = ()
    buttons: tuple[Button, ...] = ()
    send_at: datetime | None = None
    edited_at: datetime | None = None
    reply_status: ReplyStatus = ReplyStatus.NONE
    reply_id: str | None = None
    reply_to: str | None = None
    model: str | None = None
    sources: tuple[Source, ...] = ()
    seconds: float | None = None
    cost: Decimal | None = None
    examined: bool = False
    draft: str | None = None
    reason: str | None = None
    parts_sent: int = 0
    claimed_at: datetime | None = None
    version: int = 0

    @property
    def assistants_id(self) -> str:
        """The id of the assistant's reply to it, before there is one as well."""
        return stable_id("reply", self.id)


@dataclass(frozen=True)
class Preview:
    """Of the newest message."""

    text: str
    role: Role
    sequence: int
    created_at: datetime


@dataclass(frozen=True)
class Contact:
    """Where a thread of another channel leads: a chat with a bot. `business_id`: a connection of Telegram Business."""

    bot_id: str
    chat_id: str
    business_id: str | None = None
    username: str | None = None
    blocked: bool = False


@dataclass(frozen=True)
class Thread:
    """`user_id` is whose thread it is: a user of the client, a visitor or a contact. `reads` is how far whoever read it
    has read. `rating` is 1 to 5."""

    id: str
    client_id: str
    org_id: str
    user_id: str
    created_at: datetime
    updated_at: datetime
    subject: str = ""
    channel: Channel = Channel.WEB
    status: Status = Status.ACTIVE
    last_sequence: int = 0
    last_message: Preview | None = None
    last_message_at: datetime | None = None
    assignee_id: str | None = None
    answering: Answering = Answering.ASSISTANT
    reads: Mapping[str, int] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    language: str | None = None
    name: str | None = None
    lead_id: str | None = None
    contact: Contact | None = None
    rating: int | None = None
    rating_comment: str | None = None
    version: int = 0

    @property
    def order(self) -> datetime:
        return self.last_message_at or self.created_at

    def unread(self, by: str) -> int:
        return self.last_sequence - self.reads.get(by, 0)

    def appended(self, message: Message) -> tuple["Thread", Message]:
        """With the message at its end, which is read by whoever wrote it. An archived thread is active again."""
        placed = replace(message, sequence=self.last_sequence + 1, thread_id=self.id)
        preview = Preview(message.text[:_PREVIEW], message.role, placed.sequence, message.created_at)
        reads = {**self.reads, message.author_id: placed.sequence} if message.author_id else self.reads
        thread = replace(
            self,
            status=Status.ACTIVE,
            last_sequence=placed.sequence,
            last_message=preview,
            last_message_at=message.created_at,
            updated_at=message.created_at,
            reads=reads,
            tags=tuple(dict.fromkeys((*self.tags, *message.tags))),
            language=message.language or self.language,
            subject=self.subject or message.text.partition("\n")[0][:80],
        )
        return thread, placed


@dataclass(frozen=True)
class Participant:
    """Who reads and writes. An agent sees all threads of the client, others their own and those assigned to them."""

    client_id: str
    org_id: str
    id: str
    is_agent: bool = False
    name: str | None = None

    @property
    def is_visitor(self) -> bool:
        return self.id.startswith(VISITOR)

    def sees(self, thread: Thread) -> bool:
        return self.is_agent or self.id in (thread.user_id, thread.assignee_id)

    def role_in(self, thread: Thread) -> Role:
        return Role.USER if thread.user_id == self.id else Role.AGENT

    def need_work_on(self, thread: Thread) -> None:
        """Raises AgentsOnly for whoever can only talk in it."""
        if not (self.is_agent or self.id == thread.assignee_id):
            raise AgentsOnly


def stable_id(*parts: str) -> str:
    """The same of the same parts: what is sent again gets the id that it had. Spelled like every id (RFC 9562 §5.8)."""
    digits = sha256("\0".join(parts).encode()).hexdigest()
    return f"{digits[:8]}-{digits[8:12]}-8{digits[13:16]}-8{digits[17:20]}-{digits[20:32]}"


def digest_of(text: str, attachments: tuple[str, ...] = ()) -> str:
    return sha256("\0".join((text, *attachments)).encode(errors="surrogatepass")).hexdigest()


def need_id(text: str, refusal: type[NotFound]) -> str:
    """Raises `refusal` for what no id can be."""
    if not can_be_id(text):
        raise refusal
    return text
