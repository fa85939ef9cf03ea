"""What leads' timelines are told of campaigns."""

from datetime import datetime

from groundswell.campaigns.ledger import Delivery
from groundswell.campaigns.model import Campaign
from groundswell.leads.timeline import Entry


def entry(campaign_id: str, channel: str, delivery_id: str, event: str, at: datetime, text: str | None = None) -> Entry:
    """One for each event of a delivery, however often it is told."""
    return Entry(
        f"{delivery_id}-{event}",
        at,
        channel,
        event,
        text,
        None,
        "campaign",
        campaign_id,
        {"delivery_id": delivery_id},
    )


def sent_entry(campaign: Campaign, delivery_id: str, delivery: Delivery) -> Entry:
    at = delivery.at or campaign.updated_at
    return entry(campaign.id, campaign.channel.value, delivery_id, "sent", at, campaign.name)
