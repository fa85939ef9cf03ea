"""Counted events as rows in time order: what questions are answered from. Reads the heads of blocks, no events."""

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import cached_property
from itertools import batched, chain, groupby, repeat
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from groundswell.events.eventlog.block import Block
from groundswell.events.eventlog.identity_graph import IdentityGraph
from groundswell.events.eventlog.model import DAY, HOUR, MINUTE, event_log
from groundswell.events.eventlog.port import EventLog
from groundswell.events.eventlog.records import Entry
from groundswell.events.eventlog.snapshot import Snapshot, hours, take
from groundswell.events.eventlog.window import Window
from groundswell.events.people.identity_cache import IdentityCache
from groundswell.events.people.resolution import people_at
from groundswell.events.people.sightings import wallets
from groundswell.events.rollups.folder import DAYS
from groundswell.kernel.errors import Invalid

MOST_EVENTS = 1_000_000
"""What one request may read: some seconds of one core."""
_LOAD = 100  # blocks asked for at once
_KEPT = 2_000  # opened blocks that later hours may ask for again


class TooManyEvents(Invalid):
    """The range holds more events than one request may read."""

    code = "TOO_MANY_EVENTS"


class Row(NamedTuple):
    """One counted event. `block.column(path)[position]` has the rest of it; `person` is None if nothing says who."""

    ts: int
    person: str | None
    name: str
    kind: str
    user_id: str | None
    anonymous_id: str | None
    session_id: str | None
    value: str | None
    block: Block
    position: int


class Part(NamedTuple):
    """The columnar form: counted events of one block, by their positions in time order."""

    sk: str
    block: Block
    positions: Sequence[int]
    times: Sequence[int]


class RowReader:
    """A client's rows. What it reads is one state of the logs: the one of its making."""

    def __init__(
        self,
        store: EventLog,
        client_id: str,
        most: int | None = MOST_EVENTS,
        known: IdentityCache | None = None,
        views: Sequence[Snapshot] | None = None,
    ) -> None:
        """`most` is how many events may be read; None for any number. `known` keeps between requests what was read
        about who is who. `views` is a state of the logs that was taken before."""
        self._store = store
        self._most = most
        self.views = views or [take(store, event_log(client_id))]
        self._known = known or IdentityCache(store)
        self._whose: WeakKeyDictionary[Block, list[str | None]] = WeakKeyDictionary()

    @cached_property
    def people(self) -> IdentityGraph:
        """Who is who, by the same state of the logs."""
        return people_at(self._store, self._known, self.views)

    def persons(self, block: Block) -> list[str | None]:
        """Whose each event of a block is."""
        users, visitors = block.user_ids, block.anonymous_ids
        nameless = any(not user and not visitor for user, visitor in zip(users, visitors, strict=True))
        addresses = wallets(block) if nameless else repeat(None, len(block))
        ids = list(zip(users, visitors, addresses, strict=True))
        known = {identifier: self.people.person(*identifier) for identifier in set(ids)}
        return [known[identifier] for identifier in ids]

    @property
    def as_of(self) -> int | None:
        """When the newest block in it was received; None without events."""
        return min((view.as_of for view in self.views if view.as_of is not None), default=None)

    def between(self, window: Window) -> Iterator[Row]:
        """Oldest first. Raises TooManyEvents before the first row."""
        self.check(window)
        for parts in self._in_turn(window):
            rows = chain.from_iterable(map(self._rows, sorted(parts, key=attrgetter("sk"))))
            yield from sorted(rows, key=itemgetter(0))

    def parts(self, window: Window) -> Iterator[Part]:
        """The same events, all of a block's at once and in no order of time. Raises TooManyEvents."""
        self.check(window)
        for view in self.views:
            yield from _BlockCache(self._store, view).whole(window)

    def check(self, window: Window) -> None:
        """Raises TooManyEvents."""
        if self._most is None:
            return
        events = sum(estimate(self._store, view, window) for view in self.views)
        if events > self._most:
            raise TooManyEvents(
                f"about {events} events on the days from {_spelled(window.start)} to {_spelled(window.end)}, but "
                f"{self._most} can be read at once: narrow the range"
            )

    def _in_turn(self, window: Window) -> Iterator[list[Part]]:
        """Lists of parts: whatever comes in a later list is later than all of an earlier one."""
        caches = [_BlockCache(self._store, view) for view in self.views]
        for hour in sorted({hour for cache in caches for hour in cache.index(window)}):
            within = Window(max(window.start, hour * HOUR), min(window.end, (hour + 1) * HOUR))
            places = [_Place(entry.low, entry, cache) for cache in caches for entry in cache.hours.get(hour, ())]
            yield from _swept(sorted(places, key=itemgetter(0)), within)

    def _rows(self, part: Part) -> Iterator[Row]:
        block, at = part.block, part.positions
        persons: Sequence[str | None] | None = self._whose.get(block)
        if persons is None:  # a block of history has a part in every hour it touches
            persons = self._whose[block] = self.persons(block)
        columns: list[Sequence[Any]] = [persons, block.names, block.kinds, block.user_ids, block.anonymous_ids]
        columns += [block.session_ids, block.values]
        if not isinstance(at, range) or len(at) != len(block):
            columns = [[column[position] for position in at] for column in columns]
        return map(Row._make, zip(part.times, *columns, repeat(block), at))


class _BlockCache:
    """The blocks of one log, kept for a while: a block that spans hours is asked for by each of them."""

    def __init__(self, store: EventLog, view: Snapshot) -> None:
        self._store = store
        self._view = view
        self._kept: OrderedDict[str, Part] = OrderedDict()
        self.hours: dict[int, list[Entry]] = {}

    def index(self, window: Window) -> Iterable[int]:
        """Read the index of the window's hours. Which hours have events."""
        if window:
            hourly = hours(self._store, self._view, window.start // HOUR, (window.end - 1) // HOUR)
            self.hours = {
                hour: [entry for entry in entries if entry.low < window.end and entry.high >= window.start]
                for hour, entries in hourly
            }
        return self.hours

    def whole(self, window: Window) -> Iterator[Part]:
        """What the window holds of each block, which is opened once."""
        self.index(window)
        latest: dict[str, Entry] = {}
        for entry in chain.from_iterable(self.hours.values()):
            if entry.sk not in latest or latest[entry.sk].n < entry.n:
                latest[entry.sk] = entry
        for batch in batched(latest.values(), _LOAD, strict=False):
            self.load(batch)
            yield from (part for entry in batch if (part := self.part(entry, window)))
            self._kept.clear()

    def load(self, entries: Iterable[Entry]) -> None:
        missing = [entry.sk for entry in entries if entry.sk not in self._kept]
        for sk, data in self._store.blocks(self._view.log, missing).items() if missing else ():
            block = Block(data)
            at, times = block.in_order, block.times
            self._kept[sk] = Part(
                sk, block, at, times if isinstance(at, range) else [times[position] for position in at]
            )

    def forget(self) -> None:
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)

    def part(self, entry: Entry, window: Window) -> Part | None:
        """A block of history has a part in every hour it touches: only that part is looked at."""
        whole = self._kept.get(entry.sk)
        if whole is None:
            return None
        times = whole.times
        part = _slice(whole, bisect_left(times, window.start), bisect_left(times, window.end))
        if part is None or not entry.mask:
            return part
        counted = [at for at, position in enumerate(part.positions) if entry.counts(position)]
        positions, times = part.positions, part.times
        return Part(entry.sk, part.block, [positions[at] for at in counted], [times[at] for at in counted])


class _Place(NamedTuple):
    low: int
    entry: Entry
    cache: _BlockCache


def _swept(places: Sequence[_Place], window: Window) -> Iterator[list[Part]]:
    """Opens blocks by their oldest event. What is older than every block still closed goes out."""
    open_parts: list[Part] = []
    for start in range(0, len(places), _LOAD):
        batch, later = places[start : start + _LOAD], places[start + _LOAD :][:1]
        for cache, group in groupby(sorted(batch, key=lambda place: id(place.cache)), key=attrgetter("cache")):
            cache.load([place.entry for place in group])
        open_parts += [part for place in batch if (part := place.cache.part(place.entry, window))]
        for cache in {place.cache for place in batch}:
            cache.forget()
        bound = later[0].low if later else window.end
        yield [before for part in open_parts if (before := _slice(part, 0, bisect_left(part.times, bound)))]
        open_parts = [after for part in open_parts if (after := _slice(part, bisect_left(part.times, bound), None))]


def _slice(part: Part, start: int, end: int | None) -> Part | None:
    if start == 0 and end == len(part.times):
        return part
    times = part.times[start:end]
    return Part(part.sk, part.block, part.positions[start:end], times) if times else None


def estimate(store: EventLog, view: Snapshot, window: Window) -> int:
    """The events of the days that the window touches: from day rollups, and what they do not hold yet."""
    first, last = window.start // DAY, (window.end - 1) // DAY
    known = 0
    for page in store.pages_between(view.log, DAYS, first, last + 1):
        known += sum(tally.count for row in page.cells.values() for tally in row.values())
    for commit in view.tail:
        for row in commit.cells.values():
            known += sum(tally.count for minute, tally in row.items() if first <= minute * MINUTE // DAY <= last)
    return known


def _spelled(time: int) -> str:
    return datetime.fromtimestamp(time / 1000, UTC).isoformat(timespec="seconds")
