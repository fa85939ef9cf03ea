"""Reads counted events out of the blocks, newest first."""

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from groundswell.events.eventlog.block import Block
from groundswell.events.eventlog.model import HOUR
from groundswell.events.eventlog.port import EventLog
from groundswell.events.eventlog.records import Entry
from groundswell.events.eventlog.snapshot import Snapshot, hours
from groundswell.events.eventlog.window import Window

_LOAD = 16  # blocks asked for at once
_KEPT = 2_000  # opened blocks that earlier hours may ask for again


class Place(NamedTuple):
    """Where an event stands in the order of all events of a client: by time, then by block and position."""

    ts: int
    sk: str
    shard: str
    position: int


class ScannedEvent(NamedTuple):
    """`n` is the commit that counted it."""

    place: Place
    block: Block
    n: int


class Budget:
    """How many blocks one request may open."""

    def __init__(self, blocks: int) -> None:
        self._left = blocks

    @property
    def spent(self) -> bool:
        return self._left <= 0

    def spend(self, blocks: int) -> None:
        self._left -= blocks


type Opened = OrderedDict[str, Block]
"""Blocks of one log that were read, by sort key: those of an import have events in many hours."""


class Scan:
    """The counted events of a snapshot within a window."""

    def __init__(
        self,
        store: EventLog,
        view: Snapshot,
        window: Window,
        budget: Budget | None = None,
        opened: Opened | None = None,
    ) -> None:
        """`opened` is what other scans of the log have read, and is added to."""
        self._store = store
        self._view = view
        self._window = window
        self._budget = budget or Budget(0)
        self._kept: Opened = OrderedDict() if opened is None else opened

    def newest_first(self, before: Place | None = None) -> Iterator[ScannedEvent]:
        """Events after `before` in that order (which goes back in time), or all."""
        end = self._window.end if before is None else min(self._window.end, before.ts + 1)
        if self._window.start >= end:
            return
        window = Window(self._window.start, end)
        for hour, entries in hours(self._store, self._view, window.start // HOUR, (window.end - 1) // HOUR):
            within = Window(max(window.start, hour * HOUR), min(window.end, (hour + 1) * HOUR))
            yield from self._hour(entries, within, before)

    def of_hour(self, entries: list[Entry]) -> Iterator[ScannedEvent]:
        """The events of the window, which is within an hour whose index entries these are."""
        return self._hour(entries, self._window, None)

    def _hour(self, entries: list[Entry], window: Window, before: Place | None) -> Iterator[ScannedEvent]:
        """Opens blocks by their newest event, and only when an event of theirs may be next."""
        waiting = sorted(
            (entry for entry in entries if entry.low < window.end and entry.high >= window.start),
            key=lambda entry: entry.high,
        )
        ready: list[ScannedEvent] = []
        while waiting or ready:
            while waiting and (not ready or waiting[-1].high >= ready[-1].place.ts):
                ready += self._open(_due(waiting, ready), window, before)
                ready.sort(key=lambda match: match.place)
            if ready:
                yield ready.pop()

    def _open(self, entries: list[Entry], window: Window, before: Place | None) -> Iterator[ScannedEvent]:
        self._load([entry.sk for entry in entries if entry.sk not in self._kept])
        for entry in entries:
            block = self._kept.get(entry.sk)
            if block is None:
                continue
            for position in _within(block, window):
                place = Place(block.times[position], entry.sk, self._view.log.shard, position)
                if entry.counts(position) and (before is None or place < before):
                    if position in block.erased:  # since the snapshot was taken
                        continue
                    yield ScannedEvent(place, block, entry.n)
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)

    def _load(self, missing: list[str]) -> None:
        if missing:
            self._budget.spend(len(missing))
            self._kept |= {sk: Block(data) for sk, data in self._store.blocks(self._view.log, missing).items()}


def _within(block: Block, window: Window) -> Sequence[int]:
    times, at = block.times, block.in_order
    return at[bisect_left(at, window.start, key=times.__getitem__) : bisect_left(at, window.end, key=times.__getitem__)]


def _due(waiting: list[Entry], ready: list[ScannedEvent]) -> list[Entry]:
    """The next entries to open, taken off `waiting`: one, or as many as may hold an event newer than what is ready."""
    due = [waiting.pop()]
    while ready and waiting and len(due) < _LOAD and waiting[-1].high >= ready[-1].place.ts:
        due.append(waiting.pop())
    return due
