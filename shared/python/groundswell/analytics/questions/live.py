"""What was committed since one last looked."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import NamedTuple

from groundswell.analytics.questions.model import Seen, fitting
from groundswell.events.eventlog.block import Block
from groundswell.events.eventlog.model import Log
from groundswell.events.eventlog.port import EventLog
from groundswell.events.eventlog.records import Commit, Committed, size
from groundswell.kernel.errors import Invalid

_RECENT_COMMITS = 20
_MARK = re.compile(r"([0-9]{1,15})\.([0-9]{1,9})")


class Mark(NamedTuple):
    """So many events of commit `n` were seen, and all of the commits before it."""

    n: int
    seen: int

    @classmethod
    def of(cls, text: str) -> "Mark":
        """Raises Invalid."""
        match = _MARK.fullmatch(text)
        if match is None:
            raise Invalid.on("after", "must be the `cursor` of an answer before")
        return cls(int(match[1]), int(match[2]))

    def __str__(self) -> str:
        return f"{self.n}.{self.seen}"


@dataclass(frozen=True)
class Tail:
    """In the order they were committed. `more` says that there were others already."""

    events: tuple[Seen, ...]
    mark: Mark
    more: bool
    as_of: int | None


class _Counted(NamedTuple):
    block: Block
    position: int
    mark: Mark
    received: int

    @property
    def seen(self) -> Seen:
        return Seen(self.block.events[self.position], self.block.received)

    @property
    def stands(self) -> bool:
        """It was not erased since."""
        return self.position not in self.block.erased


def tail(store: EventLog, log: Log, after: Mark | None, limit: int) -> Tail:
    """Up to `limit` events that were committed after the mark; without one, the newest."""
    if after is None:
        head = store.head(log)
        newest = _newest(store, log, head, limit)
        entries, more, start = newest[-_fitting(reversed(newest)) :], False, Mark(head, 0)
    else:
        entries = list(islice(_counted(store, log, after), limit + 1))
        fit = min(limit, _fitting(entries))
        more, start = len(entries) > fit, after
        entries = entries[:fit]
    events = tuple(entry.seen for entry in entries if entry.stands)
    return Tail(events, entries[-1].mark if entries else start, more, entries[-1].received if entries else None)


def _fitting(entries: Iterable[_Counted]) -> int:
    return fitting(entry.seen for entry in entries)


def _newest(store: EventLog, log: Log, head: int, limit: int) -> list[_Counted]:
    """In the order they were committed. Opens no block that is not needed for them."""
    entries: list[_Counted] = []
    for commits in _doubling(range(head, max(0, head - _RECENT_COMMITS), -1)):
        for commit in reversed(list(store.commits(log, commits[-1] - 1, commits[0]))):
            if not commit.erases and len(entries) < limit:
                entries += islice(_backwards(store, log, commit), limit - len(entries))
        if len(entries) >= limit:
            break
    return entries[::-1]


def _doubling[T](items: Sequence[T]) -> Iterator[Sequence[T]]:
    """Few at first, and soon many: how many are needed shows while they are read."""
    start, size = 0, 1
    while start < len(items):
        yield items[start : start + size]
        start, size = start + size, size * 2


def _backwards(store: EventLog, log: Log, commit: Commit) -> Iterator[_Counted]:
    at = size(commit)
    for batch in _doubling(commit.blocks[::-1]):
        for block, position in _of(store, log, batch, backwards=True):
            yield _Counted(block, position, Mark(commit.n, at), commit.received)
            at -= 1


def _counted(store: EventLog, log: Log, after: Mark) -> Iterator[_Counted]:
    for commit in store.commits(log, max(0, after.n - 1)):
        if commit.erases:
            continue
        skipped = after.seen if commit.n == after.n else 0
        if skipped >= size(commit):
            continue
        counted = chain.from_iterable(_of(store, log, batch) for batch in _doubling(commit.blocks))
        for at, (block, position) in enumerate(counted, 1):
            if at > skipped:
                yield _Counted(block, position, Mark(commit.n, at), commit.received)


def _of(
    store: EventLog, log: Log, named: Sequence[Committed], *, backwards: bool = False
) -> Iterator[tuple[Block, int]]:
    """What counts of the blocks, in their order; each from its end if `backwards`."""
    blocks = store.blocks(log, [committed.sk for committed in named])
    for entry in named:
        if entry.sk in blocks:
            block = Block(blocks[entry.sk])
            positions = range(len(block))[:: -1 if backwards else 1]
            yield from ((block, position) for position in positions if entry.counts(position))
