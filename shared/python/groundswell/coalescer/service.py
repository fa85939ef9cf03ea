"""Puts the events of many messages together, each client's into as few blocks as they fit."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from groundswell.coalescer.model import from_message
from groundswell.eventlog.block import Block
from groundswell.eventlog.model import MINUTE, Event, Log
from groundswell.eventlog.packing import BLOCK_EVENTS, BLOCK_JSON, packed


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
    """What goes into one block, or several where it does not pack into one item."""

    log: Log
    messages: tuple[str, ...]
    events: int
    blocks: tuple[bytes, ...]


class CoalescerService:
    """Safe to repeat: a message that is written twice is two blocks with the same ids, which count once."""

    def __init__(self, writer: Writer, quarantine: Callable[[str, str], None], now: Callable[[], datetime]) -> None:
        """`quarantine` is told a message's body and the reason."""
        self._writer = writer
        self._quarantine = quarantine
        self._now = now

    def take(self, messages: Sequence[Message]) -> Outcome:
        """Raises nothing of the store's: what could not be written comes again."""
        poison = list[tuple[Message, str]]()
        portions = [each for some in _by_log(messages, poison) for each in _portions(some, poison)]
        for message, reason in poison:
            self._quarantine(message.body, reason)
        blocks = [(portion, block) for portion in portions for block in portion.blocks]
        at = int(self._now().timestamp() * 1000)
        lost = self._writer.append_all([(portion.log, block) for portion, block in blocks], at) if blocks else []
        again = dict.fromkeys(message for place in lost for message in blocks[place][0].messages)
        return Outcome(sum(each.events for each in portions), len(blocks), len(poison), tuple(again))


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
    for some in logs.values():
        yield sorted(some, key=lambda each: each.received)


def _portions(arrived: Sequence[_Arrived], poison: list[tuple[Message, str]]) -> Iterator[_Portion]:
    """A block has one time of receipt, by which repeats are judged: what waited long is not mixed with what did not."""
    held: list[_Arrived] = []
    events: list[Event] = []
    weight = 0
    for each in arrived:
        try:
            more = Block(each.data).events
        except ValueError as error:
            poison.append((each.message, str(error)))
            continue
        late = bool(held) and each.received - held[0].received >= MINUTE
        if held and (late or len(events) + len(more) > BLOCK_EVENTS or weight > BLOCK_JSON):
            yield _portion(held, events)
            held, events, weight = [], [], 0
        held.append(each)
        events += more
        weight += sum(map(_size, more))
    if held:
        yield _portion(held, events)


def _portion(held: Sequence[_Arrived], events: Sequence[Event]) -> _Portion:
    blocks = tuple(packed(events, held[-1].received))
    return _Portion(held[0].log, tuple(each.message.id for each in held), len(events), blocks)


def _size(event: Event) -> int:
    return 200 + len(event.properties) + len(event.traits) + len(event.context) + len(event.web3) + len(event.extra)
