"""Which events an erasure is about. Pure."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Protocol

import msgspec

from groundswell.events.eventlog.block import Block
from groundswell.events.eventlog.identifiers import previous_id, wallets
from groundswell.events.eventlog.model import Event
from groundswell.personal_data.identifiers import EVENT_KINDS, Identifier, IdKind

_RAW = ("properties", "traits", "context", "web3", "source", "extra")
_GONE = b'"erased"'


class Fate(Enum):
    """`UNLINKED` events are somebody else's, and lose only what points at the erased."""

    KEPT = 0
    ERASED = 1
    UNLINKED = 2


class Target(Protocol):
    def touches(self, block: Block) -> bool:
        """False only if no event of the block is concerned."""
        ...

    def fate(self, event: Event) -> Fate: ...

    def unlinked(self, event: Event) -> Event:
        """The event without what points at the erased."""
        ...

    def mentioned(self, texts: Iterable[str], received: int) -> bool:
        """Whether something that was received then (ms), and is no event, has to go for what it says."""
        ...


class Period:
    """All events of a time: `start` <= ts < `end`, in ms."""

    def __init__(self, start: int, end: int) -> None:
        self._start = start
        self._end = end

    def touches(self, block: Block) -> bool:
        return any(self._start <= ts < self._end for ts in block.times)

    def fate(self, event: Event) -> Fate:
        return Fate.ERASED if self._start <= event.ts < self._end else Fate.KEPT

    def unlinked(self, event: Event) -> Event:
        return event

    def mentioned(self, texts: Iterable[str], received: int) -> bool:  # noqa: ARG002 - the port's
        return self._start <= received < self._end


@dataclass(frozen=True)
class Somebody:
    """Everything of one person.

    An event is its user's if it has one, else its anonymous visitor's. One of another user on a device that the person
    used before stays, without the device's id; one with a wallet of the person goes, whoever else it names.
    """

    users: frozenset[str]
    anonymous: frozenset[str]
    wallets: frozenset[str]
    others: frozenset[str] = frozenset()
    """What no event is of: e-mails, phones, ids of leads and of chats."""

    @classmethod
    def named(cls, identifiers: Iterable[Identifier]) -> "Somebody":
        known = list(identifiers)

        def of(kind: IdKind) -> frozenset[str]:
            return frozenset(identifier.value for identifier in known if identifier.kind is kind)

        others = frozenset(identifier.value for identifier in known if identifier.kind not in EVENT_KINDS)
        return cls(of(IdKind.USER), of(IdKind.ANONYMOUS), of(IdKind.WALLET), others)

    def touches(self, block: Block) -> bool:
        return (
            bool(self.wallets)
            or not self.users.isdisjoint(block.user_ids)
            or not self.anonymous.isdisjoint(block.anonymous_ids)
            or "alias" in block.kinds
        )

    def fate(self, event: Event) -> Fate:
        if event.user_id in self.users or (self.wallets and not self.wallets.isdisjoint(wallets(event))):
            return Fate.ERASED
        if previous_id(event) in self.users | self.anonymous:
            return Fate.ERASED
        if event.anonymous_id in self.anonymous:
            return Fate.UNLINKED if event.user_id else Fate.ERASED
        return Fate.KEPT

    def mentioned(self, texts: Iterable[str], received: int) -> bool:  # noqa: ARG002 - the port's
        """As a word, in any of the ways JSON may write it; a wallet and an e-mail in any case."""
        return any(self._words.search(text) for text in texts)

    @cached_property
    def _words(self) -> re.Pattern[str]:
        plain, any_case = self.users | self.anonymous, self.wallets | self.others
        words = [*map(_word, sorted(plain)), *(f"(?i:{_word(name)})" for name in sorted(any_case))]
        return re.compile("|".join(words) or r"(?!)")

    def unlinked(self, event: Event) -> Event:
        named = [msgspec.json.encode(value) for value in sorted(self.anonymous)]
        parts = {part: _without(getattr(event, part), named) for part in _RAW}
        return msgspec.structs.replace(event, anonymous_id=None, **parts)


def _word(name: str) -> str:
    spellings = {name, json.dumps(name)[1:-1], msgspec.json.encode(name).decode()[1:-1]}
    return "|".join(rf"(?<![\w-]){re.escape(spelling)}(?![\w-])" for spelling in sorted(spellings))


def _without(raw: bytes, values: Sequence[bytes]) -> bytes:
    for value in values:
        raw = raw.replace(value, _GONE)
    return raw
