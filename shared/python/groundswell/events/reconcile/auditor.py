"""Compares rollups with the blocks, hour by hour, and repairs them."""

from collections.abc import Collection, Sequence

from groundswell.events.eventlog.model import HOUR, Log
from groundswell.events.eventlog.port import EventLog
from groundswell.events.eventlog.records import Cells
from groundswell.events.eventlog.scan import Opened, Scan
from groundswell.events.eventlog.snapshot import Snapshot, take
from groundswell.events.eventlog.snapshot import hours as indexed_hours
from groundswell.events.eventlog.window import Window
from groundswell.events.reconcile.audit import corrected, difference
from groundswell.events.reconcile.report import Report
from groundswell.events.rollups.folder import DAYS, HOURS
from groundswell.events.rollups.judge import count
from groundswell.events.rollups.pages import Delta

_ATTEMPTS = 5


class Auditor:
    def __init__(self, store: EventLog) -> None:
        self._store = store

    def audit(self, log: Log, hour: int, report: Report, opened: Opened) -> None:
        """What the rollups say of an hour, and of it in its day."""
        report.hours += 1
        for _ in range(_ATTEMPTS):
            view = take(self._store, log)
            if any(commit.erases for commit in view.tail):
                return  # the eraser is about to fold it: until then the blocks do not tell which commit counted what
            minutes = self._from_blocks(view, hour, opened)
            done = [self._compare(view, HOURS, hour, minutes, range(60), report)]
            by_hour = [Delta(each.n, each.name, hour % 24, each.tally) for each in minutes]
            done.append(self._compare(view, DAYS, hour // 24, by_hour, (hour % 24,), report))
            if all(done):
                return

    def audit_empty_hours(self, log: Log, day: int, report: Report) -> None:
        """Hours without events have no rollups either."""
        view = take(self._store, log)
        first, last = day * 24, day * 24 + 23
        empty = set(range(first, last + 1)) - {hour for hour, _ in indexed_hours(self._store, view, first, last)}
        for hour in self._store.pages(log, HOURS, sorted(empty)) if empty else ():
            self._compare(view, HOURS, hour, [], range(60), report)
        self._compare(view, DAYS, day, [], {hour % 24 for hour in empty}, report)

    def _from_blocks(self, view: Snapshot, hour: int, opened: Opened) -> list[Delta]:
        """What each commit added to the hour, by the blocks."""
        by_commit: dict[int, Cells] = {}
        scan = Scan(self._store, view, Window(hour * HOUR, (hour + 1) * HOUR), opened=opened)
        for found in scan.newest_first():
            count(by_commit.setdefault(found.n, {}), found.block, [found.place.position])
        return [
            Delta(n, name, minute % 60, tally)
            for n, cells in sorted(by_commit.items())
            for name, row in cells.items()
            for minute, tally in row.items()
        ]

    def _compare(
        self, view: Snapshot, unit: str, bucket: int, deltas: Sequence[Delta], slots: Collection[int], report: Report
    ) -> bool:
        """Repair the bucket. False if others changed it meanwhile."""
        pages = self._store.pages(view.log, unit, [bucket]).get(bucket, [])
        if any(page.w > view.head for page in pages):
            return False
        wrong = list(corrected(bucket, pages, deltas, slots, view.folded))
        if not all(self._store.put_page(view.log, unit, right, before) for right, before in wrong):
            return False
        report.drift += sum(difference(right, before) for right, before in wrong)
        return True
