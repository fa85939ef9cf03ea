"""Sends one batch: claim, render, send, mark.

Nothing leaves before the claim is written, and nothing is claimed twice: a batch is written on the condition that
nobody else wrote it since it was read. A sender that dies leaves what it had claimed; whoever comes after its lease
finds it `unknown`, or sends it again where the provider recognises repeats. Throttling puts back what did not leave,
and uses up no attempt.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from groundswell.campaigns.audience import Audiences, Leads
from groundswell.campaigns.content import FALLBACK, Content
from groundswell.campaigns.ledger import BATCH, Batch, Delivery, State
from groundswell.campaigns.messages import CHECKED, LEADS, Order, send
from groundswell.campaigns.model import Campaign, Channel, Status, duration
from groundswell.campaigns.outcomes import Outcome, Outgoing, Provider, Refused, Sent, Throttled, Unknown
from groundswell.campaigns.recipients import address_of, lead_values
from groundswell.campaigns.timing import due_of
from groundswell.campaigns.variants import WAITS, settled_variant
from groundswell.kernel.errors import Invalid, PreconditionFailed
from groundswell.leads.model import Lead
from groundswell.outbound.model import Circuits

ATTEMPTS_AT_MOST = 6
_WAITS = (30, 120, 300, 600, 900)
"""Seconds before the next attempt at what was refused for now."""
_BUSY_AGAIN = 5
_MARKS_AT_MOST = 8
_LONGEST_WAIT = 900
"""Seconds that SQS delays a message at most."""
_REASON = 300
_FALLS_BACK = frozenset({"no_address", "hard_bounce"})
"""Reasons for which no e-mail reaches somebody, who did not say no."""


@dataclass(frozen=True)
class Loaded:
    """What one read finds. `needs_consent`: the client writes to those alone who agreed."""

    campaign: Campaign | None = None
    batch: Batch | None = None
    needs_consent: bool = False
    leads: tuple[Lead, ...] = ()


class SendStore(Protocol):
    def load(self, client_id: str, campaign_id: str, number: int, lead_ids: Sequence[str] = ()) -> Loaded:
        """`lead_ids` are those that are read, too."""

    def find(self, client_id: str, campaign_id: str, number: int) -> Batch | None: ...

    def save(self, before: Batch, after: Batch) -> Batch:
        """Raises PreconditionFailed if someone else wrote it first."""

    def sent(self, before: Batch, after: Batch, campaign: Campaign) -> Batch:
        """The same, and tells the leads' timelines what left."""


class Composer(Protocol):
    def outgoing(self, campaign: Campaign, content: Content, lead: Lead, delivery: Delivery, id: str) -> Outgoing:  # noqa: A002 - the field's own name
        """Raises Invalid for what nobody can send."""


@dataclass(frozen=True)
class World:
    """What the world gives.

    `provider` is the campaign's, and `circuit` names what breaks where that does not answer; `room` is how many seconds
    to wait before the next message may leave; `later` has an order come after so many seconds, `at` at that time;
    `sent_since` counts what a lead was sent since then; `time_left` says whether there is time for one more.
    """

    audiences: Audiences
    leads: Leads
    content: Callable[[Campaign], Content]
    composer: Composer
    provider: Callable[[Campaign], Provider]
    room: Callable[[Campaign], float]
    later: Callable[[Order, float], None]
    at: Callable[[Order, datetime], None]
    sent_since: Callable[[str, str, datetime], int]
    now: Callable[[], datetime]
    new_token: Callable[[], str]
    time_left: Callable[[], bool]
    lease: timedelta
    circuits: Circuits
    circuit: Callable[[Campaign], str]


class Sender:
    def __init__(self, store: SendStore, world: World) -> None:
        self._store = store
        self._world = world

    def send(self, order: Order) -> Campaign | None:
        """One batch. The campaign, if that may be over now."""
        wanted = order.more.get(LEADS, ())
        loaded = self._store.load(order.client_id, order.campaign_id, order.number, wanted)
        campaign, batch = loaded.campaign, loaded.batch
        if campaign is None or batch is None or campaign.status is not Status.SENDING:
            return None
        try:
            return self._work(_Work(order, campaign, loaded.needs_consent, loaded.leads), batch)
        except PreconditionFailed:  # somebody wrote the batch meanwhile: look again
            self._again(order, _BUSY_AGAIN)
            return None

    def _again(self, order: Order, seconds: float) -> None:
        """What a watch checks has an order of its own that comes again; another one would never end either."""
        if not order.more.get(CHECKED):
            self._world.later(order, seconds)

    def _work(self, work: "_Work", batch: Batch) -> Campaign | None:
        campaign, now = work.campaign, self._world.now()
        if batch.leased(now):
            left = (batch.leased_until - now).total_seconds() if batch.leased_until else 0
            self._again(work.order, left + 1)
            return None
        provider = self._world.provider(campaign)
        batch = self._save(batch, batch.abandoned(now, recognises_repeats=provider.recognises_repeats))
        leads = self._leads(work, batch)
        batch = self._save(batch, self._screened(work, batch, leads))
        if not batch.has(State.PENDING):
            return campaign
        ready = self._ready(work, batch, leads)
        if not ready:
            return None
        broken = self._world.circuits.open_for(self._world.circuit(campaign))
        if wait := broken or self._world.room(campaign):
            self._again(work.order, paced(campaign, batch, wait, now))
            return None
        return self._dispatch(work, batch, leads, provider, ready)

    def _ready(self, work: "_Work", batch: Batch, leads: Mapping[str, Lead]) -> frozenset[int]:
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

    def _leads(self, work: "_Work", batch: Batch) -> Mapping[str, Lead]:
        """Most came with the batch. Those that did not, nobody asked for, or there are none."""
        asked = set(work.order.more.get(LEADS, ()))
        more = [each for each in batch.waiting if each not in asked]
        found = (*work.leads, *(self._world.leads.find_many(batch.client_id, more) if more else ()))
        return {lead.id: lead for lead in found if not lead.merged_into}

    def _screened(self, work: "_Work", batch: Batch, leads: Mapping[str, Lead]) -> Batch:
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

        return batch.each(screen)

    def _refusals(self, work: "_Work", leads: Mapping[str, Lead], channel: Channel) -> Mapping[str, str]:
        found = self._world.audiences.refusals(work.campaign.client_id, list(leads.values()), channel)
        return {**_unasked(work, leads, channel), **found}

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

    def _dispatch(
        self,
        work: "_Work",
        batch: Batch,
        leads: Mapping[str, Lead],
        provider: Provider,
        ready: frozenset[int],
    ) -> Campaign | None:
        campaign, circuit = work.campaign, self._world.circuit(work.campaign)
        messages = self._composed(campaign, batch, leads, ready)
        now, token = self._world.now(), self._world.new_token()
        claimed = self._store.save(batch, batch.claimed(token, now, now + self._world.lease, ready))
        outcomes: dict[int, Delivery] = {}
        wait = 0.0
        for place, one in enumerate(claimed.deliveries):
            if one.state is not State.CLAIMED:
                continue
            full = self._world.room(campaign) if outcomes else 0.0  # the first one's room was taken before the claim
            outcome = Throttled(full) if full else _handed_over(provider, messages[place])
            done = after(one, outcome, self._world.now(), repeatable=provider.recognises_repeats)
            outcomes[place] = _fallen_back(campaign, leads[one.lead_id], done, outcome)
            self._note(circuit, outcome)
            broken = self._world.circuits.open_for(circuit)
            wait = max(wait, wait_of(outcomes[place], outcome), broken)
            if isinstance(outcome, Throttled) or broken or not self._world.time_left():
                wait = max(wait, 1.0)
                break
        marked = self._mark(campaign, claimed, token, outcomes)
        if any(marked.deliveries[place].state is State.PENDING for place in ready):
            self._again(work.order, min(max(wait, 1.0), _LONGEST_WAIT))
            return None
        return campaign

    def _note(self, circuit: str, outcome: Outcome) -> None:
        """Whether the provider is there: who refuses or throttles is."""
        if isinstance(outcome, Unknown) or (isinstance(outcome, Throttled) and outcome.down):
            self._world.circuits.failed(circuit)
        else:
            self._world.circuits.succeeded(circuit)

    def _composed(
        self, campaign: Campaign, batch: Batch, leads: Mapping[str, Lead], ready: frozenset[int]
    ) -> dict[int, Outgoing | Refused]:
        """Before anything is claimed: what fails here was in nobody's hands."""
        content = self._world.content(campaign)
        return {place: self._message(campaign, content, batch, place, leads) for place in ready}

    def _message(
        self, campaign: Campaign, content: Content, batch: Batch, place: int, leads: Mapping[str, Lead]
    ) -> Outgoing | Refused:
        one = batch.deliveries[place]
        lead = leads[one.lead_id]
        letter = content.letter(FALLBACK if one.channel else one.variant, lead.locale)
        if missing := letter.missing(known_values(lead)):
            return Refused(f"no value for {', '.join(missing)}"[:_REASON], permanent=True)
        try:
            return self._world.composer.outgoing(campaign, content, lead, one, batch.delivery_id(place))
        except Invalid as error:
            return Refused(_said(error), permanent=True)

    def _mark(self, campaign: Campaign, claimed: Batch, token: str, outcomes: Mapping[int, Delivery]) -> Batch:
        """Feedback may have written the batch meanwhile: then again, on what there is now."""
        batch = claimed
        for _ in range(_MARKS_AT_MOST):
            try:
                return self._store.sent(batch, batch.settled(token, outcomes), campaign)
            except PreconditionFailed:
                found = self._store.find(batch.client_id, batch.campaign_id, batch.number)
                if found is None or found.token != token:
                    return found or claimed
                batch = found
        raise PreconditionFailed


@dataclass(frozen=True)
class _Work:
    """One order for a batch of a campaign."""

    order: Order
    campaign: Campaign
    needs_consent: bool
    leads: tuple[Lead, ...] = ()


def _unasked(work: _Work, leads: Mapping[str, Lead], channel: Channel) -> Mapping[str, str]:
    """Those of whom no consent is known, where the client writes to nobody else."""
    if not work.needs_consent:
        return {}
    consents = {lead.id: lead.consent.get(channel.value) for lead in leads.values()}
    return {lead_id: "no_consent" for lead_id, each in consents.items() if not (each and each.granted)}


def _fallen_back(campaign: Campaign, lead: Lead, done: Delivery, outcome: Outcome) -> Delivery:
    """Whose address there is none of waits for the other channel."""
    gone = isinstance(outcome, Refused) and outcome.invalid_address and done.state is State.FAILED
    if campaign.fallback is None or done.channel or not gone or not lead.telegram_chat_id:
        return done
    return replace(done, state=State.PENDING, channel=Channel.TELEGRAM.value, attempts=0)


def _handed_over(provider: Provider, message: Outgoing | Refused) -> Outcome:
    return message if isinstance(message, Refused) else provider.send(message)


def known_values(lead: Lead) -> dict[str, Any]:
    """The lead's own, and stand-ins for what every message has."""
    return {**lead_values(lead), "unsubscribe_url": "-", "preferences_url": "-", "campaign_name": "-"}


def after(one: Delivery, outcome: Outcome, now: datetime, *, repeatable: bool = False) -> Delivery:
    """The record after an attempt. `repeatable`: what may have left is sent again, and the provider knows it."""
    match outcome:
        case Sent(provider_id):
            tried = replace(one, provider_id=provider_id, attempts=one.attempts + 1)
            return tried.moved(State.SENT, now)
        case Throttled():
            return replace(one, state=State.PENDING)
        case Unknown(reason):
            tried = replace(one, attempts=one.attempts + 1)
            again = repeatable and tried.attempts < ATTEMPTS_AT_MOST
            return tried.moved(State.PENDING if again else State.UNKNOWN, now, reason[:_REASON])
        case Refused(reason, permanent):
            tried = replace(one, attempts=one.attempts + 1)
            over = permanent or tried.attempts >= ATTEMPTS_AT_MOST
            return tried.moved(State.FAILED if over else State.PENDING, now, reason[:_REASON])


def wait_of(one: Delivery, outcome: Outcome) -> float:
    """Seconds before what did not leave is tried again."""
    if isinstance(outcome, Throttled):
        return max(outcome.seconds, 1.0)
    if one.state is State.PENDING:
        return float(_WAITS[min(one.attempts, len(_WAITS)) - 1])
    return 0.0


def _said(error: Invalid) -> str:
    return "; ".join(f"{each.field}: {each.message}" for each in error.problems) or error.text


def paced(campaign: Campaign, batch: Batch, wait: float, now: datetime) -> float:
    """Seconds until a batch's turn: those that have no room now must not all come back at once."""
    rate, began = campaign.rules.throttle_per_minute, campaign.started_at
    if not rate or began is None:
        return min(wait, _LONGEST_WAIT)
    turn = batch.number * BATCH * 60 / rate - (now - began).total_seconds()
    return min(max(wait, turn), _LONGEST_WAIT)


def waiting(batches: Sequence[Batch], now: datetime) -> list[int]:
    """Numbers of those that somebody has to look at: something waits, or a claim's time is over."""
    return [
        each.number for each in batches if each.has(State.PENDING) or (each.has(State.CLAIMED) and not each.leased(now))
    ]
