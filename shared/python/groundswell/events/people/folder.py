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
        found, marks = list[Link](), dict[BlockRef, set[bytes]]()
        for spot, seen in committed(self._store, log, commits):
            found += links(telling(spot, seen))
            marks[spot] = {mark(log.client_id, each) for sight in seen for each in identifiers(sight)}
        fresh = self._known.people(log, done).copy().add(sorted(found, key=lambda link: link.ts)) if found else []
        for number, some in enumerate(_chunks(fresh)):
            self._store.put_links(log, through, number, some)
        written = list[tuple[int, int]]()
        for depth, bucket, places in divided({spot: some for spot, some in marks.items() if some}):
            self._store.put_postings(log, depth, bucket, through, places)
            written.append((depth, bucket))
        return written


def committed(store: EventLog, log: Log, commits: Iterable[Commit]) -> Iterable[tuple[BlockRef, list[Sighting]]]:
    """The sightings of each block, by what was said last of it: also those in repeats, which an erasure must find."""
    latest: dict[str, Committed] = {}
    for commit in commits:
        for each in commit.blocks:
            if not commit.erases or each.sk in latest:
                latest[each.sk] = each
    for some in batched(latest.values(), _LOAD, strict=False):
        blocks = store.blocks(log, [each.sk for each in some])
        for each in some:
            if each.sk in blocks:
                yield BlockRef(each.sk, each.mask, each.merged), sightings(Block(blocks[each.sk]))


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
