"""What the readers offer: pages of raw events, series of counts and of custom metrics, and recording a metric point."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import reduce
from heapq import merge
from itertools import chain

from groundswell.analytics.questions.calendar import Buckets, Calendar
from groundswell.analytics.questions.model import EVENTS, PAGE_BYTES, Filter, Point, Question, Seen, Series
from groundswell.analytics.questions.revenue import Revenue, Takings, revenue
from groundswell.analytics.questions.series import SeriesReader
from groundswell.events.eventlog.model import NO_CURRENCY, Log, event_log, metric_log
from groundswell.events.eventlog.port import EventLog
from groundswell.events.eventlog.records import Tally
from groundswell.events.eventlog.scan import Budget, Place, Scan, ScannedEvent
from groundswell.events.eventlog.snapshot import Snapshot, oldest, take
from groundswell.events.eventlog.window import Window
from groundswell.kernel.page import Page, Position

_BLOCKS_A_PAGE = 2_000


class AnalyticsService:
    def __init__(self, store: EventLog, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    def events(self, client_id: str, wanted: Filter, limit: int, position: Position | None = None) -> Page[Seen]:
        """Newest first, as the log stood when the first page was read: what came in since is left out of later pages.

        A page may be short, with more to come, when few of very many events match or they are large.
        """
        before, heads = _resume(position)
        log = event_log(client_id)
        views = [take(self._store, log, heads.get(log.shard))]
        budget, events, last, room = Budget(_BLOCKS_A_PAGE), list[Seen](), before, PAGE_BYTES
        for row in self._newest_first(views, wanted, budget, before):
            matches = _matches(wanted, row)
            full = matches and (len(events) == limit or room <= 0)
            if last and (full or (budget.spent and last != before)):
                return Page(tuple(events), _position(last, views))
            if matches:
                events.append(_seen(row))
                room -= events[-1].size
            last = row.place
        return Page(tuple(events))

    def series(self, client_id: str, metric: str, question: Question) -> Series:
        """`metric` is `events`, or the name of a custom metric. Raises Invalid."""
        if metric == EVENTS:
            return self._series(event_log(client_id), question)
        return self._series(metric_log(client_id), replace(question, name=metric))

    def revenue(self, client_id: str, question: Question) -> Revenue:
        """Counts of events and exact sums of their values, each currency for itself."""
        starts = Calendar(question.granularity, question.tz).starts(question.window)
        views = [take(self._store, event_log(client_id))]
        readers = [SeriesReader(self._store, view) for view in views]
        read = (reader.read(question.window, starts, question.name, money=True) for reader in readers)
        return revenue(starts, chain.from_iterable(read), oldest(views, self._now()))

    def spans(self, client_id: str, metric: str, cuts: Sequence[int], name: str | None = None) -> list[Tally]:
        """What happened between each two neighbours of `cuts` (ms, rising, two at least): many periods at the price of
        one. `metric` is as in `series`."""
        log = event_log(client_id) if metric == EVENTS else metric_log(client_id)
        starts, tallies = Buckets(list(cuts[:-1])), dict.fromkeys(cuts[:-1], Tally(0))
        view = take(self._store, log)
        for ts, tally, _ in SeriesReader(self._store, view).read(Window(cuts[0], cuts[-1]), cuts[:-1], name):
            tallies[starts.of(ts)] = tallies[starts.of(ts)].plus(tally)
        return list(tallies.values())

    def takings(self, client_id: str, cuts: Sequence[int], name: str | None = None) -> list[Takings]:
        """What `revenue` says, between each two neighbours of `cuts`."""
        views = [take(self._store, event_log(client_id))]
        window, starts = Window(cuts[0], cuts[-1]), list(cuts[:-1])
        read = (SeriesReader(self._store, view).read(window, starts, name, money=True) for view in views)
        return list(revenue(starts, chain.from_iterable(read), oldest(views, self._now())).points)

    def _series(self, log: Log, question: Question) -> Series:
        starts = Calendar(question.granularity, question.tz).starts(question.window)
        buckets, tallies = Buckets(starts), dict.fromkeys(starts, Tally(0))
        view = take(self._store, log)
        for ts, tally, _ in SeriesReader(self._store, view).read(question.window, starts, question.name):
            bucket = buckets.of(ts)
            tallies[bucket] = tallies[bucket].plus(tally)
        points = tuple(Point(start, tally) for start, tally in tallies.items())
        return Series(points, reduce(Tally.plus, tallies.values()), oldest([view], self._now()))

    def _newest_first(
        self, views: Sequence[Snapshot], wanted: Filter, budget: Budget, before: Place | None
    ) -> Iterator[ScannedEvent]:
        scans = [Scan(self._store, view, wanted.window, budget).newest_first(before) for view in views]
        return merge(*scans, key=lambda entry: entry.place, reverse=True)


def _matches(wanted: Filter, entry: ScannedEvent) -> bool:
    block, position = entry.block, entry.place.position
    return (
        wanted.name in (None, block.names[position])
        and wanted.user_id in (None, block.user_ids[position])
        and wanted.kind in (None, block.kinds[position])
        and (wanted.currency is None or wanted.currency == _money(entry))
    )


def _money(entry: ScannedEvent) -> str | None:
    """What the event's value is in, if it has one."""
    event = entry.block.events[entry.place.position]
    return None if event.value is None else event.currency or NO_CURRENCY


def _seen(entry: ScannedEvent) -> Seen:
    return Seen(entry.block.events[entry.place.position], entry.block.received)


def _position(last: Place, views: Sequence[Snapshot]) -> Position:
    heads = {f"head {view.log.shard}": view.head for view in views}
    return {"ts": last.ts, "sk": last.sk, "shard": last.shard, "at": last.position, **heads}


def _resume(position: Position | None) -> tuple[Place | None, dict[str, int]]:
    if position is None:
        return None, {}
    place = Place(int(position["ts"]), str(position["sk"]), str(position["shard"]), int(position["at"]))
    heads = {key.removeprefix("head "): int(head) for key, head in position.items() if key.startswith("head ")}
    return place, heads
