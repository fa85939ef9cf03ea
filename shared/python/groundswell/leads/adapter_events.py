"""What a lead did, by the log of events."""

import json
from datetime import UTC, datetime
from typing import Any

from groundswell.analytics.questions.model import Seen
from groundswell.analytics.questions.profiles import NobodyOfThatName, ProfileService
from groundswell.kernel.page import Page, Position
from groundswell.leads.model import Lead
from groundswell.leads.timeline import PRODUCT, Entry

_NOTED = (b'{"protocol":"campaigns"}',)
"""Sources of events that the timeline has an entry of already: their feature tells both."""


class ProfileEvents:
    """By the lead's `user_id`: who that is, with all their ids, the index of people says."""

    def __init__(self, profiles: ProfileService) -> None:
        self._profiles = profiles

    def page(self, lead: Lead, limit: int, position: Position | None) -> Page[Entry]:
        if (known := lead.user_id) is None:
            return Page(())
        try:
            page = self._profiles.timeline(lead.client_id, known, limit, position)
        except NobodyOfThatName:
            return Page(())
        return Page(
            tuple(_entry(seen_event) for seen_event in page.items if seen_event.event.source not in _NOTED), page.next
        )


def _entry(seen: Seen) -> Entry:
    event = seen.event
    at = datetime.fromtimestamp(event.ts / 1000, UTC)
    properties: dict[str, Any] = json.loads(event.properties) if event.properties else {}
    return Entry(event.id, at, PRODUCT, event.kind, event.name, None, "event", event.id, properties)
