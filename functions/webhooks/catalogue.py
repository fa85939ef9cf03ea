"""Every event that webhooks can get, collected from what features say of theirs."""

from collections.abc import Mapping
from typing import Any

from groundswell.alerts import events as alert_events
from groundswell.bookings import events as booking_events
from groundswell.campaigns import events as campaign_events
from groundswell.chat import events as chat_events
from groundswell.cms import events as page_events
from groundswell.creatives import events as creative_events
from groundswell.integrations import events as integration_events
from groundswell.leads import events as lead_events
from groundswell.scoring import events as score_events
from groundswell.social import events as social_events
from groundswell.tasks import events as task_events
from groundswell.validation import events as validation_events
from groundswell.webhooks import events
from groundswell.webinars import events as webinar_events
from groundswell.whitepapers import events as whitepaper_events

EVENTS: Mapping[str, Mapping[str, Any]] = {
    **events.EVENTS,
    **alert_events.EVENTS,
    **booking_events.EVENTS,
    **campaign_events.EVENTS,
    **chat_events.EVENTS,
    **integration_events.EVENTS,
    **creative_events.EVENTS,
    **lead_events.EVENTS,
    **page_events.EVENTS,
    **score_events.EVENTS,
    **social_events.EVENTS,
    **task_events.EVENTS,
    **validation_events.EVENTS,
    **webinar_events.EVENTS,
    **whitepaper_events.EVENTS,
}
"""Examples of `data` by type. A feature with a module `events` adds its `EVENTS` here."""
