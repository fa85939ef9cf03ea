"""Event names from day rollups: one item for a day of 64 names, and no block is opened."""

from collections.abc import Iterator, Sequence

from groundswell.events.eventlog.model import DAY, HOUR, MINUTE
from groundswell.events.eventlog.port import EventLog
from groundswell.events.eventlog.records import OTHER, row_of
from groundswell.events.eventlog.snapshot import Snapshot
from groundswell.events.eventlog.window import Window
from groundswell.events.rollups.folder import DAYS


def tallies(store: EventLog, views: Sequence[Snapshot], window: Window) -> Iterator[tuple[str, int, int]]:
    """(name, start of the hour, events) of the UTC days that the window touches; `OTHER` is all that did not fit."""
    for view in views:
        reached: dict[tuple[int, str], int] = {}
        for page in store.pages_between(view.log, DAYS, window.start // DAY, (window.end - 1) // DAY + 1):
            reached |= {(page.bucket, row): page.w for row in page.cells}
            for row, slots in page.cells.items():
                if row_of(row)[0] is None:
                    yield from ((row, page.bucket * DAY + at * HOUR, tally.count) for at, tally in slots.items())
        for n, row, ts, count in _tail(view, window):
            day = ts // DAY
            if n > reached.get((day, row), reached.get((day, OTHER), 0)):
                yield row, ts // HOUR * HOUR, count


def _tail(view: Snapshot, window: Window) -> Iterator[tuple[int, str, int, int]]:
    """What no fold has reached yet: (commit, name, time, events)."""
    for commit in view.tail:
        for row, minutes in commit.cells.items():
            if row_of(row)[0] is not None:
                continue
            for minute, tally in minutes.items():
                if window.start // DAY <= minute * MINUTE // DAY <= (window.end - 1) // DAY:
                    yield commit.n, row, minute * MINUTE, tally.count
