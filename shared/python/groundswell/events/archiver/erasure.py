"""Takes people out of the archive, for erasure jobs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Protocol

import msgspec

from groundswell.events.archiver.model import CorruptObject, Progress, event_of, line_of, lines_of, packed, prefix
from groundswell.events.erasure.erasable import Portion
from groundswell.events.erasure.targets import Fate, Target
from groundswell.events.eventlog.model import EVENT_SHARDS, Log, event_logs
from groundswell.kernel.errors import Conflict

_ATTEMPTS = 20
_OBJECTS = 40  # looked at in a step: seconds of reading
_REWRITTEN = 10


class ArchiveBusy(Conflict):
    """Others kept writing the object that we were about to rewrite: try again later."""

    code = "ARCHIVE_BUSY"


class KeptProgress(Protocol):
    def progress(self, log: Log) -> Progress: ...


class Rewritable(Protocol):
    def names(self, beginning: str, after: str = "") -> Iterator[str]:
        """In order, those after `after`."""
        ...

    def get(self, name: str) -> tuple[bytes, str] | None:
        """Its bytes and its version. None if there is no such object."""
        ...

    def replace(self, name: str, data: bytes, version: str) -> bool:
        """False if it is not that version any more."""
        ...

    def delete(self, names: Sequence[str]) -> None: ...


class ArchiveEraser:
    """Goes through all objects of the client: their names say days, and not whose events they hold."""

    certified_as = "archive"

    def __init__(self, progress: KeptProgress, objects: Rewritable) -> None:
        self._progress = progress
        self.objects = objects

    def busy(self, client_id: str) -> bool:
        """Whether a portion is being archived that may have been read before the blocks were rewritten."""
        found = [self._progress.progress(log) for log in event_logs(client_id)]
        return any(progress.planned > progress.done for progress in found)

    def survey(self, client_id: str, target: Target, after: str) -> Portion | None:
        """What comes after the object of that name; it changes nothing. None where the archive ends."""
        names = filter(_holds_events, self.objects.names(prefix(client_id), after))
        some, concerned, total = list(islice(names, _OBJECTS)), list[str](), _Sorted()
        for number, name in enumerate(some, start=1):
            found = self._look(name, target)
            total.add(found)
            if found.concerned:
                concerned.append(name)
            if len(concerned) == _REWRITTEN:
                some = some[:number]
                break
        if not some:
            return None
        return Portion(some[-1], len(some), tuple(concerned), total.erased, total.unlinked, total.illegible)

    def clean(self, name: str, target: Target) -> bool:
        """Rewrite the object, delete it if nothing is left, and look again: whether it is clean now. Doing it again
        changes nothing. Raises ArchiveBusy."""
        for _ in range(_ATTEMPTS):
            found = self.objects.get(name)
            if found is None:
                return True
            data, version = found
            left = _sorted_out(data, target)
            if not left.concerned or not left.kept:
                break
            if self.objects.replace(name, packed(left.kept), version):
                break
        else:
            raise ArchiveBusy
        if left.concerned and not left.kept:
            self.objects.delete([name])
        return not self._look(name, target).concerned

    def _look(self, name: str, target: Target) -> "_Sorted":
        found = self.objects.get(name)
        try:
            return _Sorted() if found is None else _sorted_out(found[0], target)
        except CorruptObject:
            return _Sorted(illegible=1)


@dataclass
class _Sorted:
    kept: list[bytes] = field(default_factory=list)
    erased: int = 0
    unlinked: int = 0
    illegible: int = 0

    @property
    def concerned(self) -> bool:
        return bool(self.erased or self.unlinked)

    def add(self, other: "_Sorted") -> None:
        self.erased += other.erased
        self.unlinked += other.unlinked
        self.illegible += other.illegible


def _holds_events(name: str) -> bool:
    """Points of metrics are nobody's."""
    return name.rpartition("/")[2].partition("-")[0] in EVENT_SHARDS


def _sorted_out(data: bytes, target: Target) -> _Sorted:
    found = _Sorted()
    for line in lines_of(data):
        try:
            event, received = event_of(line)
        except msgspec.MsgspecError:
            found.kept.append(line)
            found.illegible += 1
            continue
        fate = target.fate(event)
        if fate is Fate.ERASED:
            found.erased += 1
        else:
            found.kept.append(line if fate is Fate.KEPT else line_of(target.unlinked(event), received))
            found.unlinked += fate is Fate.UNLINKED
    return found
