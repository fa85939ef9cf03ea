"""Series from rollups, exact at all edges: whole hours from days, whole minutes from hours, the rest from blocks."""

from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from groundswell.events.eventlog.model import DAY, HOUR, MINUTE
from groundswell.events.eventlog.port import EventLog
from groundswell.events.eventlog.records import OTHER, Cells, Page, Tally, row_of
from groundswell.events.eventlog.scan import Scan
from groundswell.events.eventlog.snapshot import Snapshot
from groundswell.events.eventlog.window import Window
from groundswell.events.rollups.deduplication import count
from groundswell.events.rollups.folder import DAYS, HOURS


class Counted(NamedTuple):
    """Events; or, with a currency, what they brought in, which counts none."""

    ts: int
    tally: Tally
    currency: str | None = None


class Stretches:
    """Disjoint windows, oldest first."""

    def __init__(self, windows: Sequence[Window]) -> None:
        self.windows = windows
        self._starts = [window.start for window in windows]

    def __contains__(self, time: int) -> bool:
        at = bisect_right(self._starts, time) - 1
        return at >= 0 and time < self.windows[at].end

    def __bool__(self) -> bool:
        return bool(self.windows)

    def within(self, window: Window) -> Iterator[Window]:
        """Their parts inside of `window`."""
        for at in range(max(0, bisect_right(self._starts, window.start) - 1), len(self.windows)):
            if self._starts[at] >= window.end:
                return
            cut = Window(max(window.start, self._starts[at]), min(window.end, self.windows[at].end))
            if cut:
                yield cut


class Parts(NamedTuple):
    """A range, cut by what answers it: blocks, rollups of minutes, rollups of hours."""

    blocks: Stretches
    minutes: Stretches
    hours: Stretches


_SLOT = {HOURS: MINUTE, DAYS: HOUR}
_BUCKET = {HOURS: HOUR, DAYS: DAY}


def parts(window: Window, starts: Sequence[int]) -> Parts:
    """The window cut where buckets begin, and within a bucket where finer rollups are needed."""
    blocks, minutes, hours = list[Window](), list[Window](), list[Window]()
    cuts = [start for start in starts if window.start < start < window.end]
    for bucket in map(Window, [window.start, *cuts], [*cuts, window.end]):
        whole = _aligned(bucket, MINUTE)
        blocks += _edges(bucket, whole)
        if whole:
            inner = _aligned(whole, HOUR)
            _extend(hours, inner)
            for edge in _edges(whole, inner):
                _extend(minutes, edge)
    return Parts(Stretches(blocks), Stretches(minutes), Stretches(hours))


def _aligned(window: Window, step: int) -> Window:
    return Window(-(-window.start // step) * step, window.end // step * step)


def _edges(window: Window, inner: Window) -> list[Window]:
    """What `inner` leaves over."""
    if not inner:
        return [window]
    return [edge for edge in (Window(window.start, inner.start), Window(inner.end, window.end)) if edge]


def _extend(windows: list[Window], window: Window) -> None:
    if window and windows and windows[-1].end == window.start:
        window = Window(windows.pop().start, window.end)
    if window:
        windows.append(window)


class SeriesReader:
    """Answers from one log."""

    def __init__(self, store: EventLog, view: Snapshot) -> None:
        self._store = store
        self._view = view

    def read(
        self, window: Window, starts: Sequence[int], name: str | None, *, money: bool = False
    ) -> Iterator[Counted]:
        """Tallies by time; several may share a bucket, and none reaches over the start of one.

        `money` tells the sums of every currency as well.
        """
        blocks, minutes, hours = parts(window, starts)
        rows = Rows(name, money)
        for block_window in blocks.windows:
            yield from self._from_blocks(block_window, rows)
        for stretches, unit in ((minutes, HOURS), (hours, DAYS)):
            if stretches:
                yield from self._from_rollups(stretches, unit, rows)

    def _from_blocks(self, window: Window, rows: "Rows") -> Iterator[Counted]:
        cells: Cells = {}
        for place, block, _ in Scan(self._store, self._view, window).newest_first():
            if rows.name in (None, block.names[place.position]):
                count(cells, block, [place.position])
        for key, row in cells.items():
            if key in rows:
                for minute, tally in row.items():
                    yield Counted(max(minute * MINUTE, window.start), tally, row_of(key)[0])

    def _from_rollups(self, stretches: Stretches, unit: str, rows: "Rows") -> Iterator[Counted]:
        """Pages, and the commits that each page does not hold yet. Where a row did not fit, the blocks tell."""
        size = _BUCKET[unit]
        reached: dict[tuple[int, str], int] = {}
        buckets: dict[int, list[Counted]] = {}
        for page in self._pages(stretches, unit):
            reached.update(dict.fromkeys(((page.bucket, cell) for cell in page.cells), page.w))
            buckets.setdefault(page.bucket, []).extend(_counted(page, unit, rows, stretches))
        for ts, cell_name, n, tally in self._tail(stretches, rows):
            bucket = ts // size
            if n > reached.get((bucket, cell_name), reached.get((bucket, OTHER), 0)):
                buckets.setdefault(bucket, []).append(Counted(ts, tally, row_of(cell_name)[0]))
        unfitting = {bucket for bucket, cell in reached if cell == OTHER and rows.miss(bucket, reached)}
        for bucket in buckets.keys() - unfitting:
            yield from buckets[bucket]
        for bucket in unfitting:
            for window in stretches.within(Window(bucket * size, (bucket + 1) * size)):
                yield from self._from_blocks(window, rows)

    def _pages(self, stretches: Stretches, unit: str) -> Iterator[Page]:
        """As one range, unless the stretches are scattered: half an hour of every day, say."""
        size = _BUCKET[unit]
        spans = [(window.start // size, -(-window.end // size)) for window in stretches.windows]
        first, last = spans[0][0], spans[-1][1]
        wanted = dict.fromkeys(bucket for span in spans for bucket in range(*span))
        if len(wanted) * 2 >= last - first:
            yield from self._store.pages_between(self._view.log, unit, first, last)
        else:
            for pages in self._store.pages(self._view.log, unit, list(wanted)).values():
                yield from pages

    def _tail(self, stretches: Stretches, rows: "Rows") -> Iterator[tuple[int, str, int, Tally]]:
        for commit in self._view.tail:
            for key, row in commit.cells.items():
                if key in rows:
                    for minute, tally in row.items():
                        if minute * MINUTE in stretches:
                            yield minute * MINUTE, key, commit.n, tally


def _counted(page: Page, unit: str, rows: "Rows", stretches: Stretches) -> Iterator[Counted]:
    start, slot = page.bucket * _BUCKET[unit], _SLOT[unit]
    for key, row in page.cells.items():
        if key in rows:
            times = ((start + at * slot, tally) for at, tally in row.items())
            yield from (Counted(ts, tally, row_of(key)[0]) for ts, tally in times if ts in stretches)


class Rows(NamedTuple):
    """The rows that answer a question about a name, or about all."""

    name: str | None
    money: bool

    def __contains__(self, row: object) -> bool:
        currency, name = row_of(str(row))
        return self.name in (None, name) and (self.money or currency is None)

    def miss(self, bucket: int, fitted: Collection[tuple[int, str]]) -> bool:
        """Whether a crowded bucket may have counted one of them under `OTHER`, where sums mean nothing."""
        return self.money or (self.name is not None and (bucket, self.name) not in fitted)
