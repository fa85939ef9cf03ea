"""How often leads' persons did what segments ask for, by the log of events."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from groundswell.analytics.questions.rows import MOST_EVENTS, RowReader
from groundswell.audience.segments.rules import Counts, Occurrence, never
from groundswell.events.eventlog.model import HOUR
from groundswell.events.eventlog.port import EventLog
from groundswell.events.eventlog.window import Window
from groundswell.events.people.resolution import resolve_contact
from groundswell.events.people.service import PeopleService
from groundswell.kernel.clock import millis
from groundswell.leads.model import Lead

_AT_MOST = 20 * MOST_EVENTS
"""What a worker reads for one segment."""


class LoggedEvents:
    def __init__(self, log: EventLog, *, patient: bool = False) -> None:
        """`patient`: as a worker, which has minutes."""
        self._log = log
        self._people = PeopleService(log)
        self._most = _AT_MOST if patient else MOST_EVENTS

    def counts(self, client_id: str, wanted: Sequence[Occurrence], now: datetime) -> Counts:
        """Raises TooManyEvents. A lead is the person whose its distinct id, else its wallet, is; else whoever its
        own id names, as events of campaigns do."""
        if not wanted:
            return never
        people = self._people.state(client_id).people
        counted = self._counted(client_id, wanted, millis(now))

        def count(at: int, lead: Lead) -> int:
            known = lead.user_id or lead.id
            return counted[at][resolve_contact(people, known)]

        return count

    def _counted(self, client_id: str, wanted: Sequence[Occurrence], now: int) -> list[Counter[str]]:
        since = [
            now - int(occurrence.within.total_seconds() * 1000) if occurrence.within else 0 for occurrence in wanted
        ]
        counted: list[Counter[str]] = [Counter() for _ in wanted]
        reader = RowReader(self._log, client_id, self._most, self._people.known)
        for row in reader.between(Window(max(0, min(since)), now + 24 * HOUR)):
            for criterion, start, counts in zip(wanted, since, counted, strict=True):
                if row.person is not None and row.name == criterion.event and row.ts >= start:
                    counts[row.person] += 1
        return counted
