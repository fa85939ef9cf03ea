"""Puts the events of many messages together, each client's into as few blocks as they fit."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from groundswell.events.coalescer.model import from_message
from groundswell.events.eventlog.block import Block
from groundswell.events.eventlog.identifiers import identifiers
from groundswell.events.eventlog.model import MINUTE, Event, Log
from groundswell.events.eventlog.packing import BLOCK_EVENTS, BLOCK_JSON, packed
from groundswell.events.ingest.verdict import Rejection
from groundswell.events.rejections.keys import SUPPRESSED
from groundswell.kernel.clock import millis


@dataclass(frozen=True)
class Message:
    id: str
    body: str


@dataclass(frozen=True)
class Outcome:
    """How many events went into how many blocks, how many messages were put aside, and the ids of those to repeat."""

    events: int
    blocks: int
    poison: int
    again: tuple[str, ...]


class Writer(Protocol):
    def append_all(self, blocks: Sequence[tuple[Log, bytes]], at: int) -> list[int]:
        """Append blocks of any logs. The places, in `blocks`, of those that were perhaps not written."""
        ...


@dataclass(frozen=True)
class _Arrived:
    """Its events are unpacked when their turn comes: all at once they might not fit into memory."""

    message: Message
    log: Log
    data: bytes
    received: int


@dataclass(frozen=True)
class _Portion:
    """What goes into one block, several where it does not pack into one item, or none if nobody wants any of it."""

    log: Log
    messages: tuple[str, ...]
    events: int
    blocks: tuple[bytes, ...]
    received: int
    unwanted: int


class Lists(Protocol):
    def suppressed(self, client_ids: Iterable[str]) -> Mapping[str, frozenset[bytes]]:
        """The digests of whom each client does not want."""
        ...


class Rejections(Protocol):
    def note(self, client_id: str, received: int, rejected: Sequence[tuple[Rejection, bytes]]) -> None: ...


class CoalescerService:
    """Safe to repeat: a message that is written twice is two blocks with the same ids, which count once.

    A message may wait for long, and people may be erased meanwhile: their events end here.
    """

    def __init__(
        self,
        writer: Writer,
        quarantine: Callable[[str, str], None],
        now: Callable[[], datetime],
        lists: Lists | None = None,
        rejections: Rejections | None = None,
    ) -> None:
        """`quarantine` is told a message's body and the reason."""
        self._writer = writer
        self._quarantine = quarantine
        self._now = now
        self._lists = lists
        self._rejections = rejections

    def take(self, messages: Sequence[Message]) -> Outcome:
        """Raises nothing of the store's: what could not be written comes again."""
        poison = list[tuple[Message, str]]()
        arrived = list(_by_log(messages, poison))
        listed = self._lists.suppressed({group[0].log.client_id for group in arrived}) if self._lists else {}
        portions = [
            portion
            for group in arrived
            for portion in _portions(group, listed.get(group[0].log.client_id, frozenset()), poison)
        ]
        for message, reason in poison:
            self._quarantine(message.body, reason)
        blocks = [(portion, block) for portion in portions for block in portion.blocks]
        at = millis(self._now())
        lost = self._writer.append_all([(portion.log, block) for portion, block in blocks], at) if blocks else []
        again = dict.fromkeys(message for place in lost for message in blocks[place][0].messages)
        self._note([portion for portion in portions if not any(message in again for message in portion.messages)])
        return Outcome(sum(portion.events for portion in portions), len(blocks), len(poison), tuple(again))

    def _note(self, portions: Sequence[_Portion]) -> None:
        """Verdicts on whom nobody wants any more."""
        for portion in portions:
            if portion.unwanted and self._rejections:
                verdict = Rejection(0, SUPPRESSED, "somebody this event names is on the suppression list")
                rejected = [(verdict, b"")] * portion.unwanted
                self._rejections.note(portion.log.client_id, portion.received, rejected)


def _by_log(messages: Sequence[Message], poison: list[tuple[Message, str]]) -> Iterator[list[_Arrived]]:
    """Oldest first."""
    logs: dict[Log, list[_Arrived]] = {}
    for message in messages:
        try:
            arrival = from_message(message.body)
            block = Block(arrival.block)
            block.check()
        except ValueError as error:
            poison.append((message, str(error)))
            continue
        logs.setdefault(arrival.log, []).append(_Arrived(message, arrival.log, arrival.block, block.received))
    for group in logs.values():
        yield sorted(group, key=lambda arrived_block: arrived_block.received)


def _portions(
    arrived: Sequence[_Arrived], listed: frozenset[bytes], poison: list[tuple[Message, str]]
) -> Iterator[_Portion]:
    """A block has one time of receipt, by which repeats are judged: what waited long is not mixed with what did not."""
    held: list[_Arrived] = []
    events: list[Event] = []
    weight = 0
    for arrival in arrived:
        try:
            more = Block(arrival.data).events
        except ValueError as error:
            poison.append((arrival.message, str(error)))
            continue
        late = bool(held) and arrival.received - held[0].received >= MINUTE
        if held and (late or len(events) + len(more) > BLOCK_EVENTS or weight > BLOCK_JSON):
            yield _portion(held, events, listed)
            held, events, weight = [], [], 0
        held.append(arrival)
        events += more
        weight += sum(map(_size, more))
    if held:
        yield _portion(held, events, listed)


def _portion(held: Sequence[_Arrived], events: Sequence[Event], listed: frozenset[bytes]) -> _Portion:
    log, received = held[0].log, held[-1].received
    wanted = [event for event in events if not _unwanted(event, log, listed)] if listed else events
    blocks = tuple(packed(wanted, received)) if wanted else ()
    messages = tuple(arrival.message.id for arrival in held)
    return _Portion(log, messages, len(wanted), blocks, received, len(events) - len(wanted))


def _unwanted(event: Event, log: Log, listed: frozenset[bytes]) -> bool:
    return any(identifier.digest(log.client_id) in listed for identifier in identifiers(event))


def _size(event: Event) -> int:
    return 200 + len(event.properties) + len(event.traits) + len(event.context) + len(event.web3) + len(event.extra)
