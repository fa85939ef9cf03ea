"""Leads as personal data: each with what is said of it, and last what counts them."""

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

from groundswell.kernel.clock import utc_now
from groundswell.kernel.page import Position
from groundswell.leads import events
from groundswell.leads.activity import entry_place
from groundswell.leads.adapter_activity import DynamoActivityStore
from groundswell.leads.identities import Identity, IdentityKind, wallet_keys
from groundswell.leads.items import LISTING, SHARDS, companies_pk, count_pk, key_pk, lead_pk, lookup_pk, merge_pk
from groundswell.leads.model import Filter, Lead, Order
from groundswell.leads.settings.store import settings_pk
from groundswell.leads.store import DynamoLeadStore
from groundswell.personal_data.identifiers import Identifier, IdKind
from groundswell.personal_data.port import ClientData, DisclosedRecords
from groundswell.storage.deletion import delete_partition

_TOGETHER = 100
_KINDS = {
    IdKind.EMAIL: IdentityKind.EMAIL,
    IdKind.PHONE: IdentityKind.PHONE,
    IdKind.TELEGRAM: IdentityKind.TELEGRAM,
    IdKind.WALLET: IdentityKind.WALLET,
    IdKind.USER: IdentityKind.DISTINCT,
}
_OF_IDENTITIES = {identity: kind for kind, identity in _KINDS.items()}


class Leads:
    """A person is whoever has the lead's id, e-mail, phone, Telegram chat, distinct id (a user's id to events), or EVM
    wallet, as its own or as an alias. A lead that went into another one is that one."""

    kind = file = "leads"
    prefixes = ()
    resolves = forgets = tells = (IdKind.LEAD, *_KINDS)
    places = (
        f"core {LISTING.name}#{{client}}#",
        f"core {lead_pk('{client}', '')}",
        f"core {key_pk('{client}', '')}",
        f"core {lookup_pk('{client}', '')}",
        f"core {merge_pk('{client}', '')}",
        f"core {companies_pk('{client}')}",
        "core LEADCOUNT#{client}#",
        f"core {settings_pk('{client}')}",
    )

    def __init__(self, store: DynamoLeadStore, activity: DynamoActivityStore) -> None:
        self._store = store
        self._activity = activity

    def purge(self, client_id: str) -> Iterator[int]:
        """The row of a lead in the list of all goes last, so that whoever goes on finds the rest."""
        while leads := self._store.page(client_id, Filter(), Order(), _TOGETHER, None).page.items:
            for lead in leads:
                yield self._store.purge(lead)
        for partition in (
            companies_pk(client_id),
            settings_pk(client_id),
            *(count_pk(client_id, shard) for shard in range(SHARDS)),
        ):
            yield from delete_partition("core", partition)

    def resolve(self, client_id: str, persons: Collection[Identifier]) -> Collection[Identifier]:
        return [identifier for lead in self._leads(client_id, persons) for identifier in _identifiers(lead)]

    def forget(self, client_id: str, persons: Collection[Identifier]) -> None:
        """With all that was said of them. Doing it again finds nothing."""
        for lead in self._leads(client_id, persons):
            self._store.remove(lead, None, [events.deleted(lead, utc_now())])

    def tell(self, client_id: str, persons: Collection[Identifier], position: Position | None) -> DisclosedRecords:  # noqa: ARG002
        """The records, interactions, the timelines' entries, consents: a person's leads are few."""
        return DisclosedRecords([record for lead in self._leads(client_id, persons) for record in self._records(lead)])

    def _leads(self, client_id: str, persons: Collection[Identifier]) -> Sequence[Lead]:
        ids = {person.value for person in persons if person.kind is IdKind.LEAD}
        keys = {key for person in persons if person.kind in _KINDS for key in _keys(person)}
        ids |= set(self._store.holders(client_id, keys).values())
        matches: dict[str, Lead] = {}
        while ids:
            leads = self._store.find_many(client_id, ids)
            matches |= {lead.id: lead for lead in leads if not lead.merged_into}
            ids = {lead.merged_into for lead in leads if lead.merged_into}
        return list(matches.values())

    def _records(self, lead: Lead) -> Iterator[dict[str, Any]]:
        yield {"lead": vars(lead)}
        for lead_id in (lead.id, *lead.merged_ids):
            for name, read in (
                ("interaction", self._activity.interactions),
                ("entry", self._activity.entries),
                ("consent", self._activity.consents),
            ):
                yield from ({name: vars(record)} for record in _all(read, lead.client_id, lead_id))


def _all(read: Callable[..., Sequence[Any]], client_id: str, lead_id: str) -> Iterator[Any]:
    after: str | None = None
    while page := read(client_id, lead_id, _TOGETHER, after):
        yield from page
        after = entry_place(page[-1])


def _keys(person: Identifier) -> tuple[str, ...]:
    if person.kind is IdKind.WALLET:
        return wallet_keys(person.value)
    return (Identity(_KINDS[person.kind], person.value).key,)


def _identifiers(lead: Lead) -> Iterator[Identifier]:
    yield Identifier(IdKind.LEAD, lead.id)
    yield Identifier(IdKind.ANONYMOUS, lead.id)  # what events of campaigns call it
    for key in sorted(lead.keys):
        name, _, value = key.partition(":")
        if kind := _OF_IDENTITIES.get(IdentityKind(name)):
            yield Identifier.of(kind, value)


def personal_data() -> tuple[ClientData, ...]:
    return (Leads(DynamoLeadStore(), DynamoActivityStore()),)
