"""Writes what was counted since the last round to the archive, and takes out of it what counts no more.

Each portion of commits is one swap of the manifest (`lake`): a round that died, or that somebody overtook, has changed
nothing, and is done again.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from itertools import batched
from typing import Protocol

from groundswell.events.archiver.lake import CorruptObject, Lake, Manifest, Packed, Ref, Superseded
from groundswell.events.archiver.layout import Raw, of_block, positions
from groundswell.events.eventlog.block import Block, CorruptBlock
from groundswell.events.eventlog.model import Log
from groundswell.events.eventlog.port import EventLog
from groundswell.events.eventlog.records import Commit, Committed

_BLOCKS = 400  # a portion's, more or less: a commit is never divided
_LOAD = 16  # blocks held at once
MOST_ROWS = 300_000  # of a compacted object: what a worker sorts in memory


class Sheet(Protocol):
    """Rows in memory."""

    def add(self, raws: Raw) -> None: ...

    def open(self, data: bytes) -> None:
        """Add the rows of an object. Raises CorruptObject."""
        ...

    def drop(self, positions: Mapping[str, Sequence[int]]) -> int: ...

    def days(self) -> dict[str, int]: ...

    def pack(self, day: str) -> Packed: ...


class Sheets[S: Sheet](Protocol):
    def sheet(self) -> AbstractContextManager[S]: ...


@dataclass
class Report:
    """`finished` says that every log was gone through to its end."""

    logs: int = 0
    events: int = 0
    removed: int = 0
    objects: int = 0
    compacted: int = 0
    finished: bool = True


class Archiver:
    def __init__(self, store: EventLog, lake: Lake, sheets: Sheets[Sheet], today: Callable[[], str]) -> None:
        self._store = store
        self._lake = lake
        self._sheets = sheets
        self._today = today

    def run(self, has_time_left: Callable[[], bool]) -> Report:
        """One round over all logs. Stops when `has_time_left` says no; the next round goes on from there."""
        report = Report()
        for log in self._store.logs():
            while self.portion(log, report) or self._compact(log, report):
                if not has_time_left():
                    report.finished = False
                    return report
            report.logs += 1
        return report

    def portion(self, log: Log, report: Report) -> bool:
        """Write the next portion of the log. False if there is none, or somebody else is at it."""
        before = self._lake.manifest(log)
        commits = self._next(log, before)
        if not commits:
            return self._replaced(log, before)
        counted = counted_in(commits)
        masked = masked_in(commits)
        try:
            old, new = self._without(log, before, masked, report)
        except Superseded:
            return False
        with self._sheets.sheet() as sheet:
            self._load(log, counted, sheet)
            days = sheet.days()
            added = [self._lake.put(log, day, sheet.pack(day)) for day in days]
        after = replace(before, through=commits[-1].n)
        if not self._lake.swap(log, before, after, old, [*new, *added]):
            return False
        if not before.version and not self._store.head(log):  # the client was purged meanwhile
            self._lake.purge(log, [*new, *added])
            return False
        report.events += sum(days.values())
        report.objects += len(new) + len(added)
        return True

    def _next(self, log: Log, before: Manifest) -> list[Commit]:
        commits, blocks = list[Commit](), 0
        for commit in self._store.commits(log, before.through):
            commits.append(commit)
            blocks += len(commit.blocks)
            if blocks >= _BLOCKS:
                break
        return commits

    def _replaced(self, log: Log, before: Manifest) -> bool:
        """Drop the objects of JSON lines, once all that is in them is in others."""
        if before.old and before.version and self._lake.mark(log, before, replace(before, old=False)):
            self._lake.drop_old(log)
        return False

    def _load(self, log: Log, counted: Iterable[Committed], sheet: Sheet) -> None:
        for batch in batched(counted, _LOAD, strict=False):
            blocks = self._store.blocks(log, [item.sk for item in batch])
            for message in batch:
                if message.sk in blocks:
                    load(message, blocks[message.sk], sheet)

    def _without(
        self, log: Log, before: Manifest, gone: Mapping[str, Sequence[int]], report: Report
    ) -> tuple[list[Ref], list[Ref]]:
        """The objects that have events which count no more, and what takes their place."""
        old, new = list[Ref](), list[Ref]()
        for ref in self._lake.refs(before) if gone else ():
            if not ref.holds(gone):
                continue
            with self._sheets.sheet() as sheet:
                try:
                    sheet.open(self._lake.read(ref))
                except CorruptObject:
                    continue
                removed = sheet.drop(gone)
                if removed:
                    report.removed += removed
                    old.append(ref)
                    new += [self._lake.put(log, day, sheet.pack(day)) for day in sheet.days()]
        return old, new

    def _compact(self, log: Log, report: Report) -> bool:
        """Merge the objects of a day that is over, once a day; what attempts left behind goes as well.
        False if there is nothing more to do."""
        before, today = self._lake.manifest(log), self._today()
        if not before.version or before.compacted == today:
            return False
        try:
            mergeable_refs = mergeable(self._lake.refs(before), today)
            if not mergeable_refs:
                self._lake.sweep(log)
                before = self._lake.manifest(log)
                self._lake.mark(log, before, replace(before, compacted=today))
                return False
            with self._sheets.sheet() as sheet:
                for ref in mergeable_refs:
                    sheet.open(self._lake.read(ref))
                merged = [self._lake.put(log, mergeable_refs[0].day, sheet.pack(mergeable_refs[0].day))]
        except Superseded:
            return False
        report.compacted += len(mergeable_refs)
        return self._lake.swap(log, before, before, mergeable_refs, merged)


def mergeable(refs: Iterable[Ref], today: str) -> list[Ref]:
    """Objects of one day before today that make one of no more than MOST_ROWS rows: two at least, or none."""
    days: dict[str, list[Ref]] = {}
    for ref in sorted(refs, key=lambda ref: ref.rows):
        of_day = days.setdefault(ref.day, [])
        if ref.day < today and sum(other_ref.rows for other_ref in of_day) + ref.rows <= MOST_ROWS:
            of_day.append(ref)
    return next((group for group in days.values() if len(group) > 1), [])


def counted_in(commits: Sequence[Commit]) -> list[Committed]:
    """The blocks that these commits counted, with what was said of them last."""
    counted: dict[str, Committed] = {}
    for commit in commits:
        for block in commit.blocks:
            if not commit.erases or block.sk in counted:
                counted[block.sk] = block
    return list(counted.values())


def masked_in(commits: Sequence[Commit]) -> dict[str, list[int]]:
    """What counts no more of blocks that others counted before: positions by block."""
    own = {block.sk for commit in commits if not commit.erases for block in commit.blocks}
    return {
        block.sk: list(positions(block.mask))
        for commit in commits
        for block in commit.blocks
        if commit.erases and block.sk not in own
    }


def load(committed: Committed, data: bytes, sheet: Sheet) -> None:
    """Add the events of the block that count."""
    try:
        block = Block(data)
        raws = of_block(committed.sk, block, counting(committed, block))
    except CorruptBlock:  # it could be counted, but nothing reads it whole
        return
    sheet.add(raws)


def counting(committed: Committed, block: Block) -> list[int]:
    return [at for at in range(len(block)) if committed.counts(at) and at not in block.erased]
