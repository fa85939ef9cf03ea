"""One visit to a log, step by step; after each of them it can go on another time."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from itertools import batched, groupby, islice

from msgspec.structs import replace

from groundswell.events.eventlog.block import Block, CorruptBlock
from groundswell.events.eventlog.model import HOUR, Log
from groundswell.events.eventlog.port import NONE_YET, EventLog, Progress
from groundswell.events.eventlog.scan import Opened
from groundswell.events.reconcile.auditor import Auditor
from groundswell.events.reconcile.report import Report
from groundswell.events.reconcile.stretch import GRACE, Stretch
from groundswell.events.rollups.committer import Committer, TooLate
from groundswell.events.rollups.deduplication import Incoming

_OLD_HOURS = 24
_PORTION = 100  # blocks


class Visit:
    """`progress` is how far the log was looked at, whenever a step is over."""

    def __init__(self, store: EventLog, committer: Committer, log: Log, now: int, report: Report) -> None:
        """`now` in ms."""
        self.progress: Progress = store.progress(log)
        self._store = store
        self._committer = committer
        self._auditor = Auditor(store, log)
        self._log = log
        self._now = now
        self._report = report
        self._opened: Opened = OrderedDict()
        self._audited: set[int] = set()

    def steps(self) -> Iterator[None]:
        self._committer.settle(self._log, self._now - GRACE)
        over = False
        while not over:
            stretch = Stretch.of(self._store, self._log, self.progress, self._now - GRACE)
            self._note(through=stretch.through)
            yield from self._recover(stretch)
            self._note(sk=max(self.progress.sk, stretch.end))
            for hour in self._audit(hour for hour in stretch.hours if hour < self.progress.reached):
                self._note(reached=hour)
                yield
            over = stretch.last or stretch.floor == self.progress.floor
            self._note(floor=stretch.floor, through=0, reached=NONE_YET)
        yield from self._look_at_old_hours()

    def _recover(self, stretch: Stretch) -> Iterator[None]:
        """Offer every block that no commit mentions. Whatever is before the place is settled."""
        blocks = self._store.blocks_between(self._log, self.progress.sk, stretch.end)
        for portion in batched(blocks, _PORTION, strict=False):
            for stray in _readable(self._strays(portion, stretch)):
                try:
                    self._report.recovered += self._committer.commit(self._log, [stray])
                except TooLate:
                    self._report.lost += 1
                    self._note(lost=self.progress.lost + 1)
            self._note(sk=f"{portion[-1][0]}!")
            yield

    def _strays(self, portion: Sequence[tuple[str, bytes]], stretch: Stretch) -> Iterable[tuple[str, bytes]]:
        """Those of the blocks that no commit mentions, of the stretch or later."""
        strays = {sk: data for sk, data in portion if sk not in stretch.known}
        for commit in self._store.commits(self._log, stretch.through) if strays else ():
            for block in commit.blocks:
                strays.pop(block.sk, None)
        return strays.items()

    def _look_at_old_hours(self) -> Iterator[None]:
        """Some that were looked at longest ago, the newest first."""
        last = (self.progress.hour or self._now // HOUR + 2) - 1
        pieces = self._store.hours(self._log, 0, last)
        old = list(islice(dict.fromkeys(hour for hour, _ in pieces), _OLD_HOURS))
        for hour in self._audit(hour for hour in old if hour not in self._audited):
            self._note(hour=hour)
            yield
        self._note(hour=old[-1] if len(old) == _OLD_HOURS else 0)

    def _audit(self, hours: Iterable[int]) -> Iterator[int]:
        """Each of the hours, which are newest first, when it is done; with a day's last one those without events."""
        for day, group in groupby(hours, key=lambda hour: hour // 24):
            todo = list(group)
            for hour in todo:
                self._auditor.audit(hour, self._report, self._opened)
                self._audited.add(hour)
                if hour == todo[-1]:
                    self._auditor.audit_empty_hours(day, self._report)
                yield hour

    def _note(self, **changes: str | int) -> None:
        self.progress = replace(self.progress, **changes)


def _readable(blocks: Iterable[tuple[str, bytes]]) -> Iterator[Incoming]:
    """Blocks that can be counted. The others were quarantined when they came."""
    for sk, data in blocks:
        try:
            block = Block(data)
            block.check()
        except CorruptBlock:
            continue
        yield Incoming(sk, block)
