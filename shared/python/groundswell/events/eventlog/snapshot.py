"""One consistent view of a log: what is folded, and the commits after that."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from itertools import chain, groupby, pairwise
from operator import itemgetter

from groundswell.events.eventlog.block import Block
from groundswell.events.eventlog.model import HOUR, Log
from groundswell.events.eventlog.port import EventLog
from groundswell.events.eventlog.records import Commit, Entry, index_entries
from groundswell.kernel.clock import millis


@dataclass(frozen=True)
class Snapshot:
    """The log as it was at commit `head`: folded up to `folded`, then the commits of `tail`. `as_of` is when the
    newest block in it was received; None for an empty log."""

    log: Log
    folded: int
    head: int
    tail: tuple[Commit, ...]
    as_of: int | None


def take(store: EventLog, log: Log, head: int | None = None) -> Snapshot:
    """Now, or as it was at commit `head`.

    Whoever reads rollups and index only after this misses nothing, and knows what was folded since by its number.
    """
    folded = store.folded(log)
    newest = list(store.commits(log, max(folded - 1, 0), head))
    tail = tuple(commit for commit in newest if commit.n > folded)
    reached = newest[-1].n if newest else 0
    return Snapshot(log, folded, reached if head is None else head, tail, newest[-1].received if newest else None)


def oldest(views: Iterable[Snapshot], now: datetime) -> int:
    """What an answer out of all of them is true for, in ms: `now` where there are no events."""
    known = [view.as_of for view in views if view.as_of is not None]
    return min(known, default=millis(now))


def hours(store: EventLog, view: Snapshot, first: int, last: int) -> Iterator[tuple[int, list[Entry]]]:
    """The index entries of each hour from `last` down to `first`, each block once."""
    unfolded = sorted(index_entries(view.tail, first, last).items(), key=itemgetter(0), reverse=True)
    pieces = merge(unfolded, store.hours(view.log, first, last), key=itemgetter(0), reverse=True)
    for hour, group in groupby(pieces, key=itemgetter(0)):
        yield hour, list(_latest(entry for _, piece in group for entry in piece if entry.n <= view.head))


def latest_entries(store: EventLog, view: Snapshot, blocks: Mapping[str, Block]) -> dict[str, Entry]:
    """What was said last of each of the blocks, which come by their sort keys. A block that no commit names, and one of
    which everything is erased, has no entry.

    Whatever is said of a block later stands in every hour that still counted something of it: so the first hour that
    does is enough, and of a block that spreads over months one is looked into. Hours that many share come first.
    """
    latest: dict[str, Entry] = {}
    left = {sk: {ts // HOUR for ts in _living(block)} for sk, block in blocks.items()}
    hours_read = set[int]()
    while left := {sk: hours for sk, hours in left.items() if hours}:
        shared = Counter(chain.from_iterable(left.values()))
        now = {max(hours, key=lambda hour: (shared[hour], hour)) for hours in left.values()}
        hours_read |= now
        for first, last in _runs(now):
            for _, entries in hours(store, view, first, last):
                _keep_latest(latest, (entry for entry in entries if entry.sk in blocks))
        left = {sk: hours - now for sk, hours in left.items() if not _counts_in(hours_read, latest.get(sk), blocks[sk])}
    return latest


def _counts_in(hours: Collection[int], entry: Entry | None, block: Block) -> bool:
    if entry is None:
        return False
    return any(ts // HOUR in hours and (entry.counts(at) or entry.merges(at)) for at, ts in enumerate(block.times))


def _living(block: Block) -> list[int]:
    return [ts for at, ts in enumerate(block.times) if at not in block.erased]


def _runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """The numbers as ranges, both ends included."""
    ordered = sorted(numbers)
    gaps = [(one, other) for one, other in pairwise(ordered) if other > one + 1]
    starts = [ordered[0], *(other for _, other in gaps)] if ordered else []
    ends = [*(one for one, _ in gaps), ordered[-1]] if ordered else []
    return list(zip(starts, ends, strict=True))


def _latest(entries: Iterable[Entry]) -> Iterable[Entry]:
    """Of each block what was said last: an erasure masks more than the commit before it."""
    latest: dict[str, Entry] = {}
    _keep_latest(latest, entries)
    return latest.values()


def _keep_latest(latest: dict[str, Entry], entries: Iterable[Entry]) -> None:
    for entry in entries:
        if entry.sk not in latest or latest[entry.sk].n < entry.n:
            latest[entry.sk] = entry
