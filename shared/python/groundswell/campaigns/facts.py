"""What became of a delivery, by its record before and after a change: told with that change, so each is told once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from groundswell.campaigns import event_log, events
from groundswell.campaigns.event_log import Happening
from groundswell.campaigns.ledger import Batch, Delivery, State
from groundswell.campaigns.messages import told_later
from groundswell.campaigns.timeline import entry
from groundswell.kernel.message import Message
from groundswell.leads.model import Lead
from groundswell.leads.timeline import Entry

_LEAVING = frozenset({State.CLAIMED, State.UNKNOWN})
_GONE = frozenset({State.SENT, State.DELIVERED, State.BOUNCED})


@dataclass(frozen=True)
class Fact:
    """`key` tells the facts of one delivery apart. `event` is the timeline's word, `logged` the name in the log of
    events, `webhook` the type that webhooks hear of. `done`: the recipient did it."""

    key: str
    event: str
    logged: str
    webhook: str | None = None
    done: bool = False
    more: tuple[tuple[str, Any], ...] = ()


_SENT = Fact("sent", "sent", event_log.SENT)
_DELIVERED = Fact("delivered", "delivered", event_log.DELIVERED)
_COMPLAINED = Fact("complained", "complained", event_log.COMPLAINED, events.COMPLAINED, done=True)
_UNSUBSCRIBED = Fact("unsubscribed", "unsubscribed", event_log.UNSUBSCRIBED, events.UNSUBSCRIBED, done=True)


def facts(before: Delivery, after: Delivery) -> Iterator[Fact]:
    """What is certain at once. Openings and clicks are `doings`: a machine may turn out to have done them."""
    if before.state in _LEAVING and after.state in _GONE:
        yield _SENT
    if after.state is State.DELIVERED and before.state is not State.DELIVERED:
        yield _DELIVERED
    if after.bounce and after.bounce != before.bounce:
        kind = (("bounce", after.bounce),)
        yield Fact(f"bounced-{after.bounce}", "bounced", event_log.BOUNCED, events.BOUNCED, more=kind)
    if after.complained and not before.complained:
        yield _COMPLAINED
    if after.unsubscribed and not before.unsubscribed:
        yield _UNSUBSCRIBED


def doings(before: Delivery, after: Delivery) -> Iterator[str]:
    """Keys of openings and clicks that look like the recipient's, and are new."""
    if after.opened_at and not before.opened_at:
        yield OPENED
    known = {click.link for click in before.clicks if not click.machine}
    yield from (f"{_CLICKED}{click.link}" for click in after.people_clicks if click.link not in known)


OPENED = "opened"
_CLICKED = "clicked-"


def doing(one: Delivery, key: str) -> tuple[Fact, datetime] | None:
    """What a key stands for, and when it was; None where it was a machine's after all."""
    if key == OPENED:
        return (Fact(key, OPENED, event_log.OPENED, done=True), one.opened_at) if one.opened_at else None
    click = next((click for click in one.people_clicks if f"{_CLICKED}{click.link}" == key), None)
    if click is None:
        return None
    return Fact(key, "clicked", event_log.CLICKED, done=True, more=(("link", click.link),)), click.at


@dataclass(frozen=True)
class Tidings:
    """For the timeline of the lead, and for the outbox."""

    entries: tuple[Entry, ...]
    messages: tuple[Message, ...]


def tidings(before: Batch, after: Batch, place: int, lead: Lead | None, now: datetime) -> Tidings:
    """Of a change to the record at that place."""
    new_facts = list(facts(before.deliveries[place], after.deliveries[place]))
    later = [told_later(after, place, key) for key in doings(before.deliveries[place], after.deliveries[place])]
    heard = [events.delivery_event(fact.webhook, after, place, now) for fact in new_facts if fact.webhook]
    known = tell(after, place, [(fact, now) for fact in new_facts], lead)
    return Tidings(known.entries, (*known.messages, *heard, *later))


def tell(batch: Batch, place: int, timed_facts: Sequence[tuple[Fact, datetime]], lead: Lead | None) -> Tidings:
    """Certain ones, with their times."""
    delivery_id = batch.delivery_id(place)
    entries = tuple(
        entry(batch.campaign_id, "email", delivery_id, fact.key, fact.event, at, data=dict(fact.more))
        for fact, at in timed_facts
    )
    happened = [
        Happening(fact.logged, place, at, fact.key, lead if fact.done else None, fact.more) for fact, at in timed_facts
    ]
    return Tidings(entries, tuple(event_log.logged(batch, happened)))
