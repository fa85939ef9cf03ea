"""What Telegram's Bot API says (https://core.telegram.org/bots/api), as far as we use it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from groundswell.kernel.errors import DomainError

LONGEST_TEXT = 4096
"""UTF-16 code units of one message."""
_BREAKS = ("\n\n", "\n", ". ", " ")


@dataclass(frozen=True)
class Sent:
    message_id: int


@dataclass(frozen=True)
class Refused:
    """It was not sent. `permanent`: nothing that this bot sends will ever reach that chat. `reason` is `blocked`,
    `deactivated`, `chat_not_found`, `kicked`, `unauthorized` or `bad_request`; `text` is Telegram's own."""

    reason: str
    permanent: bool
    text: str = ""


@dataclass(frozen=True)
class Throttled:
    """It was not sent: the rate is used up, or Telegram was not reached. Ask again after so many seconds."""

    retry_after: int


@dataclass(frozen=True)
class Unknown:
    """No answer came, or one that says nothing: it may have been sent."""

    reason: str


type Outcome = Sent | Refused | Throttled | Unknown


@dataclass(frozen=True)
class Button:
    """Under a message. With `url` it leads there, else a press comes back as `data` (64 bytes at most)."""

    text: str
    data: str = ""
    url: str = ""


@dataclass(frozen=True)
class TextLink:
    """A part of the text that leads to `url` (MessageEntity `text_link`), in UTF-16 code units."""

    offset: int
    length: int
    url: str


type Buttons = Sequence[Sequence[Button]]


class TelegramRefused(DomainError):
    """Telegram answered that it will not. `status` is its error code, `description` its words."""

    code = "TELEGRAM_REFUSED"

    def __init__(self, status: int, description: str, parameters: Mapping[str, Any] | None = None) -> None:
        super().__init__(f"Telegram says: {description}")
        self.status = status
        self.description = description
        self.parameters = parameters or {}

    @property
    def moved_to(self) -> int | None:
        """The chat's new id, when a group became a supergroup."""
        moved = self.parameters.get("migrate_to_chat_id")
        return moved if isinstance(moved, int) else None


_DEAD_CHATS = {
    "bot was blocked": "blocked",
    "user is deactivated": "deactivated",
    "bot was kicked": "kicked",
    "bot is not a member": "kicked",
    "chat not found": "chat_not_found",
    "bot can't initiate": "blocked",
}


def refusal_of(refused: TelegramRefused) -> Outcome:
    """What an error means for the message that was not sent."""
    text = refused.description
    if refused.status == 429:
        wanted = refused.parameters.get("retry_after")
        return Throttled(max(1, wanted) if isinstance(wanted, int) else 1)
    if refused.status >= 500:
        return Unknown(text)
    if refused.status in (401, 404):
        return Refused("unauthorized", permanent=False, text=text)
    dead = next((reason for words, reason in _DEAD_CHATS.items() if words in text.lower()), None)
    if dead or refused.status == 403:
        return Refused(dead or "blocked", permanent=True, text=text)
    return Refused("bad_request", permanent=False, text=text)


def split_text(text: str, longest: int = LONGEST_TEXT) -> tuple[str, ...]:
    """Parts that Telegram takes, cut at paragraphs, lines, sentences or words where there are any."""
    parts = []
    rest = text.strip()
    while _units(rest) > longest:
        cut = _cut(rest, longest)
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return (*parts, rest) if rest or not parts else tuple(parts)


def _cut(text: str, longest: int) -> int:
    """Where the first part ends: after the last break within its second half, else where it is full."""
    full = longest
    while _units(text[:full]) > longest:
        full -= max(1, (_units(text[:full]) - longest) // 2)
    for separator in _BREAKS:
        place = text.rfind(separator, full // 2, full)
        if place > 0:
            return place + len(separator)
    return full


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", errors="surrogatepass")) // 2


@dataclass(frozen=True)
class WebhookInfo:
    """What getWebhookInfo tells. `last_error_at` in seconds since 1970."""

    url: str
    pending_updates: int
    last_error: str | None = None
    last_error_at: int | None = None
    allowed_updates: tuple[str, ...] = field(default=())
