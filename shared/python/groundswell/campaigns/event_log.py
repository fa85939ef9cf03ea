"""What the client's log of events is told of deliveries, by the names of Segment's e-mail events.

What was done to somebody (sent, delivered, bounced) names nobody there: whoever gets a mail is not active by that. What
they did names them: by the lead's id as a visitor's, and by its distinct id as a user's.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from groundswell.campaigns.ledger import Batch
from groundswell.campaigns.model import Channel
from groundswell.kernel.clock import millis
from groundswell.kernel.message import Message
from groundswell.leads.model import Lead

if TYPE_CHECKING:
    from groundswell.events.eventlog.model import Event

SENT, DELIVERED, OPENED, CLICKED = "Email Sent", "Email Delivered", "Email Opened", "Email Link Clicked"
BOUNCED, COMPLAINED, UNSUBSCRIBED = "Email Bounced", "Email Marked as Spam", "Unsubscribed"
TELEGRAM_SENT = "Telegram Message Sent"
SOURCE = b'{"protocol":"campaigns"}'


@dataclass(frozen=True)
class Happening:
    """Something of one delivery, of which there is one for each `key`. `lead` is who did it."""

    name: str
    place: int
    at: datetime
    key: str
    lead: Lead | None = None
    more: tuple[tuple[str, Any], ...] = ()


def sent_name(channel: Channel) -> str:
    return SENT if channel is Channel.EMAIL else TELEGRAM_SENT


def logged(batch: Batch, happenings: Sequence[Happening]) -> list[Message]:
    """For the outbox of the transaction that makes it true."""
    if not happenings:
        return []
    from groundswell.events.coalescer.outbox import arrivals  # packs blocks, which few who know the ledger need

    first = happenings[0]
    message_id = f"{batch.delivery_id(first.place)}:{first.key}:{len(happenings)}"
    newest = max(happening.at for happening in happenings)
    return arrivals(batch.client_id, message_id, [_event(batch, happening) for happening in happenings], newest)


def _event(batch: Batch, one: Happening) -> "Event":
    from groundswell.events.eventlog.model import Event

    delivery_id, lead = batch.delivery_id(one.place), one.lead
    properties = {"campaign_id": batch.campaign_id, "delivery_id": delivery_id, **dict(one.more)}
    if (variant := batch.deliveries[one.place].variant) >= 0:
        properties["variant"] = variant
    return Event(
        id=f"{delivery_id}-{one.key}",
        kind="track",
        name=one.name,
        ts=millis(one.at),
        user_id=lead.distinct_id if lead else None,
        anonymous_id=lead.id if lead else None,
        properties=json.dumps(properties).encode(),
        source=SOURCE,
    )
