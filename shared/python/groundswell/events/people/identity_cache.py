"""Who is who as a log's pieces say. Pieces never change, so a process reads each once."""

from groundswell.events.eventlog.identity_graph import IdentityGraph
from groundswell.events.eventlog.model import Log
from groundswell.events.eventlog.port import EventLog

_LOGS = 50


class IdentityCache:
    """Remembers what it read of each log, until somebody is forgotten."""

    def __init__(self, store: EventLog) -> None:
        self._store = store
        self._read: dict[Log, _Read] = {}

    def people(self, log: Log, through: int) -> IdentityGraph:
        """By the pieces of the folds up to that commit. Not to be added to."""
        read = self._read.pop(log, None)
        if read is None or read.through > through:
            read = _Read()
        generation, pieces = self._store.links(log, read.last)
        if read.last and generation != read.generation:
            read = _Read()
            generation, pieces = self._store.links(log, "")
        read.generation = generation
        for sk, number, links in pieces:
            if number <= through:
                read.people.add(links)
                read.last, read.through = sk, number
        self._read[log] = read
        while len(self._read) > _LOGS:
            del self._read[next(iter(self._read))]
        return read.people


class _Read:
    def __init__(self) -> None:
        self.generation = 0
        self.people = IdentityGraph()
        self.last = ""
        self.through = 0
