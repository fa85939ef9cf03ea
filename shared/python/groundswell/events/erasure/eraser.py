"""Takes events out of a log: a commit that counts them no more, then the blocks without them.

Killed anywhere and run again, it ends the same: what is masked is not taken off twice, nothing is rewritten before it
is masked and folded, and who runs later finds what is left by looking at the blocks.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from groundswell.events.erasure.targets import Fate, Target
from groundswell.events.eventlog.block import Block, CorruptBlock
from groundswell.events.eventlog.model import HOUR, Log
from groundswell.events.eventlog.port import EventLog
from groundswell.events.eventlog.records import Cells, Commit, Committed, Entry, Span, Tally, mask
from groundswell.events.eventlog.snapshot import Snapshot, latest_entries, take
from groundswell.events.rollups.committer import TooLate
from groundswell.events.rollups.deduplication import Incoming, count, spans
from groundswell.events.rollups.folder import Folder
from groundswell.events.rollups.repeats import rewritten
from groundswell.kernel.clock import millis
from groundswell.kernel.errors import Conflict

_ATTEMPTS = 50


class Decides(Protocol):
    def commit(self, log: Log, incoming: Sequence[Incoming]) -> int:
        """Count blocks that nobody counted yet. Raises TooLate."""
        ...


class Overtaken(Conflict):
    """Others kept writing what we were about to write. Nothing is lost: the same is tried again."""

    code = "ERASURE_OVERTAKEN"


@dataclass(frozen=True)
class Found:
    """A block with events to erase or to unlink, by position."""

    sk: str
    data: bytes
    block: Block
    erased: tuple[int, ...]
    unlinked: tuple[int, ...]


def find(blocks: Iterable[tuple[str, bytes]], target: Target) -> list[Found]:
    """Those of the blocks that are concerned. A block that cannot be read was never counted, and is left alone."""
    found = []
    for sk, data in blocks:
        try:
            block = Block(data)
            fates = _fates(block, target)
        except CorruptBlock:
            continue
        erased = tuple(at for at, fate in fates.items() if fate is Fate.ERASED)
        unlinked = tuple(at for at, fate in fates.items() if fate is Fate.UNLINKED)
        if erased or unlinked:
            found.append(Found(sk, data, block, erased, unlinked))
    return found


def _fates(block: Block, target: Target) -> dict[int, Fate]:
    if not target.touches(block):
        return {}
    return {at: target.fate(event) for at, event in enumerate(block.events) if at not in block.erased}


class Eraser:
    def __init__(self, store: EventLog, decides: Decides, now: Callable[[], datetime]) -> None:
        self._store = store
        self._decides = decides
        self._folder = Folder(store)
        self._now = now

    def look(self, log: Log, found: Sequence[Found], target: Target) -> tuple[list[Found], int]:
        """Those that are still concerned once all of them are decided, and how many of the events to erase count."""
        for each in found:  # one that nobody counts yet could be counted after it was rewritten
            if each.erased:
                self._settle(log, each)
        settled = find(sorted(self._store.blocks(log, [each.sk for each in found]).items()), target)
        entries = latest_entries(self._store, take(self._store, log), {each.sk: each.block for each in settled})
        counted = sum(entries[each.sk].counts(at) for each in settled if each.sk in entries for at in each.erased)
        return settled, counted

    def erase(self, log: Log, found: Sequence[Found], target: Target) -> None:
        """Raises Overtaken, and whatever the store raises; then doing the same again is right."""
        for _ in range(_ATTEMPTS):
            found, _counted = self.look(log, found, target)
            if any(each.erased for each in found):
                self._count_no_more(log, found)
                self._folder.fold(log)
            if all(self._rewrite(log, each, target) for each in found):
                return
        raise Overtaken

    def _rewrite(self, log: Log, each: Found, target: Target) -> bool:
        """False if it is not as it was: others erase somebody else, or blank repeats."""
        unlinked = {at: target.unlinked(each.block.events[at]) for at in each.unlinked}
        return self._store.rewrite_block(log, each.sk, rewritten(log, each.block, each.erased, unlinked), each.data)

    def _count_no_more(self, log: Log, found: Sequence[Found]) -> None:
        for _ in range(_ATTEMPTS):
            view = take(self._store, log)
            commit = self._erasing(view, found)
            if commit is None or self._store.put_commit(log, commit):
                return
        raise Overtaken

    def _settle(self, log: Log, each: Found) -> None:
        try:
            self._decides.commit(log, [Incoming(each.sk, each.block)])
        except TooLate:
            return  # counted long ago, or never

    def _erasing(self, view: Snapshot, found: Sequence[Found]) -> Commit | None:
        """What takes the events off that still count; None if none does."""
        cells: Cells = {}
        entries = latest_entries(self._store, view, {each.sk: each.block for each in found})
        blocks = list[Committed]()
        for each in found:
            entry = entries.get(each.sk)
            counted = [at for at in each.erased if entry and entry.counts(at)]
            if entry and counted:
                count(cells, each.block, counted)
                blocks.append(_masked(each, entry))
        if not blocks:
            return None
        received = view.as_of or max(each.block.received for each in found)
        at = millis(self._now())
        return Commit(view.head + 1, at, received, tuple(blocks), _negative(cells), erases=True)


def _masked(each: Found, entry: Entry) -> Committed:
    """In every hour that the index knows the block by, so that no reader goes by what was said before."""
    gone, everything = set(each.erased), range(len(each.block))
    before = [at for at in everything if entry.counts(at) or entry.merges(at)]
    out = mask(at for at in everything if at in gone or not entry.counts(at))
    merged = mask(at for at in everything if at not in gone and entry.merges(at))
    left = {span.low // HOUR: span for span in spans(each.block.times[at] for at in before if at not in gone)}
    known = sorted({each.block.times[at] // HOUR for at in before})
    return Committed(each.sk, out, tuple(left.get(hour, Span(hour * HOUR, hour * HOUR)) for hour in known), merged)


def _negative(cells: Cells) -> Cells:
    return {
        name: {slot: Tally(-tally.count, None if tally.total is None else -tally.total) for slot, tally in row.items()}
        for name, row in cells.items()
    }
