"""Writes what was counted since the last round to the archive.

A portion of commits is planned before it is written, and the names of its objects follow from the plan. So a round
that died is done again under the same names, whatever was committed meanwhile, and no event is in the archive twice.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Protocol

from groundswell.events.archiver.model import Packer, Progress, day_of, line_of, object_name
from groundswell.events.eventlog.block import Block, CorruptBlock
from groundswell.events.eventlog.model import Log
from groundswell.events.eventlog.port import EventLog
from groundswell.events.eventlog.records import Commit, Committed

_BLOCKS = 400  # a portion's, more or less: a commit is never divided
_LOAD = 16  # blocks held at once


class ProgressStore(Protocol):
    def progress(self, log: Log) -> Progress: ...

    def plan(self, log: Log, before: Progress, through: int) -> bool:
        """Plan up to that commit. False if the progress is not `before` any more."""
        ...

    def finish(self, log: Log, through: int) -> bool:
        """What was planned is written. False if it is not planned any more."""
        ...


class Objects(Protocol):
    def create(self, name: str, data: bytes) -> bool:
        """False if there is such an object: it stays as it is."""
        ...

    def delete(self, names: Sequence[str]) -> None: ...


@dataclass
class Report:
    """`finished` says that every log was gone through to its end."""

    logs: int = 0
    events: int = 0
    objects: int = 0
    finished: bool = True


class Archiver:
    def __init__(self, store: EventLog, progress: ProgressStore, objects: Objects) -> None:
        self._store = store
        self._progress = progress
        self._objects = objects

    def run(self, has_time_left: Callable[[], bool]) -> Report:
        """One round over all logs. Stops when `has_time_left` says no; the next round goes on from there."""
        report = Report()
        for log in self._store.logs():
            while self._portion(log, report):
                if not has_time_left():
                    report.finished = False
                    return report
            report.logs += 1
        return report

    def _portion(self, log: Log, report: Report) -> bool:
        """Write the next portion of the log. False if there is none, or somebody else is at it."""
        before = self._progress.progress(log)
        through = before.planned if before.planned > before.done else self._plan(log, before)
        if through is None:
            return False
        commits = list(self._store.commits(log, before.done, through))
        days = self._packed(log, commits)
        names = {day: object_name(log, day, before.done + 1, through) for day in days}
        for day, packer in days.items():
            if self._progress.progress(log).done < through:  # else an erasure may have cleaned what others wrote
                self._objects.create(names[day], packer.close())
        if not self._progress.finish(log, through):
            if self._progress.progress(log) == Progress():  # the client was purged meanwhile
                self._objects.delete(list(names.values()))
            return False
        report.events += sum(packer.lines for packer in days.values())
        report.objects += len(days)
        return True

    def _plan(self, log: Log, before: Progress) -> int | None:
        through, blocks = before.done, 0
        for commit in self._store.commits(log, before.done):
            through, blocks = commit.n, blocks + len(commit.blocks)
            if blocks >= _BLOCKS:
                break
        return through if through > before.done and self._progress.plan(log, before, through) else None

    def _packed(self, log: Log, commits: Sequence[Commit]) -> dict[str, Packer]:
        days: dict[str, Packer] = {}
        for some in batched(_counted(commits), _LOAD, strict=False):
            blocks = self._store.blocks(log, [each.sk for each in some])
            for each in some:
                if each.sk in blocks:
                    for day, line in _lines(each, blocks[each.sk]):
                        days.setdefault(day, Packer()).add(line)
        return days


def _counted(commits: Sequence[Commit]) -> list[Committed]:
    """The blocks that these commits counted, with what was said of them last."""
    counted: dict[str, Committed] = {}
    for commit in commits:
        for each in commit.blocks:
            if not commit.erases or each.sk in counted:
                counted[each.sk] = each
    return list(counted.values())


def _lines(committed: Committed, data: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        block = Block(data)
        events = block.events
    except CorruptBlock:  # it could be counted, but nothing reads it whole
        return
    for position, event in enumerate(events):
        if committed.counts(position) and position not in block.erased:
            yield day_of(event.ts), line_of(event, block.received)
