"""Campaigns as personal data: what they say may be about people, and their deliveries name them."""

from collections.abc import Iterator

from groundswell.campaigns.adapter_removal import remove_deliveries
from groundswell.campaigns.items import LISTING, campaign_pk, entry, lead_pk, senders_pk, sent_pk, templates_pk
from groundswell.campaigns.model import Campaign, Wanted
from groundswell.campaigns.store import DynamoCampaignStore
from groundswell.personal_data.adapter_partitions import Partitions
from groundswell.personal_data.port import ClientData
from groundswell.storage.deletion import delete_items

_TOGETHER = 50


class Campaigns:
    """The rows of a campaign in lists go last, so that whoever goes on finds the rest."""

    kind = "campaigns"
    prefixes = ()
    places = (
        f"core {LISTING.name}#{{client}}",
        f"core {campaign_pk('{client}', '')}",
        f"core {sent_pk('{client}', '')}",
        f"core {lead_pk('{client}', '')}",
    )

    def __init__(self, store: DynamoCampaignStore) -> None:
        self._store = store

    def purge(self, client_id: str) -> Iterator[int]:
        while campaigns := self._store.page(client_id, Wanted(), _TOGETHER, None).items:
            for campaign in campaigns:
                yield from self._purge(campaign)

    def _purge(self, campaign: Campaign) -> Iterator[int]:
        rows = LISTING.keys(campaign.client_id, entry(campaign))
        yield from remove_deliveries(campaign.client_id, campaign.id)
        delete_items("core", rows)
        yield len(rows)


def personal_data() -> tuple[ClientData, ...]:
    return (
        Campaigns(DynamoCampaignStore()),
        Partitions("templates", f"core {templates_pk('{client}')}"),
        Partitions("senders", f"core {senders_pk('{client}')}"),
    )
