"""What all protocols make of an event's fields: the canonical event."""

import re
from collections.abc import Callable, Mapping, Sequence

import msgspec

from groundswell.events.eventlog.model import Event
from groundswell.events.ingest import web3
from groundswell.events.ingest.arrival import HINTS as ARRIVAL_HINTS
from groundswell.events.ingest.context import HINTS as CONTEXT_HINTS
from groundswell.events.ingest.context import enriched
from groundswell.events.ingest.fields import LONGEST_ID, Fields
from groundswell.events.ingest.placeholders import is_placeholder
from groundswell.events.ingest.revenue import HINTS as MONEY_HINTS
from groundswell.events.ingest.revenue import revenue
from groundswell.events.ingest.settle import correct_clock_skew, derived_id, repeated_id
from groundswell.events.ingest.verdict import Rejection, Unacceptable
from groundswell.events.ingest.visitor import NOBODY, Visitor

_HINTS = b"|".join((web3.HINTS, MONEY_HINTS, CONTEXT_HINTS, ARRIVAL_HINTS))
_TELLING = re.compile(rb'"(?=[$CTWciprstuvw])(?:%b)' % _HINTS)  # their initials first: most names have another
_SOURCES = {name: msgspec.json.encode({"protocol": name}) for name in ("segment", "sdk", "posthog", "formo")}


ARRIVAL = "cannot be read: the event counts when it was received"
_NUMBERED = ("message_id", "session_id")
_UNREAD = {"sent_at": "cannot be read: its clock is not corrected"}


class Delivery(msgspec.Struct, frozen=True):
    """What an event's request says about it. `key` is the request's Idempotency-Key, `sent_at` the batch's, in ms.
    `sites` are the client's own."""

    client_id: str
    received: int
    protocol: str
    new_id: Callable[[], str]
    key: str | None = None
    sent_at: int | None = None
    visitor: Visitor = NOBODY
    sites: frozenset[str] = frozenset()
    warnings: list[Rejection] = msgspec.field(default_factory=list)

    def warn(self, index: int, code: str, message: str) -> None:
        """Of an event that is taken all the same."""
        self.warnings.append(Rejection(index, code, message, accepted=True))

    def somebody(self, index: int, name: str, text: str | None) -> str | None:
        """An id, unless it is nobody's: then a warning, and nothing. Numbers of events and sessions begin with 0."""
        if text is None or not is_placeholder(text) or (text.isdecimal() and name in _NUMBERED):
            return text
        self.warn(index, "placeholder_id", f"{name}: {text[:60]!r} is nobody's: the event is kept without it")
        return None

    def moment(self, index: int, fields: Fields, *names: str) -> int | None:
        """The first of these times that can be read, in ms. A time that cannot costs no event, as at PostHog."""
        unread = None
        for name in names:
            try:
                if (at := fields.time(name)) is not None:
                    return at
            except Unacceptable:
                unread = unread or name
        if unread:
            self.warn(index, "invalid_timestamp", f"{unread} {_UNREAD.get(unread, ARRIVAL)}")
        return None


class Identified(msgspec.Struct, gc=False):
    """The parts of an event that protocols name differently."""

    kind: str
    name: str
    properties: bytes
    context: bytes
    client_ts: int | None
    kept: Sequence[str]


class Reading(msgspec.Struct, gc=False):
    """All that an event says, whatever its protocol calls it. `telling` is `tells(properties)`."""

    kind: str
    name: str
    properties: bytes
    telling: bool
    context: bytes
    client_ts: int | None
    sent_at: int | None
    user_id: str | None
    anonymous_id: str | None
    id: str | None
    session_id: str | None
    traits: bytes
    extra: bytes


def canonical(fields: Fields, message: Identified, delivery: Delivery, index: int) -> Event:
    """Raises Unacceptable."""
    telling = tells(message.properties)
    chained = message.kind == "web3" or fields.has(*web3.MARKS) or (telling and web3.hinted(message.properties))
    previous = fields.hint("previous_id")
    unnamed = ("previous_id",) if previous and not delivery.somebody(index, "previous_id", previous) else ()
    reading = Reading(
        kind=message.kind,
        name=message.name,
        properties=message.properties,
        telling=telling,
        context=message.context,
        client_ts=message.client_ts,
        sent_at=delivery.moment(index, fields, "sent_at"),
        user_id=fields.text("user_id"),
        anonymous_id=fields.text("anonymous_id"),
        id=fields.text("message_id", LONGEST_ID),
        session_id=fields.text("session_id"),
        traits=fields.object("traits"),
        extra=members({name: fields.raw(name) for name in message.kept if name not in unnamed}),
    )
    return event(reading, delivery, index, _about_chain(fields, message) if chained else None)


def event(reading: Reading, delivery: Delivery, index: int, about: web3.Report | None = None) -> Event:
    """The event as it is kept. `about` is its report, if it has to do with a chain."""
    sent_at = delivery.sent_at if reading.sent_at is None else reading.sent_at
    ts, quality = correct_clock_skew(delivery.received, reading.client_ts, sent_at)
    if quality == "clamped":
        delivery.warn(index, "timestamp_clamped", "its time is impossible: it counts when it was received")
    properties, context, session_id = enriched(reading, delivery.visitor, delivery.sites)
    plain = Event(  # with fifteen arguments: of more CPython makes a dict first, which takes thrice the time
        kind=reading.kind,
        name=event_name(reading.name.replace("\0", "")),
        ts=ts,
        client_ts=reading.client_ts,
        sent_at=sent_at,
        user_id=delivery.somebody(index, "user_id", reading.user_id),
        anonymous_id=delivery.somebody(index, "anonymous_id", reading.anonymous_id),
        session_id=delivery.somebody(index, "session_id", session_id),
        id=delivery.somebody(index, "message_id", reading.id) or _id(reading, delivery, index),
        ts_quality=quality,
        properties=properties,
        traits=reading.traits,
        context=context,
        source=_SOURCES[delivery.protocol],
        extra=reading.extra,
    )
    return _valued(plain, reading, delivery, index, about) if reading.telling or about else plain


def _valued(plain: Event, reading: Reading, delivery: Delivery, index: int, about: web3.Report | None) -> Event:
    """With what it brought in, and what it reports of a chain."""
    money = revenue(reading.properties, chained=about is not None, name=reading.name)
    if money.unread:
        delivery.warn(index, "revenue_unreadable", "counted without its revenue, which is no decimal number")
    if about is not None and about.unowned:
        delivery.warn(index, "wallet_unowned", "its wallet is nobody's, or none: the event is kept without it")
    valued = msgspec.structs.replace(plain, value=money.value, currency=money.currency)
    if about is None:
        return valued
    kind = "web3" if reading.kind == "track" else reading.kind
    return msgspec.structs.replace(valued, kind=kind, fact=about.fact, web3=about.web3)


def tells(properties: bytes) -> bool:
    """Whether these may name something of chains, money, campaigns, sessions or addresses. Most do not."""
    return _TELLING.search(properties) is not None


def _about_chain(fields: Fields, message: Identified) -> web3.Report:
    """A page or a person may have to do with a fact, but is not its report."""
    about = web3.describe(fields, message.properties, message.name, transaction=message.kind == "web3")
    return about if message.kind in ("web3", "track") else about._replace(fact=None)


def _id(reading: Reading, delivery: Delivery, index: int) -> str:
    """For an event that has none: derived from what it says; without a time, two sends are two events."""
    if delivery.key:
        return repeated_id(delivery.client_id, delivery.key, index)
    if reading.client_ts is None:
        return delivery.new_id()
    who, name = reading.user_id or reading.anonymous_id, f"{reading.kind} {reading.name}"
    return derived_id(delivery.client_id, who, name, reading.client_ts, reading.properties or reading.traits)


def members(values: Mapping[str, bytes]) -> bytes:
    """Members that no reader needs yet, as they were written: an object of those that there are, if any."""
    kept = {name: msgspec.Raw(raw) for name, raw in values.items() if raw and raw != b"{}"}
    return msgspec.json.encode(kept) if kept else b""


def event_name(name: str | None) -> str:
    """Raises Unacceptable when there is none."""
    if not name:
        raise Unacceptable("missing_name", "the event has no name")
    return name
