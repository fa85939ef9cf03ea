"""Who of a batch gets it: asked when it is sent, not when the audience was written down."""

from collections.abc import Mapping
from dataclasses import replace

from groundswell.campaigns.dispatching import Work, World
from groundswell.campaigns.ledger import Batch, Delivery, State
from groundswell.campaigns.model import Campaign, Channel, duration
from groundswell.campaigns.recipients import address_of
from groundswell.campaigns.timing import is_stale
from groundswell.campaigns.variants import settled_variant
from groundswell.leads.model import Lead

_REASON = 300
_FALLS_BACK = frozenset({"no_address", "hard_bounce"})
"""Reasons for which no e-mail reaches somebody, who did not say no."""


class Screen:
    def __init__(self, world: World) -> None:
        self._world = world

    def screened(self, work: Work, batch: Batch, leads: Mapping[str, Lead]) -> Batch:
        """Without those who are gone, or do not want it: asked now, not when the audience was written down."""
        campaign = work.campaign
        capped = self._capped(campaign, leads)
        refusals = {**capped, **self._refusals(work, leads, campaign.channel)}
        others = {**capped, **self._refusals(work, leads, Channel.TELEGRAM)} if campaign.fallback else {}
        now = self._world.now()

        def screen(_: int, one: Delivery) -> Delivery:
            if one.state is not State.PENDING:
                return one
            one = replace(one, variant=settled_variant(campaign, one.variant))
            lead = leads.get(one.lead_id)
            if lead is None:
                return one.moved(State.SUPPRESSED, now, "lead_gone")
            if is_stale(campaign, lead, now):
                return one.moved(State.SUPPRESSED, now, f"stale: {campaign.rules.stale_after} after their local time")
            to, reason = address_of(lead, campaign.channel), refusals.get(lead.id)
            reason = reason or (None if to else "no_address")
            if campaign.fallback and (one.channel or reason in _FALLS_BACK):
                chat, refused = address_of(lead, Channel.TELEGRAM), others.get(lead.id)
                if chat and not refused:
                    return replace(one, to=chat, channel=Channel.TELEGRAM.value)
                reason = reason or refused or "no_address"
            if reason:
                return one.moved(State.SUPPRESSED, now, reason[:_REASON])
            return replace(one, to=to)

        return batch.with_each(screen)

    def _refusals(self, work: Work, leads: Mapping[str, Lead], channel: Channel) -> Mapping[str, str]:
        refusals = self._world.audiences.refusals(work.campaign.client_id, list(leads.values()), channel, work.opt_outs)
        return {**_unasked(work, leads, channel), **refusals}

    def _capped(self, campaign: Campaign, leads: Mapping[str, Lead]) -> Mapping[str, str]:
        """Those that got enough of late, on whatever channel."""
        cap = campaign.rules.frequency_cap
        if cap is None:
            return {}
        since = self._world.now() - duration(cap.window)
        return {
            lead_id: "frequency_cap"
            for lead_id in leads
            if self._world.sent_since(campaign.client_id, lead_id, since) >= cap.messages
        }


def _unasked(work: Work, leads: Mapping[str, Lead], channel: Channel) -> Mapping[str, str]:
    """Those of whom no consent is known, where the client writes to nobody else."""
    if not work.needs_consent:
        return {}
    consents = {lead.id: lead.consent.get(channel.value) for lead in leads.values()}
    return {lead_id: "no_consent" for lead_id, consent in consents.items() if not (consent and consent.granted)}
