"""A campaign to oneself, before others get it."""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol

from groundswell.campaigns.composing import Composer
from groundswell.campaigns.content import Content
from groundswell.campaigns.ledger import Delivery
from groundswell.campaigns.messages import Order
from groundswell.campaigns.model import Campaign, Channel
from groundswell.campaigns.outcomes import Provider
from groundswell.leads.model import Lead

_EPOCH = datetime.fromtimestamp(0, UTC)


class Campaigns(Protocol):
    def find(self, client_id: str, campaign_id: str) -> Campaign | None: ...


class Leads(Protocol):
    def find_many(self, client_id: str, lead_ids: Collection[str]) -> tuple[Lead, ...]: ...


class Tester:
    """`content` is the campaign's as it would be sent now."""

    def __init__(
        self,
        campaigns: Campaigns,
        content: Callable[[Campaign], Content],
        leads: Leads,
        composer: Composer,
        provider: Callable[[Campaign], Provider],
    ) -> None:
        self._campaigns = campaigns
        self._content = content
        self._leads = leads
        self._composer = composer
        self._provider = provider

    def send(self, order: Order) -> None:
        """Its links say that they are a test's, and change nothing."""
        campaign = self._campaigns.find(order.client_id, order.campaign_id)
        if campaign is None:
            return
        content, variant = self._content(campaign), int(order.more.get("variant") or 0)
        lead = self._lead(order)
        for number, address in enumerate(order.more["to"]):
            one = Delivery(lead.id, address, variant)
            message = self._composer.outgoing(campaign, content, lead, one, f"{order.more['id']}-{number}")
            self._provider(campaign).send(replace(message, subject=_marked(campaign, message.subject)))

    def _lead(self, order: Order) -> Lead:
        wanted = order.more.get("lead_id")
        leads = self._leads.find_many(order.client_id, [wanted]) if wanted else ()
        return leads[0] if leads else Lead("test", order.client_id, "", _EPOCH, _EPOCH, _EPOCH, _EPOCH)


def _marked(campaign: Campaign, subject: str) -> str:
    return f"[Test] {subject}" if campaign.channel is Channel.EMAIL else subject
