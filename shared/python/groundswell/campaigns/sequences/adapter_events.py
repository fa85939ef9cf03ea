"""Who did something, by the log of events."""

from collections.abc import Collection
from datetime import datetime

from groundswell.analytics.questions.rows import RowReader
from groundswell.audience.adapter_recipients import StoredAudiences
from groundswell.audience.segments.adapter_events import LoggedEvents
from groundswell.audience.segments.rules import Occurrence
from groundswell.events.eventlog.store import DynamoEventLog
from groundswell.events.eventlog.window import Window
from groundswell.events.people.service import PeopleService
from groundswell.kernel.clock import millis
from groundswell.leads.model import Lead
from groundswell.storage.client import dynamodb
from groundswell.storage.settings import table_name


class EventsOfLeads:
    def __init__(self) -> None:
        self._log = DynamoEventLog(dynamodb(), table_name("events"))
        self._people = PeopleService(self._log)

    def who_did(self, client_id: str, event: str, since: datetime, until: datetime) -> Collection[Lead]:
        """Leads that are known by the id, or wallet, of who did it."""
        reader = RowReader(self._log, client_id, None, self._people.known)
        rows = reader.between(Window(millis(since), millis(until) + 1))
        persons = {row.person for row in rows if row.name == event and row.person is not None}
        return StoredAudiences(self._people).of_persons(client_id, sorted(persons)) if persons else ()

    def did(self, lead: Lead, event: str, since: datetime, until: datetime) -> bool:
        counts = LoggedEvents(self._log, patient=True).counts(lead.client_id, [Occurrence(event, until - since)], until)
        return counts(0, lead) > 0
