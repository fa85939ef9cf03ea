"""What comes back: openings, clicks, bounces, complaints, people who leave. Told twice, it counts once."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from groundswell.audience.model import Channel, Reason
from groundswell.campaigns.events import BOUNCED, COMPLAINED, UNSUBSCRIBED, delivery_event
from groundswell.campaigns.ledger import LEFT, Batch, Click, Delivery, DeliveryNotFound, State, place_of
from groundswell.campaigns.machines import with_click
from groundswell.campaigns.timeline import entry
from groundswell.kernel.errors import PreconditionFailed
from groundswell.kernel.message import Message
from groundswell.leads.model import Lead
from groundswell.leads.timeline import Entry

_ATTEMPTS = 8
_REASON = 300
_ON_ITS_WAY = LEFT | {State.CLAIMED}


class Kind(StrEnum):
    """What a provider reports."""

    DELIVERED = "delivered"
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
        self, before: Batch, after: Batch, lead_id: str, told: Sequence[Entry], messages: Sequence[Message]
    ) -> Batch:
        """With what the lead's timeline says of it. Raises PreconditionFailed."""


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
        """An opening by a machine says nothing of the person, and a later one by the person still counts."""
        now = self._now()

        def change(one: Delivery) -> Delivery:
            if machine:
                return replace(arrived(one, now), opened_by_machine=True)
            return replace(arrived(one, now), opened_at=one.opened_at or now)

        self._note(client_id, delivery_id, change, None if machine else "opened")

    def clicked(self, client_id: str, delivery_id: str, link: int, *, machine: bool) -> None:
        now = self._now()

        def change(one: Delivery) -> Delivery:
            return replace(arrived(one, now), clicks=with_click(one.clicks, Click(link, now, machine)))

        self._note(client_id, delivery_id, change, None if machine else f"clicked-{link}")

    def unsubscribed(self, client_id: str, delivery_id: str, lead_id: str) -> None:
        """At once and for good, whatever became of the campaign: the address is not written to any more."""
        one = self._find(client_id, delivery_id)
        leads = self._leads.find_many(client_id, [lead_id])
        address = (leads[0].email if leads else None) or (one.to if one else None)
        if address:
            source = f"campaign:{delivery_id}"
            self._opt_outs.opt_out(client_id, Channel.EMAIL, address, Reason.UNSUBSCRIBED, source)
        self._note(client_id, delivery_id, lambda each: replace(each, unsubscribed=True), "unsubscribed", UNSUBSCRIBED)

    def reported(self, report: Report) -> None:
        """What the provider says. Raises DeliveryNotFound for what is none of ours."""
        one = self._find(report.client_id, report.delivery_id)
        if one is None:
            raise DeliveryNotFound
        reason = _REASONS.get(report.kind)
        if reason and one.to:
            source = f"campaign:{report.delivery_id}"
            self._opt_outs.opt_out(report.client_id, Channel.EMAIL, one.to, reason, source)
        now = self._now()
        self._note(
            report.client_id,
            report.delivery_id,
            lambda each: moved_by(each, report, now),
            report.kind.value,
            _EVENTS.get(report.kind),
        )

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
        told: str | None,
        event: str | None = None,
    ) -> None:
        """Nothing is written where nothing changes; what is gone is not missed."""
        try:
            campaign_id, number, place = place_of(delivery_id)
        except DeliveryNotFound:
            return
        for _ in range(_ATTEMPTS):
            batch = self._store.find(client_id, campaign_id, number)
            if batch is None or place >= len(batch.deliveries):
                return
            after = batch.changed(place, change)
            if after == batch:
                return
            one, now = batch.deliveries[place], self._now()
            entries = [entry(campaign_id, "email", delivery_id, told, now)] if told else []
            messages = [delivery_event(event, after, place, now)] if event else []
            try:
                self._store.tell(batch, after, one.lead_id, entries, messages)
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


_REASONS: dict[Kind, Reason] = {
    Kind.HARD_BOUNCE: Reason.HARD_BOUNCE,
    Kind.COMPLAINT: Reason.COMPLAINT,
    Kind.UNSUBSCRIBED: Reason.UNSUBSCRIBED,
}
_EVENTS: dict[Kind, str] = {
    Kind.HARD_BOUNCE: BOUNCED,
    Kind.SOFT_BOUNCE: BOUNCED,
    Kind.COMPLAINT: COMPLAINED,
    Kind.UNSUBSCRIBED: UNSUBSCRIBED,
}
