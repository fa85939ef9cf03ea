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
class AffectedBlock:
    """A block with events to erase or to unlink, by position."""

    sk: str
    data: bytes
    block: Block
    erased: tuple[int, ...]
    unlinked: tuple[int, ...]


def find(blocks: Iterable[tuple[str, bytes]], target: Target) -> list[AffectedBlock]:
    """Those of the blocks that are concerned. A block that cannot be read was never counted, and is left alone."""
    matches = []
    for sk, data in blocks:
        try:
            block = Block(data)
            fates = _fates(block, target)
        except CorruptBlock:
            continue
        erased = tuple(at for at, fate in fates.items() if fate is Fate.ERASED)
        unlinked = tuple(at for at, fate in fates.items() if fate is Fate.UNLINKED)
        if erased or unlinked:
            matches.append(AffectedBlock(sk, data, block, erased, unlinked))
    return matches


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

    def look(self, log: Log, matches: Sequence[AffectedBlock], target: Target) -> tuple[list[AffectedBlock], int]:
        """Those that are still concerned once all of them are decided, and how many of the events to erase count."""
        for match in matches:  # one that nobody counts yet could be counted after it was rewritten
            if match.erased:
                self._settle(log, match)
        settled = find(sorted(self._store.blocks(log, [item.sk for item in matches]).items()), target)
        entries = latest_entries(
            self._store, take(self._store, log), {settled_match.sk: settled_match.block for settled_match in settled}
        )
        counted = sum(
            entries[settled_match.sk].counts(at)
            for settled_match in settled
            if settled_match.sk in entries
            for at in settled_match.erased
        )
        return settled, counted

    def erase(self, log: Log, matches: Sequence[AffectedBlock], target: Target) -> None:
        """Raises Overtaken, and whatever the store raises; then doing the same again is right."""
        for _ in range(_ATTEMPTS):
            matches, _counted = self.look(log, matches, target)
            if any(match.erased for match in matches):
                self._count_no_more(log, matches)
                self._folder.fold(log)
            if all(self._rewrite(log, match, target) for match in matches):
                return
        raise Overtaken

    def _rewrite(self, log: Log, affected: AffectedBlock, target: Target) -> bool:
        """False if it is not as it was: others erase somebody else, or blank repeats."""
        unlinked = {at: target.unlinked(affected.block.events[at]) for at in affected.unlinked}
        return self._store.rewrite_block(
            log, affected.sk, rewritten(log, affected.block, affected.erased, unlinked), affected.data
        )

    def _count_no_more(self, log: Log, matches: Sequence[AffectedBlock]) -> None:
        for _ in range(_ATTEMPTS):
            view = take(self._store, log)
            commit = self._erasing(view, matches)
            if commit is None or self._store.put_commit(log, commit):
                return
        raise Overtaken

    def _settle(self, log: Log, affected: AffectedBlock) -> None:
        try:
            self._decides.commit(log, [Incoming(affected.sk, affected.block)])
        except TooLate:
            return  # counted long ago, or never

    def _erasing(self, view: Snapshot, matches: Sequence[AffectedBlock]) -> Commit | None:
        """What takes the events off that still count; None if none does."""
        cells: Cells = {}
        entries = latest_entries(self._store, view, {item.sk: item.block for item in matches})
        blocks = list[Committed]()
        for match in matches:
            entry = entries.get(match.sk)
            counted = [at for at in match.erased if entry and entry.counts(at)]
            if entry and counted:
                count(cells, match.block, counted)
                blocks.append(_masked(match, entry))
        if not blocks:
            return None
        received = view.as_of or max(item.block.received for item in matches)
        at = millis(self._now())
        return Commit(view.head + 1, at, received, tuple(blocks), _negative(cells), erases=True)


def _masked(affected: AffectedBlock, entry: Entry) -> Committed:
    """In every hour that the index knows the block by, so that no reader goes by what was said before."""
    gone, everything = set(affected.erased), range(len(affected.block))
    before = [at for at in everything if entry.counts(at) or entry.merges(at)]
    out = mask(at for at in everything if at in gone or not entry.counts(at))
    merged = mask(at for at in everything if at not in gone and entry.merges(at))
    left = {span.low // HOUR: span for span in spans(affected.block.times[at] for at in before if at not in gone)}
    known = sorted({affected.block.times[at] // HOUR for at in before})
    return Committed(affected.sk, out, tuple(left.get(hour, Span(hour * HOUR, hour * HOUR)) for hour in known), merged)


def _negative(cells: Cells) -> Cells:
    return {
        name: {slot: Tally(-tally.count, None if tally.total is None else -tally.total) for slot, tally in row.items()}
        for name, row in cells.items()
    }
