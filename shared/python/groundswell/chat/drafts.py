"""What somebody sends, before it is a message."""

from dataclasses import dataclass
from datetime import datetime

from groundswell.chat.model import Attachment, Button, Channel, Contact, Role


@dataclass(frozen=True)
class Draft:
    """What somebody sends. `user_id`: into a new thread with that person. `message_id` is for whoever knows it before:
    else it follows from `client_message_id`, or is new. `as_role` is for features alone, and `stored` for what is in
    the other channel already. `language` is what is known where the text does not tell. `to_mark` are files that
    become used by the thread."""

    text: str
    thread_id: str | None = None
    user_id: str | None = None
    client_message_id: str | None = None
    attachments: tuple[Attachment, ...] = ()
    buttons: tuple[Button, ...] = ()
    send_at: datetime | None = None
    ask_assistant: bool = False
    message_id: str | None = None
    as_role: Role | None = None
    stored: bool = False
    language: str | None = None
    to_mark: tuple[str, ...] = ()


@dataclass(frozen=True)
class NewThread:
    """Where there is no thread of the id named, this one is made."""

    id: str
    user_id: str
    channel: Channel = Channel.WEB
    name: str | None = None
    contact: Contact | None = None
    lead_id: str | None = None
