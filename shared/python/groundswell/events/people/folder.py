"""The fold's part that is about people: links and index pieces of the commits that it folds."""

from collections.abc import Iterable, Sequence
from itertools import batched

from groundswell.events.eventlog.block import Block
from groundswell.events.eventlog.identity_graph import Link
from groundswell.events.eventlog.model import METRICS, Log
from groundswell.events.eventlog.people_index import BlockRef, divided, mark
from groundswell.events.eventlog.port import EventLog
from groundswell.events.eventlog.records import Commit, Committed
from groundswell.events.people.identity_cache import IdentityCache
from groundswell.events.people.sightings import Sighting, identifiers, links, sightings

_LOAD = 100


class PeopleFolder:
    def __init__(self, store: EventLog, known: IdentityCache | None = None) -> None:
        self._store = store
        self._known = known or IdentityCache(store)

    def fold(self, log: Log, commits: Sequence[Commit], done: int, through: int) -> list[tuple[int, int]]:
        """Of the commits after `done` up to `through`. Doing it again writes the same, or what says the same. The
        buckets that got a piece of the index: (depth, bucket)."""
        if log.shard == METRICS:
            return []
        new_links, marks = list[Link](), dict[BlockRef, set[bytes]]()
        for spot, seen in committed(self._store, log, commits):
            new_links += links(telling(spot, seen))
            marks[spot] = {mark(log.client_id, identifier) for sight in seen for identifier in identifiers(sight)}
        fresh = (
            self._known.people(log, done).copy().add(sorted(new_links, key=lambda link: link.ts)) if new_links else []
        )
        for number, chunk in enumerate(_chunks(fresh)):
            self._store.put_links(log, through, number, chunk)
        written = list[tuple[int, int]]()
        for depth, bucket, places in divided({spot: spot_marks for spot, spot_marks in marks.items() if spot_marks}):
            self._store.put_postings(log, depth, bucket, through, places)
            written.append((depth, bucket))
        return written


def committed(store: EventLog, log: Log, commits: Iterable[Commit]) -> Iterable[tuple[BlockRef, list[Sighting]]]:
    """The sightings of each block, by what was said last of it: also those in repeats, which an erasure must find."""
    latest: dict[str, Committed] = {}
    for commit in commits:
        for block in commit.blocks:
            if not commit.erases or block.sk in latest:
                latest[block.sk] = block
    for batch in batched(latest.values(), _LOAD, strict=False):
        blocks = store.blocks(log, [message.sk for message in batch])
        for block in batch:
            if block.sk in blocks:
                yield BlockRef(block.sk, block.mask, block.merged), sightings(Block(blocks[block.sk]))


def telling(spot: BlockRef, seen: Sequence[Sighting]) -> list[Sighting]:
    """Those that say who is who: of events that count, and of second reports of a fact."""
    return [sight for at, sight in enumerate(seen) if spot.counts(at) or spot.merges(at)]


def _chunks(fresh: Sequence[Link]) -> Iterable[list[Link]]:
    """In portions that an item holds."""
    chunk: list[Link] = []
    weight = 0
    for link in fresh:
        chunk.append(link)
        weight += len(link.one) + len(link.other) + 16
        if weight > 80_000:  # characters, of up to four bytes
            yield chunk
            chunk, weight = [], 0
    if chunk:
        yield chunk
