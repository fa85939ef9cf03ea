"""What repeats leave behind: marks, and no content, so that a block that counts for nothing holds nothing of anybody.

No commit names a block that brought nothing new, and no index leads to it: what it says goes at once. In a block that
counts for something, repeats keep what they say, and the index of people leads to it, unless a time was erased lately:
then a repeat may be one of an event that was erased. A second report of a fact, under an id of its own, is no repeat.
"""

from collections.abc import Callable, Collection, Mapping, Sequence

import msgspec

from groundswell.events.eventlog.block import BLANK, Block, encode
from groundswell.events.eventlog.model import METRICS, Event, Log
from groundswell.events.eventlog.port import EventLog
from groundswell.events.eventlog.records import Entry
from groundswell.events.eventlog.snapshot import latest_entries, take
from groundswell.events.rollups.deduplication import Incoming, identities
from groundswell.kernel.errors import Conflict

_ATTEMPTS = 20


class Contended(Conflict):
    """Other consumers kept winning. Nothing is lost: the blocks are offered again."""

    code = "LOG_CONTENDED"


class Repeats:
    def __init__(self, store: EventLog) -> None:
        self._store = store

    def blank(self, log: Log, decided: Sequence[Incoming], counts: Callable[[Block], bool]) -> None:
        """Of blocks that are decided: of each event it is known whether it counts. `counts` says whether anything of a
        block may, and costs no call. Raises Contended."""
        blocks = {arrival.sk: arrival.block for arrival in decided if not arrival.block.erased}
        if log.shard == METRICS or not blocks:
            return
        named = {sk: block for sk, block in blocks.items() if counts(block)}
        entries = latest_entries(self._store, take(self._store, log), named) if named else {}
        until = self._store.forgetting(log) if entries else 0
        for sk, block in blocks.items():
            entry = entries.get(sk)
            if entry is None or block.received < until:
                self._without(log, sk, [at for at in range(len(block)) if entry is None or _repeat(entry, at)])

    def _without(self, log: Log, sk: str, repeats: Collection[int]) -> None:
        for _ in range(_ATTEMPTS):
            for data in self._store.blocks(log, [sk]).values():
                block = Block(data)
                gone = [at for at in repeats if at not in block.erased]
                if gone and not self._store.rewrite_block(log, sk, rewritten(log, block, gone), data):
                    break
            else:
                return
        raise Contended


def _repeat(entry: Entry, position: int) -> bool:
    return not entry.counts(position) and not entry.merges(position)


def rewritten(log: Log, block: Block, gone: Collection[int], changed: Mapping[int, Event] | None = None) -> bytes:
    """The block without the events at those positions, and with some as they are now. What tells repeats of them stays:
    their marks."""
    out, others = {*gone, *block.erased}, {*(changed or ()), *block.changed}
    marks = {at: b"".join(identities(log, block, at)) for at in sorted(out | others)}
    blank = msgspec.structs.replace(BLANK, ts=block.received)
    events = [blank if at in out else (changed or {}).get(at, event) for at, event in enumerate(block.events)]
    erased = {at: mark for at, mark in marks.items() if at in out}
    return encode(events, block.received, erased, {at: mark for at, mark in marks.items() if at not in out})
