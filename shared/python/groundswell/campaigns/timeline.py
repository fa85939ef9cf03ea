"""What leads' timelines are told of campaigns."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from groundswell.campaigns.ledger import Delivery
from groundswell.campaigns.model import Campaign
from groundswell.leads.timeline import Entry

_NOTHING: Mapping[str, Any] = {}


def entry(
    campaign_id: str,
    channel: str,
    delivery_id: str,
    key: str,
    event: str,
    at: datetime,
    text: str | None = None,
    data: Mapping[str, Any] = _NOTHING,
) -> Entry:
    """One for each `key` of a delivery, however often it is told."""
    return Entry(
        f"{delivery_id}-{key}",
        at,
        channel,
        event,
        text,
        None,
        "campaign",
        campaign_id,
        {"delivery_id": delivery_id, **data},
    )


def sent_entry(campaign: Campaign, delivery_id: str, delivery: Delivery) -> Entry:
    at = delivery.at or campaign.updated_at
    channel = delivery.channel or campaign.channel.value
    return entry(campaign.id, channel, delivery_id, "sent", "sent", at, campaign.name)
