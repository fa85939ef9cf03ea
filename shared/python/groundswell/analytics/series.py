"""Series from rollups, exact at both edges: whole hours from days, whole minutes from hours, the rest from blocks."""

from collections.abc import Iterator
from typing import NamedTuple

from groundswell.analytics.model import Granularity, Question, Window
from groundswell.analytics.scan import Scan
from groundswell.analytics.snapshot import Snapshot
from groundswell.eventlog.model import DAY, HOUR, MINUTE
from groundswell.eventlog.port import EventLog
from groundswell.eventlog.records import OTHER, Cells, Tally
from groundswell.rollups.folder import DAYS, HOURS
from groundswell.rollups.judge import count


class Part(NamedTuple):
    """A stretch of the window, and the rollups (or None: the blocks) that answer it."""

    window: Window
    unit: str | None


class Counted(NamedTuple):
    ts: int
    tally: Tally


_SLOT = {HOURS: MINUTE, DAYS: HOUR}
_BUCKET = {HOURS: HOUR, DAYS: DAY}


def parts(window: Window, granularity: Granularity) -> list[Part]:
    """The window cut where finer rollups are needed. Empty stretches are left out."""
    cuts = [Part(each, None) for each in _edges(window, MINUTE)]
    minutes = _aligned(window, MINUTE)
    if granularity is Granularity.MINUTE:
        cuts.append(Part(minutes, HOURS))
    else:
        cuts += [Part(each, HOURS) for each in _edges(minutes, HOUR)]
        cuts.append(Part(_aligned(minutes, HOUR), DAYS))
    return [part for part in cuts if part.window]


def _aligned(window: Window, step: int) -> Window:
    return Window(-(-window.start // step) * step, window.end // step * step)


def _edges(window: Window, step: int) -> tuple[Window, ...]:
    """What `_aligned` leaves over."""
    inner = _aligned(window, step)
    return (Window(window.start, inner.start), Window(inner.end, window.end)) if inner.start <= inner.end else (window,)


class SeriesReader:
    """Answers a question from one log."""

    def __init__(self, store: EventLog, view: Snapshot) -> None:
        self._store = store
        self._view = view

    def read(self, question: Question) -> Iterator[Counted]:
        """Tallies by time; several may share a bucket."""
        for window, unit in parts(question.window, question.granularity):
            if unit is None:
                yield from self._from_blocks(window, question.name)
            else:
                yield from self._from_rollups(window, unit, question.name)

    def _from_blocks(self, window: Window, name: str | None) -> Iterator[Counted]:
        cells: Cells = {}
        for place, block, _ in Scan(self._store, self._view, window).newest_first():
            if name is None or block.names[place.position] == name:
                count(cells, block, [place.position])
        for row in cells.values():
            yield from (Counted(max(minute * MINUTE, window.start), tally) for minute, tally in row.items())

    def _from_rollups(self, window: Window, unit: str, name: str | None) -> Iterator[Counted]:
        """Pages, and the commits that each page does not hold yet. Where a name did not fit, the blocks tell."""
        slot, bucket_size = _SLOT[unit], _BUCKET[unit]
        reached: dict[tuple[int, str], int] = {}
        crowded: set[int] = set()
        buckets = window.start // bucket_size, -(-window.end // bucket_size)
        for page in self._store.pages_between(self._view.log, unit, *buckets):
            if OTHER in page.cells:
                crowded.add(page.bucket)
            for each, row in page.cells.items():
                reached[page.bucket, each] = page.w
                times = ((page.bucket * bucket_size + at * slot, tally) for at, tally in row.items())
                if name in (None, each):
                    yield from (Counted(ts, tally) for ts, tally in times if ts in window)
        unfitting = {bucket for bucket in crowded if name is not None and (bucket, name) not in reached}
        for ts, each, n, tally in self._tail(window, name):
            bucket = ts // bucket_size
            if n > reached.get((bucket, each), reached.get((bucket, OTHER), 0)) and bucket not in unfitting:
                yield Counted(ts, tally)
        for bucket in unfitting:
            span = Window(max(window.start, bucket * bucket_size), min(window.end, (bucket + 1) * bucket_size))
            yield from self._from_blocks(span, name)

    def _tail(self, window: Window, name: str | None) -> Iterator[tuple[int, str, int, Tally]]:
        for commit in self._view.tail:
            for each, row in commit.cells.items():
                if name in (None, each):
                    for minute, tally in row.items():
                        if minute * MINUTE in window:
                            yield minute * MINUTE, each, commit.n, tally
