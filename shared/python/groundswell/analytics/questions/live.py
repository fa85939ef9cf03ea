"""What was committed since one last looked."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from groundswell.analytics.questions.model import Seen, fitting
from groundswell.events.eventlog.block import Block
from groundswell.events.eventlog.model import Log
from groundswell.events.eventlog.port import EventLog
from groundswell.events.eventlog.records import Commit
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
        found = _MARK.fullmatch(text)
        if found is None:
            raise Invalid.on("after", "must be the `cursor` of an answer before")
        return cls(int(found[1]), int(found[2]))

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
        counted = list(_counted(store, log, Mark(max(1, head - _RECENT_COMMITS + 1), 0)))
        newest = counted[-limit:]
        found, more, start = newest[-_fitting(reversed(newest)) :], False, Mark(head, 0)
    else:
        found = list(islice(_counted(store, log, after), limit + 1))
        fit = min(limit, _fitting(found))
        more, start = len(found) > fit, after
        found = found[:fit]
    events = tuple(each.seen for each in found if each.stands)
    return Tail(events, found[-1].mark if found else start, more, found[-1].received if found else None)


def _fitting(found: Iterable[_Counted]) -> int:
    return fitting(each.seen for each in found)


def _counted(store: EventLog, log: Log, after: Mark) -> Iterator[_Counted]:
    for commit in store.commits(log, max(0, after.n - 1)):
        if commit.erases:
            continue
        skipped = after.seen if commit.n == after.n else 0
        for at, (block, position) in enumerate(_of(store, log, commit), 1):
            if at > skipped:
                yield _Counted(block, position, Mark(commit.n, at), commit.received)


def _of(store: EventLog, log: Log, commit: Commit) -> Iterator[tuple[Block, int]]:
    blocks = store.blocks(log, [each.sk for each in commit.blocks])
    for each in commit.blocks:
        if each.sk in blocks:
            block = Block(blocks[each.sk])
            yield from ((block, position) for position in range(len(block)) if each.counts(position))
