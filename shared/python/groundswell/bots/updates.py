"""Telegram's updates (https://core.telegram.org/bots/api#update), as far as we act on them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from typing import Any

from groundswell.kernel.errors import Invalid

_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@\w+)?(?:\s+(.*))?\Z", re.DOTALL)
_MEDIA = ("photo", "video", "voice", "audio", "document", "sticker", "location", "contact", "animation", "video_note")
_GONE = frozenset({"kicked", "left"})
LONGEST_TEXT = 20_000


class Kind(StrEnum):
    MESSAGE = "message"
    EDITED = "edited_message"
    PRESSED = "callback_query"
    MEMBERSHIP = "my_chat_member"
    OTHER = "other"


@dataclass(frozen=True)
class Incoming:
    """One update. `text` is empty where somebody sent a file; `media` then says what. `left` is of a MEMBERSHIP: the
    bot was blocked, or put out. A business message that the client's own account wrote is `by_ourselves`."""

    update_id: int
    kind: Kind
    chat_id: str = ""
    chat_type: str = "private"
    message_id: int = 0
    text: str = ""
    media: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    username: str | None = None
    language: str | None = None
    at: datetime | None = None
    callback_id: str | None = None
    business_id: str | None = None
    left: bool = False
    by_ourselves: bool = False

    @property
    def command(self) -> tuple[str, str] | None:
        """(name in lower case, what follows it)."""
        match = _COMMAND.match(self.text.strip())
        return (match[1].lower(), (match[2] or "").strip()) if match else None

    @property
    def name(self) -> str | None:
        return " ".join(name for name in (self.first_name, self.last_name) if name) or self.username

    @property
    def shown(self) -> str:
        return (self.text or f"[{self.media or 'message'}]")[:LONGEST_TEXT]


def parse_update(update: Any) -> Incoming:
    """Fields that we do not know are passed over. Raises Invalid for what is no update."""
    if not isinstance(update, Mapping) or not isinstance(update.get("update_id"), int):
        raise Invalid.on("update_id", "not an update of Telegram's")
    number = update["update_id"]
    name = next((reader for reader in _READERS if reader in update), None)
    try:
        return _READERS[name](number, update[name]) if name else Incoming(number, Kind.OTHER)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, OSError) as error:
        raise Invalid.on("update", "not as Telegram documents it") from error


def _message(number: int, message: Mapping[str, Any], kind: Kind = Kind.MESSAGE) -> Incoming:
    sender, chat = message.get("from") or {}, message["chat"]
    business = message.get("business_connection_id")
    return Incoming(
        number,
        kind,
        str(int(chat["id"])),
        str(chat.get("type", "private")),
        int(message["message_id"]),
        str(message.get("text") or message.get("caption") or ""),
        next((medium for medium in _MEDIA if medium in message), None),
        **_sender(sender),
        at=_time(message.get("date")),
        business_id=str(business) if business else None,
        by_ourselves=bool(business) and sender.get("id") != chat["id"],
    )


def _pressed(number: int, query: Mapping[str, Any]) -> Incoming:
    message = query.get("message") or {}
    chat = message.get("chat") or {"id": query["from"]["id"]}
    return Incoming(
        number,
        Kind.PRESSED,
        str(int(chat["id"])),
        str(chat.get("type", "private")),
        int(message.get("message_id", 0)),
        f"/{query['data']}" if query.get("data") else "",
        **_sender(query["from"]),
        callback_id=str(query["id"]),
    )


def _membership(number: int, change: Mapping[str, Any]) -> Incoming:
    return Incoming(
        number,
        Kind.MEMBERSHIP,
        str(int(change["chat"]["id"])),
        str(change["chat"].get("type", "private")),
        **_sender(change.get("from") or {}),
        at=_time(change.get("date")),
        left=change["new_chat_member"]["status"] in _GONE,
    )


def _sender(sender: Mapping[str, Any]) -> dict[str, Any]:
    language = sender.get("language_code")
    names = {
        name: str(sender[name])[:100] if sender.get(name) else None for name in ("first_name", "last_name", "username")
    }
    return {**names, "language": str(language)[:2].lower() if language else None}


def _time(seconds: Any) -> datetime | None:
    return datetime.fromtimestamp(int(seconds), UTC) if seconds else None


_READERS: Mapping[str, Callable[[int, Mapping[str, Any]], Incoming]] = {
    "message": _message,
    "business_message": _message,
    "edited_message": partial(_message, kind=Kind.EDITED),
    "edited_business_message": partial(_message, kind=Kind.EDITED),
    "callback_query": _pressed,
    "my_chat_member": _membership,
}
