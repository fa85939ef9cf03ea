"""What leads did, by the log of events: of few leads one by one, of many by going through the log once."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache

from groundswell.analytics.questions.profiles import NobodyOfThatName, ProfileService
from groundswell.analytics.questions.rows import MOST_EVENTS, RowReader
from groundswell.analytics.wallets.model import VerifiedWallet
from groundswell.events.chain.caip import is_evm, is_solana
from groundswell.events.eventlog.model import DAY
from groundswell.events.eventlog.port import EventLog
from groundswell.events.eventlog.store import DynamoEventLog
from groundswell.events.eventlog.window import Window
from groundswell.events.people.resolution import resolve_contact
from groundswell.events.people.service import PeopleService
from groundswell.kernel.clock import millis, utc_now
from groundswell.kernel.email import email_key
from groundswell.leads.identities import Identity, IdentityKind, wallet_keys
from groundswell.leads.model import Lead
from groundswell.leads.store import DynamoLeadStore
from groundswell.scoring.model import Event
from groundswell.scoring.subjects import known_as
from groundswell.storage.client import dynamodb
from groundswell.storage.settings import table_name

_NEWEST = 1_000
"""Of one lead and event: more of them change no score that is worth having."""
_AT_MOST = 20 * MOST_EVENTS
type _Times = dict[tuple[str, str], list[int]]


class PersonEvents:
    """By the lead's `user_id`, as its timeline is."""

    def __init__(self, profiles: ProfileService) -> None:
        self._profiles = profiles

    def of(self, client_id: str, leads: Sequence[Lead], names: Collection[str]) -> Mapping[str, tuple[Event, ...]]:
        known = {lead.id: name for lead in leads if (name := known_as(lead))}
        return {lead_id: self._of(client_id, name, names) for lead_id, name in known.items()}

    def _of(self, client_id: str, name: str, names: Collection[str]) -> tuple[Event, ...]:
        try:
            seen = self._profiles.timeline(client_id, name, _NEWEST, None).items
        except NobodyOfThatName:
            return ()
        return tuple(
            Event(seen_event.event.name, datetime.fromtimestamp(seen_event.event.ts / 1000, UTC))
            for seen_event in seen
            if seen_event.event.name in names
        )


class _NoProofs:
    """A timeline asks for none."""

    def find(self, client_id: str, wallet: str) -> VerifiedWallet | None:  # noqa: ARG002 - the port's
        return None

    def of_user(self, client_id: str, user_id: str) -> list[VerifiedWallet]:  # noqa: ARG002 - the port's
        return []


@cache
def event_log() -> DynamoEventLog:
    return DynamoEventLog(dynamodb(), table_name("events"))


def person_events() -> PersonEvents:
    return PersonEvents(ProfileService(event_log(), PeopleService(event_log()), _NoProofs(), utc_now))


class ScannedEvents:
    """Of one client, as its log stood when it was first asked."""

    def __init__(self, log: EventLog, now: datetime) -> None:
        self._log = log
        self._people = PeopleService(log)
        self._until = millis(now) + DAY
        self._read: tuple[str, frozenset[str], _Times] | None = None

    def of(self, client_id: str, leads: Sequence[Lead], names: Collection[str]) -> Mapping[str, tuple[Event, ...]]:
        """Raises TooManyEvents."""
        wanted = frozenset(names)
        if self._read is None or self._read[:2] != (client_id, wanted):
            self._read = (client_id, wanted, self._times(client_id, wanted))
        times, people = self._read[2], self._people.state(client_id).people
        known = {lead.id: resolve_contact(people, name) for lead in leads if (name := known_as(lead))}
        return {lead_id: _events(times, person, wanted) for lead_id, person in known.items()}

    def _times(self, client_id: str, names: frozenset[str]) -> _Times:
        times_by_key: _Times = {}
        reader = RowReader(self._log, client_id, _AT_MOST, self._people.known)
        for row in reader.between(Window(0, self._until)):
            if row.person is not None and row.name in names:
                times = times_by_key.setdefault((row.person, row.name), [])
                times.append(row.ts)
                if len(times) > 2 * _NEWEST:  # the oldest come first
                    del times[:_NEWEST]
        return times_by_key


class SeenLeads:
    """Leads of the persons who did something, by the log. A lead has an id of its person, or the person's wallet."""

    def __init__(self, log: EventLog, leads: DynamoLeadStore) -> None:
        self._log = log
        self._leads = leads
        self._people = PeopleService(log)

    def seen(self, client_id: str, names: Collection[str], since: datetime, until: datetime) -> Collection[str]:
        """Raises TooManyEvents."""
        reader = RowReader(self._log, client_id, _AT_MOST, self._people.known)
        ids, persons = set[str](), set[str]()
        for row in reader.between(Window(millis(since), millis(until) + DAY)):
            if row.name in names:
                persons.add(row.person or "")
                ids.update(person_id for person_id in (row.person, row.user_id, row.anonymous_id) if person_id)
        ids |= {email for email in reader.people.emails() if reader.people.of_email(email) in persons} if ids else set()
        holders = (
            self._leads.holders(client_id, [key for identifier in ids for key in _keys(identifier)]) if ids else {}
        )
        return set(holders.values())


def _keys(known: str) -> Iterator[str]:
    """Of leads whose `user_id` it may be."""
    if is_evm(known) or is_solana(known):
        yield from wallet_keys(known)
        return
    yield Identity(IdentityKind.DISTINCT, known).key
    if "@" in known:
        yield Identity(IdentityKind.EMAIL, email_key(known)).key


def _events(times: _Times, person: str, names: Collection[str]) -> tuple[Event, ...]:
    return tuple(
        Event(name, datetime.fromtimestamp(ts / 1000, UTC))
        for name in names
        for ts in times.get((person, name), ())[-_NEWEST:]
    )
