"""Takes events out of a log: a commit that counts them no more, then the blocks without them.

Killed anywhere and run again, it ends the same: what is masked is not taken off twice, nothing is rewritten before it
is masked and folded, and who runs later finds what is left by looking at the blocks.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Protocol

import msgspec

from groundswell.analytics.snapshot import Snapshot, hours, take
from groundswell.eventlog.block import BLANK, Block, CorruptBlock, encode
from groundswell.eventlog.model import HOUR, Log
from groundswell.eventlog.port import EventLog
from groundswell.eventlog.records import Cells, Commit, Committed, Entry, Span, Tally, mask
from groundswell.kernel.errors import Conflict
from groundswell.privacy.targets import Fate, Target
from groundswell.rollups.committer import TooLate
from groundswell.rollups.folder import Folder
from groundswell.rollups.judge import Incoming, count, identities, spans

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

    def erase(self, log: Log, found: Sequence[Found], target: Target) -> None:
        """Raises Overtaken, and whatever the store raises; then doing the same again is right."""
        if any(each.erased for each in found):
            self._count_no_more(log, found)
            self._folder.fold(log)
        for each in found:
            if not self._store.rewrite_block(log, each.sk, _rewritten(log, each, target), each.data):
                raise Overtaken

    def _count_no_more(self, log: Log, found: Sequence[Found]) -> None:
        for each in found:  # one that nobody counts yet could be counted after it was rewritten
            self._settle(log, each)
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
        entries, blocks = self._entries(view, found), list[Committed]()
        for each in found:
            entry = entries.get(each.sk)
            counted = [at for at in each.erased if entry and entry.counts(at)]
            if entry and counted:
                count(cells, each.block, counted)
                blocks.append(_masked(each, entry))
        if not blocks:
            return None
        received = view.as_of or max(each.block.received for each in found)
        at = int(self._now().timestamp() * 1000)
        return Commit(view.head + 1, at, received, tuple(blocks), _negative(cells), erases=True)

    def _entries(self, view: Snapshot, found: Sequence[Found]) -> dict[str, Entry]:
        """What was said last of each block."""
        wanted, latest = {each.sk for each in found}, dict[str, Entry]()
        for first, last in _runs({ts // HOUR for each in found for ts in _living(each.block)}):
            for _, entries in hours(self._store, view, first, last):
                for entry in entries:
                    if entry.sk in wanted and (entry.sk not in latest or latest[entry.sk].n < entry.n):
                        latest[entry.sk] = entry
        return latest


def _living(block: Block) -> list[int]:
    return [ts for at, ts in enumerate(block.times) if at not in block.erased]


def _runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """The numbers as ranges, both ends included."""
    ordered = sorted(numbers)
    gaps = [(one, other) for one, other in pairwise(ordered) if other > one + 1]
    starts = [ordered[0], *(other for _, other in gaps)] if ordered else []
    ends = [*(one for one, _ in gaps), ordered[-1]] if ordered else []
    return list(zip(starts, ends, strict=True))


def _masked(each: Found, entry: Entry) -> Committed:
    """In every hour that the index knows the block by, so that no reader goes by what was said before."""
    gone = set(each.erased)
    before = [at for at in range(len(each.block)) if entry.counts(at)]
    out = mask(at for at in range(len(each.block)) if at in gone or not entry.counts(at))
    left = {span.low // HOUR: span for span in spans(each.block.times[at] for at in before if at not in gone)}
    known = sorted({each.block.times[at] // HOUR for at in before})
    return Committed(each.sk, out, tuple(left.get(hour, Span(hour * HOUR, hour * HOUR)) for hour in known))


def _negative(cells: Cells) -> Cells:
    return {
        name: {slot: Tally(-tally.count, None if tally.total is None else -tally.total) for slot, tally in row.items()}
        for name, row in cells.items()
    }


def _rewritten(log: Log, each: Found, target: Target) -> bytes:
    """The block without them. What tells their repeats stays: their marks."""
    gone = set(each.erased) | set(each.block.erased)
    marks = {at: b"".join(identities(log, each.block, at)) for at in sorted(gone)}
    blank = msgspec.structs.replace(BLANK, ts=each.block.received)
    events = [
        blank if at in gone else target.unlinked(event) if at in each.unlinked else event
        for at, event in enumerate(each.block.events)
    ]
    return encode(events, each.block.received, marks)
