"""One round over all logs. Bounded in time, and it goes on where the last one stopped."""

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import batched, islice
from typing import Protocol

from groundswell.analytics.model import Window
from groundswell.analytics.scan import Opened, Scan
from groundswell.analytics.snapshot import Snapshot, take
from groundswell.analytics.snapshot import hours as indexed_hours
from groundswell.eventlog import keys
from groundswell.eventlog.block import Block, CorruptBlock
from groundswell.eventlog.model import HOUR, MINUTE, Log
from groundswell.eventlog.port import EventLog, Progress
from groundswell.eventlog.records import Cells, Commit
from groundswell.reconcile.audit import corrected, difference
from groundswell.rollups.committer import Committer, TooLate
from groundswell.rollups.folder import DAYS, HOURS
from groundswell.rollups.judge import Incoming, count
from groundswell.rollups.pages import Delta

GRACE = 5 * MINUTE
"""Younger blocks are the consumer's business."""
_OLD_HOURS = 24
_ATTEMPTS = 5


class Claims(Protocol):
    def claim(self, schedule: str, due: str) -> bool:
        """Whether nobody did that round before."""
        ...


@dataclass
class Report:
    """`drift` events were missing from rollups or counted too often; `recovered` were in blocks that nobody committed;
    `lost` blocks cannot be committed any more. Zero is the rule for all three."""

    logs: int = 0
    hours: int = 0
    drift: int = 0
    recovered: int = 0
    lost: int = 0
    finished: bool = True


class ReconcileService:
    def __init__(self, store: EventLog, committer: Committer, claims: Claims, now: Callable[[], datetime]) -> None:
        self._store = store
        self._committer = committer
        self._claims = claims
        self._now = now

    def run(self, due: str, in_time: Callable[[], bool]) -> Report | None:
        """The round of that due time; None if it was run before. Stops when `in_time` says no."""
        if not self._claims.claim("reconcile", due):
            return None
        report = Report()
        logs = sorted(self._store.logs(), key=lambda log: (log.client_id, log.shard))
        start = self._clock() // HOUR % len(logs) if logs else 0  # whoever comes last today comes first another day
        for log in logs[start:] + logs[:start]:
            if not in_time():
                report.finished = False
                break
            self._reconcile(log, report, in_time)
        return report

    def _reconcile(self, log: Log, report: Report, in_time: Callable[[], bool]) -> None:
        progress, settled = self._store.progress(log), self._clock() - GRACE
        commits = list(self._store.commits(log, progress.floor))
        lost = report.lost
        seen = self._recover(log, progress.sk, keys.blocks_from(settled), commits, report, in_time)
        recent = {span.low // HOUR for commit in commits for block in commit.blocks for span in block.spans}
        old, next_hour = self._old_hours(log, progress.hour)
        opened: Opened = OrderedDict()
        for hour in sorted(recent | old, reverse=True):
            if not in_time():
                report.finished = False
                return
            self._audit(log, hour, report, opened)
        for day in {hour // 24 for hour in recent | old}:
            self._audit_empty_hours(log, day, report)
        floor = max((commit.n for commit in commits if commit.at < settled - GRACE), default=progress.floor)
        done = seen == keys.blocks_from(settled)
        lost = progress.lost + report.lost - lost
        self._store.set_progress(log, Progress(seen, floor if done else progress.floor, next_hour, lost))
        report.logs += 1
        report.finished &= done

    def _recover(
        self,
        log: Log,
        start: str,
        end: str,
        commits: Sequence[Commit],
        report: Report,
        in_time: Callable[[], bool],
    ) -> str:
        """Offer every block that no commit mentions. How far that went: whatever is before it is settled."""
        known = {block.sk for commit in commits for block in commit.blocks}
        strays = (each for each in self._store.blocks_between(log, start, end) if each[0] not in known)
        for portion in batched(strays, 50, strict=False):
            if not in_time():
                return portion[0][0]
            for stray in _readable(portion):
                try:
                    report.recovered += self._committer.commit(log, [stray])
                except TooLate:
                    report.lost += 1
        return end

    def _old_hours(self, log: Log, before: int) -> tuple[set[int], int]:
        """Some hours that were looked at longest ago, and where to go on: 0 is the newest again."""
        last = (before or self._clock() // HOUR + 2) - 1
        pieces = self._store.hours(log, 0, last)
        hours = list(islice(dict.fromkeys(hour for hour, _ in pieces), _OLD_HOURS))
        return set(hours), hours[-1] if len(hours) == _OLD_HOURS else 0

    def _audit(self, log: Log, hour: int, report: Report, opened: Opened) -> None:
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

    def _audit_empty_hours(self, log: Log, day: int, report: Report) -> None:
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

    def _clock(self) -> int:
        return int(self._now().timestamp() * 1000)


def _readable(blocks: Sequence[tuple[str, bytes]]) -> Iterator[Incoming]:
    """Blocks that can be counted. The others were quarantined when they came."""
    for sk, data in blocks:
        try:
            block = Block(data)
            block.check()
        except CorruptBlock:
            continue
        yield Incoming(sk, block)
