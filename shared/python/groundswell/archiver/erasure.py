"""Takes people out of the archive, for erasure jobs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import msgspec

from groundswell.archiver.model import Progress, event_of, line_of, lines_of, packed, prefix
from groundswell.eventlog.model import Event, Log, event_logs, metric_log
from groundswell.kernel.errors import Conflict
from groundswell.privacy.targets import Fate, Target

_ATTEMPTS = 20


class ArchiveBusy(Conflict):
    """A portion is being archived that may have been read before the erasure: try again after it."""

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


@dataclass(frozen=True)
class Rewritten:
    """How many lines of the object are gone, and how many lost what pointed at the erased."""

    name: str
    erased: int
    unlinked: int


class ArchiveEraser:
    """Goes through all objects of the client: their names say days, and not whose events they hold."""

    def __init__(self, progress: KeptProgress, objects: Rewritable) -> None:
        self._progress = progress
        self._objects = objects

    def rewrite(self, client_id: str, target: Target, after: str = "") -> Iterator[Rewritten]:
        """Call it when the blocks are rewritten. Yields every object once it is clean, so that a job can go on after
        the last name it knows; doing it again changes nothing.

        Raises ArchiveBusy, and CorruptObject.
        """
        for log in (*event_logs(client_id), metric_log(client_id)):
            progress = self._progress.progress(log)
            if progress.planned > progress.done:
                raise ArchiveBusy
        for name in self._objects.names(prefix(client_id), after):
            yield self._clean(name, target)

    def _clean(self, name: str, target: Target) -> Rewritten:
        for _ in range(_ATTEMPTS):
            found = self._objects.get(name)
            if found is None:
                return Rewritten(name, 0, 0)
            data, version = found
            kept, erased, unlinked = _sorted_out(data, target)
            if not kept:
                self._objects.delete([name])
            elif (erased or unlinked) and not self._objects.replace(name, packed(kept), version):
                continue
            return Rewritten(name, erased, unlinked)
        raise ArchiveBusy


def _sorted_out(data: bytes, target: Target) -> tuple[list[bytes], int, int]:
    kept, erased, unlinked = list[bytes](), 0, 0
    for line in lines_of(data):
        event, received = _event(line)
        fate = Fate.KEPT if event is None else target.fate(event)
        if event is None or fate is Fate.KEPT:
            kept.append(line)
        elif fate is Fate.UNLINKED:
            kept.append(line_of(target.unlinked(event), received))
            unlinked += 1
        else:
            erased += 1
    return kept, erased, unlinked


def _event(line: bytes) -> tuple[Event | None, int]:
    try:
        return event_of(line)
    except msgspec.MsgspecError:
        return None, 0
