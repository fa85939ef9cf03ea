"""Takes people out of the archive, for erasure jobs."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import groupby
from typing import Protocol

from groundswell.events.archiver.lake import CorruptObject, Lake, Ref, Superseded
from groundswell.events.archiver.layout import Row, of_rows
from groundswell.events.archiver.service import Sheet
from groundswell.events.erasure.erasable import Portion
from groundswell.events.erasure.targets import Fate, Target
from groundswell.events.eventlog.model import Log, event_log
from groundswell.kernel.errors import Conflict

_ATTEMPTS = 20
_ROWS = 300_000  # looked at in a step, one day at least: seconds of reading


class ArchiveBusy(Conflict):
    """Others kept changing the archive that we were about to change: try again later."""

    code = "ARCHIVE_BUSY"


class Legible(Sheet, Protocol):
    def rows(self) -> Iterator[Row]: ...


class LegibleSheets(Protocol):
    def sheet(self) -> AbstractContextManager[Legible]: ...


class ArchiveEraser:
    """Goes through all objects of the client, day by day: they say when something happened, and not whose it is."""

    certified_as = "archive"

    def __init__(self, lake: Lake, sheets: LegibleSheets) -> None:
        self._lake = lake
        self._sheets = sheets

    def busy(self, client_id: str) -> bool:
        """Whether objects of JSON lines are still being replaced. If not, nobody who read the log or the archive before
        this puts anything there any more."""
        log = event_log(client_id)
        if self._lake.manifest(log).old:
            return True
        self._lake.close(log)
        return False

    def survey(self, client_id: str, target: Target, after: str) -> Portion | None:
        """What comes after that day; it changes nothing. None where the archive ends."""
        rows, results, days, concerned = 0, list[_Sorted](), list[str](), list[str]()
        for day, refs in self._days(client_id, after.rpartition("/")[2]):
            if rows and rows + sum(ref.rows for ref in refs) > _ROWS:
                break
            of_day = [self._look(ref, target) for ref in refs]
            rows, results = rows + sum(ref.rows for ref in refs), results + of_day
            days.append(f"{client_id}/{day}")
            if any(result.concerned for result in of_day):
                concerned.append(days[-1])
        if not days:
            self._lake.sweep(event_log(client_id))
            return None
        erased, unlinked = sum(result.erased for result in results), sum(len(result.unlinked) for result in results)
        illegible = sum(result.illegible for result in results)
        return Portion(days[-1], len(results), tuple(concerned), erased, unlinked, illegible)

    def clean(self, name: str, target: Target) -> bool:
        """Write the objects of a client's day anew, and look again: whether it is clean now. Doing it again changes
        nothing. Raises ArchiveBusy."""
        client_id, _, day = name.partition("/")
        log = event_log(client_id)
        for _ in range(_ATTEMPTS):
            if self._clean(log, day, target):
                break
        else:
            raise ArchiveBusy
        self._lake.sweep(log)
        left = (ref for ref_day, refs in self._days(client_id, "") for ref in refs if ref_day == day)
        return not any(self._look(ref, target).concerned for ref in left)

    def _clean(self, log: Log, day: str, target: Target) -> bool:
        """False if somebody else changed the manifest."""
        before = self._lake.manifest(log)
        old, new = list[Ref](), list[Ref]()
        try:
            for ref in self._lake.refs(before):
                written = self._rewritten(log, ref, target) if ref.day == day else None
                if written is not None:
                    old.append(ref)
                    new += written
        except Superseded:
            return False
        return not old or self._lake.swap(log, before, before, old, new)

    def _rewritten(self, log: Log, ref: Ref, target: Target) -> list[Ref] | None:
        """None if it needs not be."""
        with self._sheets.sheet() as sheet:
            try:
                sheet.open(self._lake.read(ref))
            except CorruptObject:
                return None
            result = _sorted_out(sheet.rows(), target)
            if not result.concerned:
                return None
            sheet.drop(result.gone)
            sheet.add(of_rows(result.unlinked))
            return [self._lake.put(log, day, sheet.pack(day)) for day in sheet.days()]

    def _days(self, client_id: str, after: str) -> Iterator[tuple[str, list[Ref]]]:
        """Its objects by day, those after that one."""
        refs = self._lake.state(event_log(client_id))[1]
        later = sorted((ref for ref in refs if ref.day > after), key=_day)
        for day, of_day in groupby(later, key=_day):
            yield day, list(of_day)

    def _look(self, ref: Ref, target: Target) -> "_Sorted":
        try:
            with self._sheets.sheet() as sheet:
                sheet.open(self._lake.read(ref))
                return _sorted_out(sheet.rows(), target)
        except CorruptObject:
            return _Sorted(illegible=1)


@dataclass
class _Sorted:
    """`gone` are the positions of what is erased, by block."""

    gone: dict[str, list[int]] = field(default_factory=dict)
    unlinked: list[Row] = field(default_factory=list)
    erased: int = 0
    illegible: int = 0

    @property
    def concerned(self) -> bool:
        return bool(self.erased or self.unlinked)

    def drop(self, row: Row) -> None:
        self.gone.setdefault(row.block, []).append(row.position)


def _day(ref: Ref) -> str:
    return ref.day


def _sorted_out(rows: Iterable[Row], target: Target) -> _Sorted:
    result = _Sorted()
    for row in rows:
        fate = target.fate(row.event)
        if fate is Fate.KEPT:
            continue
        result.drop(row)
        if fate is Fate.ERASED:
            result.erased += 1
        else:
            result.unlinked.append(row._replace(event=target.unlinked(row.event)))
    return result
