"""What comes back: openings, clicks, bounces, complaints, people who leave. Told twice, it counts once."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from groundswell.audience.model import Channel, Reason
from groundswell.campaigns.facts import tidings
from groundswell.campaigns.ledger import LEFT, Batch, Click, Delivery, DeliveryNotFound, State, is_of_test, place_of
from groundswell.campaigns.machines import clicked
from groundswell.kernel.errors import PreconditionFailed
from groundswell.kernel.message import Message
from groundswell.leads.model import Lead
from groundswell.leads.timeline import Entry

_ATTEMPTS = 8
SOFT_BOUNCES_AT_MOST = 5
"""In a row: then the address is as good as none."""
_LOOKED_AT = 12
_REASON = 300
_ON_ITS_WAY = LEFT | {State.CLAIMED}


class Kind(StrEnum):
    """What a provider reports. `rejected`: it did not send this message; the address may be good."""

    SENT = "sent"
    DELIVERED = "delivered"
    REJECTED = "rejected"
    HARD_BOUNCE = "hard_bounce"
    SOFT_BOUNCE = "soft_bounce"
    COMPLAINT = "complaint"
    UNSUBSCRIBED = "unsubscribed"


@dataclass(frozen=True)
class Report:
    client_id: str
    delivery_id: str
    kind: Kind
    reason: str | None = None


class FeedbackStore(Protocol):
    def find(self, client_id: str, campaign_id: str, number: int) -> Batch | None: ...

    def tell(
        self, before: Batch, after: Batch, lead_id: str, timeline: Sequence[Entry], messages: Sequence[Message]
    ) -> Batch:
        """With what the lead's timeline says of it. Raises PreconditionFailed."""

    def last_deliveries(self, client_id: str, lead_id: str, limit: int) -> Sequence[Delivery]:
        """Of the newest campaigns to that lead, the newest first."""


class OptOuts(Protocol):
    def opt_out(self, client_id: str, channel: Channel, address: str, reason: Reason, source: str | None) -> object: ...


class Leads(Protocol):
    def find_many(self, client_id: str, lead_ids: Collection[str]) -> tuple[Lead, ...]: ...


class Feedback:
    def __init__(self, store: FeedbackStore, opt_outs: OptOuts, leads: Leads, now: Callable[[], datetime]) -> None:
        self._store = store
        self._opt_outs = opt_outs
        self._leads = leads
        self._now = now

    def opened(self, client_id: str, delivery_id: str, *, machine: bool) -> None:
        """An opening by a machine says nothing of the person, and a later one by the person still counts. Two calls
        of AWS: who opened is told by the sender's worker."""
        now = self._now()

        def change(one: Delivery) -> Delivery:
            if machine:
                return replace(arrived(one, now), opened_by_machine=True)
            return replace(arrived(one, now), opened_at=one.opened_at or now)

        self._note(client_id, delivery_id, change)

    def clicked(self, client_id: str, delivery_id: str, link: int, *, machine: bool) -> None:
        """Also a look at the way out or the preferences, by their numbers: a scanner follows these, too."""
        now = self._now()
        self._note(client_id, delivery_id, lambda one: clicked(arrived(one, now), Click(link, now, machine)))

    def unsubscribed(self, client_id: str, delivery_id: str, lead_id: str) -> None:
        """At once and for good, whatever became of the campaign: the address is not written to any more. By a test's
        link nobody leaves."""
        if is_of_test(delivery_id):
            return
        one, lead = self._find(client_id, delivery_id), self._lead(client_id, lead_id)
        address = (lead.email if lead else None) or (one.to if one else None)
        if address:
            self._leave(client_id, address, Reason.UNSUBSCRIBED, delivery_id)
        self._note(client_id, delivery_id, lambda delivery: replace(delivery, unsubscribed=True), lead)

    def reported(self, report: Report) -> None:
        """What the provider says. Raises DeliveryNotFound for what is none of ours."""
        one = self._find(report.client_id, report.delivery_id)
        if one is None:
            raise DeliveryNotFound
        reason = _REASONS.get(report.kind)
        if reason and one.to and not _known(one, report.kind):
            self._leave(report.client_id, one.to, reason, report.delivery_id)
        now = self._now()
        lead = self._lead(report.client_id, one.lead_id) if report.kind in _DOINGS else None
        self._note(report.client_id, report.delivery_id, lambda delivery: moved_by(delivery, report, now), lead)
        if report.kind is Kind.SOFT_BOUNCE and one.to and self._bounces_always(report.client_id, one.lead_id, one.to):
            self._leave(report.client_id, one.to, Reason.HARD_BOUNCE, report.delivery_id)

    def _bounces_always(self, client_id: str, lead_id: str, to: str) -> bool:
        """A mailbox that took none of the last messages: by the records, so that a report told twice counts once."""
        deliveries = self._store.last_deliveries(client_id, lead_id, _LOOKED_AT)
        last = [delivery for delivery in deliveries if delivery.to == to and delivery.state in LEFT][
            :SOFT_BOUNCES_AT_MOST
        ]
        return len(last) == SOFT_BOUNCES_AT_MOST and all(delivery.bounce == "soft" for delivery in last)

    def _leave(self, client_id: str, address: str, reason: Reason, delivery_id: str) -> None:
        self._opt_outs.opt_out(client_id, Channel.EMAIL, address, reason, f"campaign:{delivery_id}")

    def _lead(self, client_id: str, lead_id: str) -> Lead | None:
        return next(iter(self._leads.find_many(client_id, [lead_id])), None)

    def _find(self, client_id: str, delivery_id: str) -> Delivery | None:
        try:
            campaign_id, number, place = place_of(delivery_id)
        except DeliveryNotFound:  # a test's
            return None
        batch = self._store.find(client_id, campaign_id, number)
        return batch.deliveries[place] if batch and place < len(batch.deliveries) else None

    def _note(
        self,
        client_id: str,
        delivery_id: str,
        change: Callable[[Delivery], Delivery],
        lead: Lead | None = None,
    ) -> None:
        """Nothing is written where nothing changes; what is gone is not missed."""
        try:
            campaign_id, number, place = place_of(delivery_id)
        except DeliveryNotFound:
            return
        for _ in range(_ATTEMPTS):
            before = self._store.find(client_id, campaign_id, number)
            if before is None or place >= len(before.deliveries):
                return
            after = before.changed(place, change)
            if after == before:
                return
            news = tidings(before, after, place, lead, self._now())
            try:
                self._store.tell(before, after, after.deliveries[place].lead_id, news.entries, news.messages)
            except PreconditionFailed:
                continue
            return
        raise PreconditionFailed


def arrived(one: Delivery, now: datetime) -> Delivery:
    """Somebody has it before them: what was in doubt was sent."""
    return one.moved(State.SENT, now) if one.state is State.UNKNOWN else one


def moved_by(one: Delivery, report: Report, now: datetime) -> Delivery:
    """The record after a report. Reports come in any order: a bounce is the last word, and a delivery comes before
    complaints."""
    reason = (report.reason or "")[:_REASON] or None
    match report.kind:
        case Kind.SENT:
            return arrived(one, now)
        case Kind.REJECTED if one.state in _ON_ITS_WAY - {State.BOUNCED, State.DELIVERED}:
            return one.moved(State.FAILED, now, reason)
        case Kind.DELIVERED if one.state in _ON_ITS_WAY - {State.BOUNCED}:
            return one if one.state is State.DELIVERED else one.moved(State.DELIVERED, now)
        case Kind.HARD_BOUNCE if one.state in _ON_ITS_WAY and one.bounce != "hard":
            return replace(one.moved(State.BOUNCED, now, reason), bounce="hard")
        case Kind.SOFT_BOUNCE if one.state in _ON_ITS_WAY and one.bounce is None:
            return replace(one.moved(State.BOUNCED, now, reason), bounce="soft")
        case Kind.COMPLAINT:
            return replace(arrived(one, now), complained=True)
        case Kind.UNSUBSCRIBED:
            return replace(arrived(one, now), unsubscribed=True)
    return one


def _known(one: Delivery, kind: Kind) -> bool:
    """It was reported before: whoever took it back since, as people do on the page of preferences, stays."""
    match kind:
        case Kind.HARD_BOUNCE:
            return one.bounce == "hard"
        case Kind.COMPLAINT:
            return one.complained
    return one.unsubscribed


_REASONS: dict[Kind, Reason] = {
    Kind.HARD_BOUNCE: Reason.HARD_BOUNCE,
    Kind.COMPLAINT: Reason.COMPLAINT,
    Kind.UNSUBSCRIBED: Reason.UNSUBSCRIBED,
}
_DOINGS = frozenset({Kind.COMPLAINT, Kind.UNSUBSCRIBED})
"""What the recipient did, and not the mailbox."""
