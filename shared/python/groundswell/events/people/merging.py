"""Puts pieces of the index of people together, so that what a profile reads does not grow with every fold.

Pieces of one bucket become pieces of finer buckets. Those are written first and go by the names of what they were
made from, then that is deleted: a merge that died, or ran twice at once, leaves blocks named twice, and none unnamed.
Readers go from coarse to fine, so what they found deleted they find again.
"""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b

from groundswell.events.eventlog.model import Log
from groundswell.events.eventlog.people_index import DEPTHS, MARK, BlockRef, Postings, divided
from groundswell.events.eventlog.port import EventLog

EVERY = 256
"""Commits between two looks at a bucket."""
FEW = 64
"""Pieces of a bucket that are left alone."""
_FINER = 4  # a merge cuts a bucket in 2^4
_HEAVIEST = 300_000  # bytes that are merged at once: whatever comes out fits an item


class PieceMerger:
    def __init__(self, store: EventLog) -> None:
        self._store = store

    def merge(self, log: Log, done: int, through: int, written: Iterable[tuple[int, int]]) -> None:
        """After a fold of the commits after `done` up to `through`, which wrote pieces in those buckets.

        Buckets of a depth are looked at in turn beside them: finer ones get fewer pieces."""
        turn = through // EVERY
        if turn == done // EVERY:
            return
        for depth, bucket in sorted({*written, *((depth, turn % 2**depth) for depth in DEPTHS)}):
            if depth + _FINER in DEPTHS:
                self._merge(log, depth, bucket)

    def _merge(self, log: Log, depth: int, bucket: int) -> None:
        pieces = list(self._store.postings(log, depth, bucket))
        if len(pieces) < FEW:
            return
        for group in _groups(pieces):
            self._unite(log, depth + _FINER, group)

    def _unite(self, log: Log, depth: int, pieces: Sequence[tuple[str, Postings]]) -> None:
        names = sorted(sk for sk, _ in pieces)
        seen: dict[BlockRef, set[bytes]] = {}
        for _, piece in pieces:
            for spot, mark in piece.pairs():
                seen.setdefault(spot, set()).add(mark)
        origin = blake2b("\n".join(names).encode(), digest_size=6).hexdigest()
        for finer, bucket, places in divided(seen, depth):
            self._store.put_postings(log, finer, bucket, _through(names), places, origin)
        self._store.drop_places(log, names)


def _through(names: Iterable[str]) -> int:
    return max(int(sk.split("#")[2]) for sk in names)


def _groups(pieces: Iterable[tuple[str, Postings]]) -> Iterator[list[tuple[str, Postings]]]:
    """Oldest first. One that is alone is merged with others another time."""
    group: list[tuple[str, Postings]] = []
    weight = 0
    for piece in pieces:
        heavy = _weight(piece[1])
        if weight + heavy > _HEAVIEST and group:
            yield group
            group, weight = [], 0
        group.append(piece)
        weight += heavy
    if len(group) > 1:
        yield group


def _weight(piece: Postings) -> int:
    return 6 * len(piece.marks) // MARK + sum(
        len(block.sk) + len(block.mask) + len(block.merged) + 8 for block in piece.blocks
    )
