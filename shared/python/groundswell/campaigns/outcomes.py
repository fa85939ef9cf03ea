"""What becomes of a message that is handed to a provider."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True)
class TextLink:
    """A part of a chat message that leads to `url`. Counted in UTF-16 code units, as Telegram does."""

    offset: int
    length: int
    url: str


@dataclass(frozen=True)
class Outgoing:
    """One message to one address. `id` is the delivery's, the same however often it is tried."""

    id: str
    client_id: str
    to: str
    subject: str
    text: str
    html: str = ""
    sender: str = ""
    reply_to: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    channel: str = "email"
    links: tuple[TextLink, ...] = ()


@dataclass(frozen=True)
class Sent:
    provider_id: str | None = None


@dataclass(frozen=True)
class Refused:
    """It did not leave. `permanent`: it never will; else try again later. `invalid_address`: there is no such one."""

    reason: str
    permanent: bool = False
    invalid_address: bool = False


@dataclass(frozen=True)
class Throttled:
    """It did not leave, because too much did, or because nobody took it (`down`): try again in so many seconds."""

    seconds: float
    down: bool = False


@dataclass(frozen=True)
class Unknown:
    """It may have left."""

    reason: str


type Outcome = Sent | Refused | Throttled | Unknown


class Provider(Protocol):
    """`recognises_repeats`: it knows a message by its id, and sends it once."""

    recognises_repeats: bool

    def send(self, message: Outgoing) -> Outcome: ...


class Gone:
    """In place of a provider that there is no more."""

    recognises_repeats = False

    def __init__(self, reason: str) -> None:
        self._reason = reason

    def send(self, _message: Outgoing) -> Outcome:
        return Refused(self._reason, permanent=True)


class Either:
    """By the message's channel."""

    recognises_repeats = False

    def __init__(self, mail: Provider, bot: Provider) -> None:
        self._mail = mail
        self._bot = bot

    def send(self, message: Outgoing) -> Outcome:
        return (self._mail if message.channel == "email" else self._bot).send(message)
