"""Sends one batch: claim, render, send, mark.

Nothing leaves before the claim is written, and nothing is claimed twice: a batch is written on the condition that
nobody else wrote it since it was read. A sender that dies leaves what it had claimed; whoever comes after its lease
closes that claim, and finds the few messages `unknown` that were in its hand, or none where the provider recognises
repeats. Throttling puts back what did not leave, and uses up no attempt.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from groundswell.campaigns.attempts import LONGEST_WAIT, paced
from groundswell.campaigns.dispatching import SendStore, Work, World
from groundswell.campaigns.handing_over import HandOver
from groundswell.campaigns.ledger import Batch, State
from groundswell.campaigns.limits import Hold
from groundswell.campaigns.messages import CHECKED, LEADS, OPT_OUTS, Order, send
from groundswell.campaigns.model import Campaign, Status
from groundswell.campaigns.outcomes import Provider
from groundswell.campaigns.progress import abandoned
from groundswell.campaigns.screening import Screen
from groundswell.campaigns.timing import due_of
from groundswell.campaigns.variants import WAITS
from groundswell.kernel.errors import PreconditionFailed
from groundswell.leads.model import Lead

_BUSY_AGAIN = 5


class Sender:
    def __init__(self, store: SendStore, world: World) -> None:
        self._store = store
        self._world = world
        self._screen = Screen(world)
        self._hand_over = HandOver(store, world)

    def send(self, order: Order) -> Campaign | None:
        """One batch. The campaign, if that may be over now."""
        wanted = order.more.get(LEADS, ()), order.more.get(OPT_OUTS, ())
        loaded = self._store.load(order.client_id, order.campaign_id, order.number, *wanted)
        campaign, batch = loaded.campaign, loaded.batch
        if campaign is None or batch is None or campaign.status is not Status.SENDING:
            return None
        try:
            return self._work(Work(order, campaign, loaded.needs_consent, loaded.leads, loaded.opt_outs), batch)
        except PreconditionFailed:  # somebody wrote the batch meanwhile: look again
            self._again(order, _BUSY_AGAIN)
            return None

    def _again(self, order: Order, seconds: float) -> None:
        """What a watch checks has an order of its own that comes again; another one would never end either."""
        if not order.more.get(CHECKED):
            self._world.later(order, seconds)

    def _work(self, work: Work, batch: Batch) -> Campaign | None:
        campaign, now = work.campaign, self._world.now()
        if batch.leased(now):
            left = (batch.leased_until - now).total_seconds() if batch.leased_until else 0
            self._again(work.order, left + 1)
            return None
        provider = self._world.provider(campaign)
        if batch.left_behind(now):
            batch = self._taken_over(campaign, batch, provider, now)
        leads = self._leads(work, batch)
        batch = self._save(batch, self._screen.screened(work, batch, leads))
        if not batch.has(State.PENDING):
            return campaign
        ready = self._ready(work, batch, leads)
        if not ready:
            return None
        broken = self._world.circuits.open_for(self._world.circuit(campaign))
        if wait := broken or self._world.room(campaign):
            self._again(work.order, paced(campaign, batch, wait, now))
            return None
        return self._sent_on(work, batch, leads, provider, ready)

    def _sent_on(
        self, work: Work, batch: Batch, leads: Mapping[str, Lead], provider: Provider, ready: frozenset[int]
    ) -> Campaign | None:
        campaign, holds = work.campaign, self._holds(work.campaign, batch, ready)
        batch = self._save(batch, _with_reasons(batch, holds))
        ready -= holds.keys()
        if not ready:
            self._hold_back(work, batch, holds)
            return None
        marked, wait = self._hand_over.run(campaign, batch, leads, provider, ready)
        if any(marked.deliveries[place].state is State.PENDING for place in ready):
            self._again(work.order, min(max(wait, 1.0), LONGEST_WAIT))
            return None
        if holds:
            self._hold_back(work, batch, holds)
            return None
        return campaign

    def _holds(self, campaign: Campaign, batch: Batch, ready: Collection[int]) -> dict[int, Hold]:
        """Those that the sender may not write to yet: it warms up, or their mailbox provider takes no more."""
        holds = {place: self._world.hold(campaign, batch.deliveries[place].to or "") for place in sorted(ready)}
        return {place: hold for place, hold in holds.items() if hold}

    def _hold_back(self, work: Work, batch: Batch, holds: Mapping[int, Hold]) -> None:
        """Somebody comes again when the first of them may leave."""
        seconds = min(hold.seconds for hold in holds.values())
        if seconds <= LONGEST_WAIT:
            self._again(work.order, seconds)
        elif not work.order.more.get(CHECKED):
            self._world.at(send(work.campaign, batch.number), self._world.now() + timedelta(seconds=seconds))

    def _taken_over(self, campaign: Campaign, batch: Batch, provider: Provider, now: datetime) -> Batch:
        """From a sender that died: it sends nothing more, and what it sent is told to those who got it."""
        progress = None if provider.recognises_repeats else self._store.close(batch)
        return self._store.sent(batch, abandoned(batch, now, progress), campaign)

    def _ready(self, work: Work, batch: Batch, leads: Mapping[str, Lead]) -> frozenset[int]:
        """Places of those that may be written to now. For the others somebody comes again, when their time has come;
        who waits for an experiment's winner is swept up then."""
        now = self._world.now()
        dues: dict[int, datetime | None] = {
            place: due_of(work.campaign, leads[one.lead_id], now)
            for place, one in enumerate(batch.deliveries)
            if one.state is State.PENDING and one.variant != WAITS
        }
        later = [due for due in dues.values() if due is not None]
        if later and not work.order.more.get(CHECKED):
            self._world.at(send(work.campaign, batch.number), min(later))
        return frozenset(place for place, due in dues.items() if due is None)

    def _save(self, before: Batch, after: Batch) -> Batch:
        return before if after == before else self._store.save(before, after)

    def _leads(self, work: Work, batch: Batch) -> Mapping[str, Lead]:
        """Most came with the batch. Those that did not, nobody asked for, or there are none."""
        lead_ids = set(work.order.more.get(LEADS, ()))
        more = [lead_id for lead_id in batch.waiting if lead_id not in lead_ids]
        leads = (*work.leads, *(self._world.leads.find_many(batch.client_id, more) if more else ()))
        return {lead.id: lead for lead in leads if not lead.merged_into}


def _with_reasons(batch: Batch, holds: Mapping[int, Hold]) -> Batch:
    return batch.with_each(lambda place, one: replace(one, reason=holds[place].reason) if place in holds else one)
