"""Claims what may leave of a batch, hands it to the provider, and marks what became of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from groundswell.campaigns.attempts import after, fallen_back, wait_of
from groundswell.campaigns.content import FALLBACK, Content
from groundswell.campaigns.dispatching import SendStore, World
from groundswell.campaigns.ledger import Batch, Delivery
from groundswell.campaigns.model import Campaign
from groundswell.campaigns.outcomes import Outcome, Outgoing, Provider, Refused, Throttled, Unknown
from groundswell.campaigns.progress import HAND, Progress
from groundswell.campaigns.recipients import lead_values
from groundswell.kernel.errors import Invalid, PreconditionFailed
from groundswell.leads.model import Lead

_MARKS_AT_MOST = 8
_REASON = 300


@dataclass
class Turn:
    """One claim: what was handed over by it. `wait`: seconds before those that did not leave are tried again."""

    campaign: Campaign
    claimed: Batch
    leads: Mapping[str, Lead]
    provider: Provider
    outcomes: dict[int, Delivery] = field(default_factory=dict)
    wait: float = 0.0


class HandOver:
    def __init__(self, store: SendStore, world: World) -> None:
        self._store = store
        self._world = world

    def run(
        self,
        campaign: Campaign,
        batch: Batch,
        leads: Mapping[str, Lead],
        provider: Provider,
        ready: Collection[int],
    ) -> tuple[Batch, float]:
        """The batch afterwards, and seconds before what waits in it is tried again."""
        messages = self._composed(campaign, batch, leads, ready)
        batch = self._hopeless(batch, messages)
        outgoing = {place: message for place, message in messages.items() if isinstance(message, Outgoing)}
        now, token = self._world.now(), self._world.new_token()
        claimed = self._store.save(batch, batch.claimed(token, now, now + self._world.lease, outgoing.keys()))
        turn = Turn(campaign, claimed, leads, provider)
        for place in sorted(outgoing):
            if not self._sent_on(turn, place, outgoing[place]):
                break
        return self._mark(campaign, claimed, token, turn.outcomes), turn.wait

    def _sent_on(self, turn: Turn, place: int, message: Outgoing) -> bool:
        """Whether the next one may follow."""
        full = self._world.room(turn.campaign) if turn.outcomes else 0.0  # the first one's was taken before the claim
        if not full and not self._may_leave(turn, place):
            turn.wait = 1.0
            return False
        outcome = Throttled(full) if full else turn.provider.send(message)
        one, circuit = turn.claimed.deliveries[place], self._world.circuit(turn.campaign)
        done = after(one, outcome, self._world.now(), repeatable=turn.provider.recognises_repeats)
        turn.outcomes[place] = fallen_back(turn.campaign, turn.leads[one.lead_id], done, outcome)
        self._note(circuit, outcome)
        broken = self._world.circuits.open_for(circuit)
        turn.wait = max(turn.wait, wait_of(turn.outcomes[place], outcome), broken)
        over = isinstance(outcome, Throttled) or bool(broken) or not self._world.time_left()
        turn.wait = max(turn.wait, 1.0) if over else turn.wait
        return not over

    def _may_leave(self, turn: Turn, place: int) -> bool:
        """What is in hand is written down first, so that no more than that is in doubt if we die. The claim says it of
        the first ones already, and providers that know repeats need none of it."""
        if turn.provider.recognises_repeats or not turn.outcomes or len(turn.outcomes) % HAND:
            return True
        return self._store.proceed(turn.claimed, Progress(place, turn.outcomes))

    def _note(self, circuit: str, outcome: Outcome) -> None:
        """Whether the provider is there: who refuses or throttles is."""
        if isinstance(outcome, Unknown) or (isinstance(outcome, Throttled) and outcome.down):
            self._world.circuits.failed(circuit)
        else:
            self._world.circuits.succeeded(circuit)

    def _hopeless(self, batch: Batch, messages: Mapping[int, Outgoing | Refused]) -> Batch:
        """Those that nobody can write to are done with the claim, and in nobody's hands."""
        now = self._world.now()

        def settle(place: int, one: Delivery) -> Delivery:
            message = messages.get(place)
            return after(one, message, now) if isinstance(message, Refused) else one

        return batch.with_each(settle)

    def _composed(
        self, campaign: Campaign, batch: Batch, leads: Mapping[str, Lead], ready: Collection[int]
    ) -> dict[int, Outgoing | Refused]:
        """Before anything is claimed: what fails here was in nobody's hands."""
        content = self._world.content(campaign)
        return {place: self._message(campaign, content, batch, place, leads) for place in ready}

    def _message(
        self, campaign: Campaign, content: Content, batch: Batch, place: int, leads: Mapping[str, Lead]
    ) -> Outgoing | Refused:
        one = batch.deliveries[place]
        lead = leads[one.lead_id]
        letter = content.prepared(FALLBACK if one.channel else one.variant, lead.locale)
        if letter.needed and (missing := letter.letter.missing(known_values(lead))):
            return Refused(f"no value for {', '.join(missing)}"[:_REASON], permanent=True)
        try:
            return self._world.composer.outgoing(campaign, content, lead, one, batch.delivery_id(place))
        except Invalid as error:
            return Refused(_problem(error), permanent=True)

    def _mark(self, campaign: Campaign, claimed: Batch, token: str, outcomes: Mapping[int, Delivery]) -> Batch:
        """Feedback may have written the batch meanwhile: then again, on what there is now."""
        batch = claimed
        for _ in range(_MARKS_AT_MOST):
            settled = batch.settled(token, outcomes)
            if settled == batch:
                return batch
            try:
                return self._store.sent(batch, settled, campaign)
            except PreconditionFailed:
                existing = self._store.find(batch.client_id, batch.campaign_id, batch.number)
                if existing is None or existing.token != token:
                    return existing or claimed
                batch = existing
        raise PreconditionFailed


def known_values(lead: Lead) -> dict[str, Any]:
    """The lead's own, and stand-ins for what every message has."""
    return {**lead_values(lead), "unsubscribe_url": "-", "preferences_url": "-", "campaign_name": "-"}


def _problem(error: Invalid) -> str:
    return "; ".join(f"{problem.field}: {problem.message}" for problem in error.problems) or error.text
