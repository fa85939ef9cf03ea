"""Writes the audience down: a record for each recipient, once, whatever is repeated or dies."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import batched
from typing import Protocol

from groundswell.audience.opt_outs import opt_out_ids
from groundswell.campaigns.audience import Audiences, Leads
from groundswell.campaigns.ledger import BATCH, Batch, Delivery, Plan, State
from groundswell.campaigns.messages import Order, plan, send
from groundswell.campaigns.model import Campaign, Channel
from groundswell.campaigns.recipients import address_of
from groundswell.campaigns.variants import Draw, draw
from groundswell.kernel.message import Message
from groundswell.kernel.page import Page, Position
from groundswell.leads.model import Lead
from groundswell.schedules.timers import Timer

PAGE = 200
"""Recipients written down in one transaction."""
_EMPTY_AT_MOST = 10
_ADDRESSES_AT_MOST = 50
"""Addresses that an order names: a batch with more of them costs a read of its own."""


class PlanStore(Protocol):
    def plan(self, client_id: str, campaign_id: str) -> Plan: ...

    def add(
        self,
        campaign: Campaign,
        before: Plan,
        after: Plan,
        batches: Sequence[Batch],
        messages: Sequence[Message],
        timers: Sequence[Timer],
    ) -> None:
        """Raises PreconditionFailed where the plan went on meanwhile."""


class Planner:
    def __init__(self, store: PlanStore, audiences: Audiences, leads: Leads, now: Callable[[], datetime]) -> None:
        self._store = store
        self._audiences = audiences
        self._leads = leads
        self._now = now

    def write_down(self, campaign: Campaign, order: Order) -> bool:
        """Some more of the audience. Whether that was all of it. Raises PreconditionFailed for whom another planner
        was faster than."""
        before = self._store.plan(campaign.client_id, campaign.id)
        if before.done:
            return True
        if not campaign.status.active or order.number != before.version:
            return False
        page = self._next_page(campaign, before.position)
        leads = {lead.id: lead for lead in self._leads.find_many(campaign.client_id, page.items)}
        batches = self._batches(campaign, before.number, page.items, leads)
        after = Plan(campaign.run, page.next, before.number + len(batches), page.next is None)
        due = [batch for batch in batches if batch.has(State.PENDING) and _decided(batch)]
        orders = [_order(campaign, batch, leads) for batch in due]
        orders += [] if after.done else [plan(campaign, before.version + 1)]
        self._store.add(campaign, before, after, batches, [order.message for order in orders], ())
        return after.done

    def _next_page(self, campaign: Campaign, position: Position | None) -> Page[str]:
        """The next page that has anybody on it."""
        page = self._audiences.recipients(campaign.client_id, campaign.audience, PAGE, position)
        for _ in range(_EMPTY_AT_MOST):
            if page.items or page.next is None:
                return page
            page = self._audiences.recipients(campaign.client_id, campaign.audience, PAGE, page.next)
        return page

    def _batches(
        self, campaign: Campaign, number: int, lead_ids: Sequence[str], leads: Mapping[str, Lead]
    ) -> list[Batch]:
        records = [self._record(campaign, lead_id, leads.get(lead_id)) for lead_id in lead_ids]
        sorted_out = sorted(records, key=lambda record: record.variant < 0)  # what waits for a winner, apart
        return [
            Batch(campaign.client_id, campaign.id, number + place, campaign.run, batch)
            for place, batch in enumerate(batched(sorted_out, BATCH, strict=False))
        ]

    def _record(self, campaign: Campaign, lead_id: str, lead: Lead | None) -> Delivery:
        drawn = draw(Draw(campaign.id, campaign.variants, campaign.ab), lead_id)
        if lead is None or lead.merged_into:
            return Delivery(lead_id, variant=drawn).moved(State.SUPPRESSED, self._now(), "lead_gone")
        to = address_of(lead, campaign.channel)
        if to is None and campaign.fallback and lead.telegram_chat_id:
            return Delivery(lead_id, lead.telegram_chat_id, drawn, channel=Channel.TELEGRAM.value)
        if to is None:
            return Delivery(lead_id, variant=drawn).moved(State.SUPPRESSED, self._now(), "no_address")
        return Delivery(lead_id, to, drawn)


def _order(campaign: Campaign, batch: Batch, leads: Mapping[str, Lead]) -> Order:
    """With all that is to be read for it, so that one call does."""
    channels = {campaign.channel, *([Channel.TELEGRAM] if campaign.fallback else [])}
    waiting = [leads[lead_id] for lead_id in batch.waiting]
    ids = {opt_out_id for lead in waiting for way in channels for opt_out_id in opt_out_ids(lead.client_id, lead, way)}
    named = sorted(ids) if len(ids) <= _ADDRESSES_AT_MOST else ()
    return send(campaign, batch.number, leads=batch.waiting, opt_outs=named)


def _decided(batch: Batch) -> bool:
    """Somebody in it does not wait for an experiment's winner."""
    return any(delivery.variant >= 0 for delivery in batch.deliveries if delivery.state is State.PENDING)
