"""Whom audiences mean, as leads, lists and cohorts lie in the tables."""

from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache

from groundswell.analytics.cohorts.model import Cohort, CohortNotFound
from groundswell.analytics.cohorts.store import DynamoCohortStore
from groundswell.audience.model import Audience
from groundswell.audience.segments.store import DynamoSegmentStore
from groundswell.audience.store import DynamoListStore
from groundswell.events.eventlog.identity_graph import IdentityGraph
from groundswell.events.eventlog.store import DynamoEventLog
from groundswell.events.people.resolution import resolve_contact
from groundswell.events.people.service import PeopleService, State
from groundswell.kernel.email import email_key
from groundswell.kernel.page import Page, Position
from groundswell.leads.identities import IdentityKind, wallet_keys
from groundswell.leads.items import LISTING
from groundswell.leads.model import Lead
from groundswell.leads.store import DynamoLeadStore
from groundswell.storage.client import dynamodb
from groundswell.storage.listing import Selection
from groundswell.storage.settings import table_name

_PERSONS = 500


class StoredAudiences:
    def __init__(self, people: PeopleService) -> None:
        self._leads = DynamoLeadStore()
        self._lists = DynamoListStore()
        self._segments = DynamoSegmentStore()
        self._cohorts = DynamoCohortStore()
        self._people = people

    def in_views(self, client_id: str, audience: Audience, limit: int, position: Position | None) -> Page[str]:
        return LISTING.page(client_id, Selection(tuple(_views(audience)), "created_at"), limit, position)

    def find_many(self, client_id: str, lead_ids: Sequence[str]) -> tuple[Lead, ...]:
        return self._leads.find_many(client_id, lead_ids)

    def in_cohort(self, client_id: str, cohort_id: str, limit: int, position: Position | None) -> Page[Lead]:
        cohort = self._cohorts.get(client_id, cohort_id)
        try:
            persons = self._cohorts.members(cohort, min(limit, _PERSONS), position)
        except CohortNotFound:  # it was taken anew meanwhile: from its beginning
            persons = self._cohorts.members(cohort, min(limit, _PERSONS), None)
        state = self._people.state(client_id)
        return Page(tuple(self._leads_of(client_id, state, persons.items)), persons.next)

    def of_persons(self, client_id: str, persons: Sequence[str]) -> tuple[Lead, ...]:
        """Leads that are known by an id of one of them."""
        return tuple(self._leads_of(client_id, self._people.state(client_id), persons))

    def cohorts_before(self, client_id: str, cohort_ids: Sequence[str], leads: Sequence[Lead]) -> frozenset[str]:
        people = self._people.state(client_id).people
        persons = {lead.id: resolve_contact(people, lead.user_id) for lead in leads if lead.user_id}
        lead_ids = set[str]()
        for cohort_id in cohort_ids:
            members = {resolve_contact(people, member) for member in _members(self._cohorts.get(client_id, cohort_id))}
            lead_ids |= {lead_id for lead_id, person in persons.items() if person in members}
        return frozenset(lead_ids)

    def total(self, client_id: str, audience: Audience) -> int | None:
        if audience.lead_ids or audience.cohort_ids:
            return None
        if audience.all:
            return sum(self._leads.status_totals(client_id).values())
        views = list(_views(audience))
        return self._leads.totals(client_id, views).get(views[0], 0) if len(views) == 1 else None

    def missing(self, client_id: str, audience: Audience) -> Sequence[tuple[str, str]]:
        lists = {
            mailing_list.id
            for mailing_list in self._lists.find_many(client_id, audience.list_ids)
            if not mailing_list.deleted_at
        }
        missing = [("list_ids", list_id) for list_id in audience.list_ids if list_id not in lists]
        for segment_id in audience.segment_ids:
            segment = self._segments.find(client_id, segment_id)
            if segment is None or segment.deleted_at:
                missing.append(("segment_ids", segment_id))
        for cohort_id in audience.cohort_ids:
            try:
                self._cohorts.get(client_id, cohort_id)
            except CohortNotFound:
                missing.append(("cohort_ids", cohort_id))
        return missing

    def _leads_of(self, client_id: str, state: State, persons: Sequence[str]) -> Iterator[Lead]:
        """One lead is one person's: whose its `user_id` is."""
        wanted = {resolve_contact(state.people, person) for person in persons}
        ids = self._leads.holders(client_id, _keys(state.people, wanted)) if wanted else {}
        for lead in self._leads.find_many(client_id, sorted(set(ids.values()))):
            if not lead.merged_into and resolve_contact(state.people, lead.user_id or lead.id) in wanted:
                yield lead


def _views(audience: Audience) -> Iterator[str]:
    if audience.all:
        yield "all"
        return
    yield from (f"list={list_id}" for list_id in dict.fromkeys(audience.list_ids))
    yield from (f"segment={segment_id}" for segment_id in dict.fromkeys(audience.segment_ids))


def _keys(people: IdentityGraph, persons: Collection[str]) -> frozenset[str]:
    """By what leads of these persons are known: one pass over all ids, whatever the number of persons."""
    names = {name for name in people.names() if people.of_user(name) in persons}
    names |= {name for name in people.visitors() if people.of_visitor(name) in persons}
    wallets = {wallet for wallet in people.wallets() if people.of_wallet(wallet) in persons}
    distinct = {f"{IdentityKind.DISTINCT}:{name}" for name in (*names, *persons)}
    addresses = {email for email in people.emails() if people.of_email(email) in persons}
    addresses |= {email_key(name) for name in (*names, *persons) if "@" in name}
    emails = {f"{IdentityKind.EMAIL}:{address}" for address in addresses}
    return frozenset(distinct | emails | {key for wallet in (*wallets, *persons) for key in wallet_keys(wallet)})


@lru_cache(maxsize=8)
def _members(cohort: Cohort) -> frozenset[str]:
    """Those of one taking never change."""
    return frozenset(DynamoCohortStore().members(cohort, max(cohort.size, 1), None).items)


def stored_audiences() -> StoredAudiences:
    return StoredAudiences(PeopleService(DynamoEventLog(dynamodb(), table_name("events"))))
