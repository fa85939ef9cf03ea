"""What a client's webhooks hear of its campaigns."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from groundswell.campaigns.ledger import Batch
from groundswell.campaigns.model import Campaign
from groundswell.kernel.message import Message
from groundswell.webhooks.events import event_message

STARTED, SENT, CANCELLED = "campaign.started", "campaign.sent", "campaign.cancelled"
UNSUBSCRIBED, BOUNCED, COMPLAINED = "campaign.unsubscribed", "campaign.bounced", "campaign.complained"
_ID = "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4e01"
_CAMPAIGN: dict[str, Any] = {"id": _ID, "name": "Winter sale", "channel": "email", "status": "sending", "queued": 1200}
_DELIVERY: dict[str, Any] = {
    "delivery_id": f"{_ID}-0-3",
    "campaign_id": _ID,
    "lead_id": _ID,
    "to": "ada@people.example",
}
EVENTS: Mapping[str, Mapping[str, Any]] = {
    STARTED: {"campaign": _CAMPAIGN},
    SENT: {"campaign": _CAMPAIGN | {"status": "sent"}},
    CANCELLED: {"campaign": _CAMPAIGN | {"status": "cancelled"}},
    UNSUBSCRIBED: _DELIVERY,
    BOUNCED: _DELIVERY | {"bounce": "hard", "reason": "550 no such user"},
    COMPLAINED: _DELIVERY,
}


def campaign_event(campaign: Campaign, event_type: str, at: datetime) -> Message:
    attributes = {name: getattr(campaign, name) for name in _CAMPAIGN}
    event_id = f"{event_type.replace('.', '-')}:{campaign.id}:{campaign.run}"
    return event_message(campaign.client_id, event_type, {"campaign": attributes}, id=event_id, at=at)


def delivery_event(event_type: str, batch: Batch, place: int, at: datetime) -> Message:
    one, delivery_id = batch.deliveries[place], batch.delivery_id(place)
    payload = {"delivery_id": delivery_id, "campaign_id": batch.campaign_id, "lead_id": one.lead_id, "to": one.to}
    if event_type == BOUNCED:
        payload |= {"bounce": one.bounce, "reason": one.reason}
    event_id = f"{event_type.replace('.', '-')}:{delivery_id}:{one.bounce or ''}"
    return event_message(batch.client_id, event_type, payload, id=event_id, at=at)
