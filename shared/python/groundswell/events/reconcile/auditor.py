"""Compares rollups with the blocks, hour by hour, and repairs them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Self

from groundswell.events.eventlog.model import HOUR, Log
from groundswell.events.eventlog.port import EventLog
from groundswell.events.eventlog.records import Cells, Entry, Page
from groundswell.events.eventlog.scan import Opened, Scan
from groundswell.events.eventlog.snapshot import Snapshot, take
from groundswell.events.eventlog.snapshot import hours as indexed_hours
from groundswell.events.eventlog.window import Window
from groundswell.events.reconcile.audit import corrected, difference
from groundswell.events.reconcile.report import Report
from groundswell.events.rollups.deduplication import count
from groundswell.events.rollups.folder import DAYS, HOURS
from groundswell.events.rollups.pages import Delta

_ATTEMPTS = 5


@dataclass
class _Day:
    """What was read of a day: one view of the log, its index entries by hour, and its pages by unit and bucket."""

    view: Snapshot
    number: int
    entries: dict[int, list[Entry]]
    pages: dict[tuple[str, int], list[Page]]

    @classmethod
    def read(cls, store: EventLog, view: Snapshot, number: int) -> Self:
        first, last = number * 24, number * 24 + 23
        pages: dict[tuple[str, int], list[Page]] = {}
        for unit, start, end in ((HOURS, first, last + 1), (DAYS, number, number + 1)):
            for page in store.pages_between(view.log, unit, start, end):
                pages.setdefault((unit, page.bucket), []).append(page)
        return cls(view, number, dict(indexed_hours(store, view, first, last)), pages)


class Auditor:
    """Of one log. Reads each day once, unless others change it meanwhile."""

    def __init__(self, store: EventLog, log: Log) -> None:
        self._store = store
        self._log = log
        self._known: _Day | None = None

    def audit(self, hour: int, report: Report, opened: Opened) -> None:
        """What the rollups say of an hour, and of it in its day."""
        report.hours += 1
        for _ in range(_ATTEMPTS):
            day = self._day(hour // 24)
            if any(commit.erases for commit in day.view.tail):
                self._known = None
                return  # the eraser is about to fold it: until then the blocks do not tell which commit counted what
            minutes = self._from_blocks(day, hour, opened)
            done = [self._compare(day, HOURS, hour, minutes, range(60), report)]
            by_hour = [Delta(minute.n, minute.name, hour % 24, minute.tally) for minute in minutes]
            done.append(self._compare(day, DAYS, hour // 24, by_hour, (hour % 24,), report))
            if all(done):
                return
            self._known = None

    def audit_empty_hours(self, number: int, report: Report) -> None:
        """Hours of that day without events have no rollups either."""
        day = self._day(number)
        empty = set(range(number * 24, number * 24 + 24)) - day.entries.keys()
        for hour in sorted(hour for unit, hour in day.pages if unit == HOURS and hour in empty):
            self._compare(day, HOURS, hour, [], range(60), report)
        self._compare(day, DAYS, number, [], {hour % 24 for hour in empty}, report)

    def _day(self, number: int) -> _Day:
        """As the log is when a day is begun; what is committed meanwhile, a later round looks at."""
        if self._known is None or self._known.number != number:
            view = take(self._store, self._log) if self._known is None else self._known.view
            self._known = _Day.read(self._store, view, number)
        return self._known

    def _from_blocks(self, day: _Day, hour: int, opened: Opened) -> list[Delta]:
        """What each commit added to the hour, by the blocks."""
        by_commit: dict[int, Cells] = {}
        scan = Scan(self._store, day.view, Window(hour * HOUR, (hour + 1) * HOUR), opened=opened)
        for match in scan.of_hour(day.entries.get(hour, [])):
            count(by_commit.setdefault(match.n, {}), match.block, [match.place.position])
        return [
            Delta(n, name, minute % 60, tally)
            for n, cells in sorted(by_commit.items())
            for name, row in cells.items()
            for minute, tally in row.items()
        ]

    def _compare(
        self, day: _Day, unit: str, bucket: int, deltas: Sequence[Delta], slots: Collection[int], report: Report
    ) -> bool:
        """Repair the bucket. False if others changed it meanwhile."""
        pages = day.pages.get((unit, bucket), [])
        if any(page.w > day.view.head for page in pages):
            return False
        wrong = list(corrected(bucket, pages, deltas, slots, day.view.folded))
        if not all(self._store.put_page(day.view.log, unit, right, before) for right, before in wrong):
            return False
        report.drift += sum(difference(right, before) for right, before in wrong)
        repaired = {right.number: right for right, _ in wrong}
        day.pages[unit, bucket] = list(({page.number: page for page in pages} | repaired).values())
        return True
