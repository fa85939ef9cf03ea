"""What sending one batch needs of the world: the ledger, the audience, a provider, and an order to work on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from groundswell.audience.opt_outs import Known
from groundswell.campaigns.audience import Audiences, Leads
from groundswell.campaigns.content import Content
from groundswell.campaigns.ledger import Batch, Delivery
from groundswell.campaigns.limits import Hold
from groundswell.campaigns.messages import Order
from groundswell.campaigns.model import Campaign
from groundswell.campaigns.outcomes import Outgoing, Provider
from groundswell.campaigns.progress import Progress
from groundswell.leads.model import Lead
from groundswell.outbound.model import Circuits


@dataclass(frozen=True)
class Loaded:
    """What one read finds. `needs_consent`: the client writes to those alone who agreed. `opt_outs` are those of the
    addresses that the order names."""

    campaign: Campaign | None = None
    batch: Batch | None = None
    needs_consent: bool = False
    leads: tuple[Lead, ...] = ()
    opt_outs: Known = field(default_factory=Known)


class SendStore(Protocol):
    def load(
        self,
        client_id: str,
        campaign_id: str,
        number: int,
        lead_ids: Sequence[str] = (),
        opt_out_ids: Sequence[str] = (),
    ) -> Loaded:
        """These leads and opt-outs are read, too."""

    def find(self, client_id: str, campaign_id: str, number: int) -> Batch | None: ...

    def save(self, before: Batch, after: Batch) -> Batch:
        """Raises PreconditionFailed if someone else wrote it first."""

    def sent(self, before: Batch, after: Batch, campaign: Campaign) -> Batch:
        """The same, and tells the leads' timelines what left."""

    def proceed(self, claimed: Batch, progress: Progress) -> bool:
        """Before the next messages leave. False: somebody closed this claim, and nothing more may leave by it."""

    def close(self, batch: Batch) -> Progress:
        """How far the batch's claim got. It gets no further."""


class Composer(Protocol):
    def outgoing(self, campaign: Campaign, content: Content, lead: Lead, delivery: Delivery, id: str) -> Outgoing:  # noqa: A002 - the field's own name
        """Raises Invalid for what nobody can send."""


@dataclass(frozen=True)
class World:
    """What the world gives.

    `provider` is the campaign's, and `circuit` names what breaks where that does not answer; `room` is how many seconds
    to wait before the next message may leave; `later` has an order come after so many seconds, `at` at that time;
    `sent_since` counts what a lead was sent since then; `time_left` says whether there is time for one more. `hold`
    says why a message to that address waits, and counts it where it does not.
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
    hold: Callable[[Campaign, str], Hold | None] = lambda *_: None


@dataclass(frozen=True)
class Work:
    """One order for a batch of a campaign."""

    order: Order
    campaign: Campaign
    needs_consent: bool
    leads: tuple[Lead, ...] = ()
    opt_outs: Known = field(default_factory=Known)
