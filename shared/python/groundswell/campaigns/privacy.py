"""Campaigns as personal data: what they say may be about people, and their deliveries name them."""

from collections.abc import Collection, Iterator
from dataclasses import replace

from groundswell.campaigns.adapter_ledger import DynamoLedger, deliveries_of, pointer_key
from groundswell.campaigns.adapter_removal import remove_deliveries
from groundswell.campaigns.items import LISTING, campaign_pk, lead_pk, selection, senders_pk, sent_pk, templates_pk
from groundswell.campaigns.ledger import Delivery
from groundswell.campaigns.model import Channel, Wanted
from groundswell.campaigns.sequences.items import run_pk, sequences_pk
from groundswell.campaigns.sequences.store import DynamoSequenceStore
from groundswell.campaigns.store import key
from groundswell.kernel.errors import PreconditionFailed
from groundswell.kernel.page import Position
from groundswell.personal_data.adapter_partitions import Partitions
from groundswell.personal_data.identifiers import Identifier, IdKind
from groundswell.personal_data.port import ClientData, DisclosedRecords
from groundswell.storage.deletion import delete_items, delete_partition

_TOGETHER = 50
_ATTEMPTS = 8
FORGOTTEN = "forgotten"
"""In place of a lead's id."""


class Campaigns:
    """The list of all goes last: by it whoever goes on finds the rest."""

    kind = "campaigns"
    file = "campaign_deliveries"
    prefixes = ()
    forgets = tells = (IdKind.LEAD,)
    places = (
        f"core {LISTING.name}#{{client}}",
        f"core {campaign_pk('{client}', '')}",
        f"core {sent_pk('{client}', '')}",
        f"core {lead_pk('{client}', '')}",
    )

    def purge(self, client_id: str) -> Iterator[int]:
        position: Position | None = None
        while (page := LISTING.page(client_id, selection(Wanted()), _TOGETHER, position)).items:
            for campaign_id in page.items:
                yield from remove_deliveries(client_id, campaign_id)
            if (position := page.next) is None:
                break
        of_client = f"{LISTING.name}#{client_id}"
        for partition in (*(f"{of_client}#channel={channel}" for channel in Channel), of_client, f"{of_client}#all"):
            yield from delete_partition("core", partition)

    def forget(self, client_id: str, persons: Collection[Identifier]) -> None:
        """Records stay, for totals are counted from them, and say nothing of the person any more."""
        for lead_id in _leads(persons):
            for campaign_id, number in list(deliveries_of(client_id, lead_id)):
                _blank(client_id, campaign_id, number, lead_id)
                delete_items("core", [pointer_key(client_id, lead_id, campaign_id, number)])

    def tell(self, client_id: str, persons: Collection[Identifier], position: Position | None) -> DisclosedRecords:  # noqa: ARG002
        """What campaigns sent them, and what came of it."""
        records = [
            {"campaign_id": campaign_id, **vars(one)}
            for lead_id in _leads(persons)
            for campaign_id, number in deliveries_of(client_id, lead_id)
            for one in _of(client_id, campaign_id, number)
            if one.lead_id == lead_id
        ]
        return DisclosedRecords(records)


class Sequences:
    """Who goes through sequences. The list of these goes last: by it whoever goes on finds the rest."""

    kind = "sequences"
    prefixes = ()
    forgets = (IdKind.LEAD,)
    places = (f"core {sequences_pk('{client}')}", f"core {run_pk('{client}', '')}")

    def purge(self, client_id: str) -> Iterator[int]:
        for sequence in DynamoSequenceStore().sequences(client_id):
            yield from delete_partition("core", run_pk(client_id, sequence.id))
        yield from delete_partition("core", sequences_pk(client_id))

    def forget(self, client_id: str, persons: Collection[Identifier]) -> None:
        sequences = DynamoSequenceStore().sequences(client_id)
        keys = [
            key(run_pk(client_id, sequence.id), f"LEAD#{lead}") for sequence in sequences for lead in _leads(persons)
        ]
        delete_items("core", keys)


def _leads(persons: Collection[Identifier]) -> list[str]:
    return [person.value for person in persons if person.kind is IdKind.LEAD]


def _of(client_id: str, campaign_id: str, number: int) -> tuple[Delivery, ...]:
    batch = DynamoLedger().find(client_id, campaign_id, number)
    return batch.deliveries if batch else ()


def _blank(client_id: str, campaign_id: str, number: int, lead_id: str) -> None:
    for _ in range(_ATTEMPTS):
        batch = DynamoLedger().find(client_id, campaign_id, number)
        if batch is None:
            return
        known = batch.with_each(
            lambda _, one: replace(one, lead_id=FORGOTTEN, to=None) if one.lead_id == lead_id else one
        )
        try:
            if known != batch:
                DynamoLedger().save(batch, known)
        except PreconditionFailed:
            continue
        return
    raise PreconditionFailed


def personal_data() -> tuple[ClientData, ...]:
    return (
        Campaigns(),
        Sequences(),
        Partitions("templates", f"core {templates_pk('{client}')}"),
        Partitions("senders", f"core {senders_pk('{client}')}"),
    )
