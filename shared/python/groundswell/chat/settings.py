"""What a client says of its conversations: tags, canned replies, the assistant."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from groundswell.kernel.errors import FieldProblem, Invalid

_FALLBACKS = {
    "en": "Thank you for your message. A colleague will answer you as soon as possible.",
    "de": "Vielen Dank für Ihre Nachricht. Sie bekommen so bald wie möglich eine Antwort.",
    "es": "Gracias por su mensaje. Le responderemos lo antes posible.",
    "fr": "Merci de votre message. Nous vous répondrons dès que possible.",
    "it": "Grazie per il suo messaggio. Le risponderemo il prima possibile.",
    "nl": "Dank u voor uw bericht. Wij antwoorden u zo snel mogelijk.",
    "pt": "Obrigado pela sua mensagem. Responderemos assim que possível.",
}
FALLBACK = _FALLBACKS["en"]
"""What a client that says nothing else has said: in the language of who wrote, where it is one of these."""


def has_words(words: str, text: str) -> bool:
    """Whether a word or phrase is in the text as such, in any case."""
    return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text, re.IGNORECASE) is not None


@dataclass(frozen=True)
class TagAction:
    """What a tag does the first time that a thread gets it."""

    create_task: bool = False
    task_assignees: tuple[str, ...] = ()
    webhook: bool = False
    assign_to: str | None = None


@dataclass(frozen=True)
class Tag:
    """`contains`: words or phrases, in any case; a message of the contact with one of them gets the tag. `description`
    tells the model when else it does."""

    name: str
    contains: tuple[str, ...] = ()
    action: TagAction = field(default_factory=TagAction)
    description: str = ""

    def matches(self, text: str) -> bool:
        return any(has_words(contain, text) for contain in self.contains)


@dataclass(frozen=True)
class CannedReply:
    shortcut: str
    text: str


@dataclass(frozen=True)
class Assistant:
    """`instructions` tell the model about the client. `always`: also where nobody asked for a reply."""

    instructions: str = ""
    fallback: str = FALLBACK
    always: bool = False

    def fallback_in(self, language: str | None) -> str:
        """The client's own words are the same to everybody."""
        return _FALLBACKS.get(language or "en", FALLBACK) if self.fallback == FALLBACK else self.fallback


@dataclass(frozen=True)
class ChatSettings:
    """`agents` are told of messages in threads that nobody is assigned to."""

    client_id: str
    tags: tuple[Tag, ...] = ()
    canned_replies: tuple[CannedReply, ...] = ()
    agents: tuple[str, ...] = ()
    assistant: Assistant = field(default_factory=Assistant)
    updated_at: datetime | None = None
    version: int = 0

    def changed(self, changes: Mapping[str, Any], now: datetime) -> "ChatSettings":
        return replace(self, **changes, updated_at=now)

    def tags_in(self, text: str) -> tuple[str, ...]:
        return tuple(tag.name for tag in self.tags if tag.matches(text))

    def described(self, but: Iterable[str] = ()) -> tuple[Tag, ...]:
        """Those that the model looks for, `but` these."""
        known = frozenset(but)
        return tuple(tag for tag in self.tags if tag.description and tag.name not in known)

    def tag(self, name: str) -> Tag | None:
        return next((tag for tag in self.tags if tag.name == name), None)

    def need_tags(self, names: Iterable[str], where: str = "tags") -> tuple[str, ...]:
        """Each once. Raises Invalid for one that is not defined."""
        wanted = tuple(dict.fromkeys(names))
        known = {tag.name for tag in self.tags}
        problems = tuple(
            FieldProblem(f"{where}.{place}", "unknown", "no tag of the client's: see GET /chat/settings")
            for place, name in enumerate(wanted)
            if name not in known
        )
        if problems:
            raise Invalid(problems=problems)
        return wanted

    def canned(self, shortcut: str) -> CannedReply | None:
        return next((reply for reply in self.canned_replies if reply.shortcut == shortcut), None)
