"""What both protocols make of an event's fields: the canonical event."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import msgspec

from groundswell.eventlog.model import Event
from groundswell.ingest import web3
from groundswell.ingest.fields import LONGEST_ID, Fields
from groundswell.ingest.revenue import revenue
from groundswell.ingest.settle import derived_id, repeated_id, settled
from groundswell.ingest.verdict import Rejection, Unacceptable


class Delivery(msgspec.Struct, frozen=True):
    """What an event's request says about it. `key` is the request's Idempotency-Key, `sent_at` the batch's, in ms."""

    client_id: str
    received: int
    protocol: str
    new_id: Callable[[], str]
    key: str | None = None
    sent_at: int | None = None
    warnings: list[Rejection] = msgspec.field(default_factory=list)

    def warn(self, index: int, code: str, message: str) -> None:
        """Of an event that is taken all the same."""
        self.warnings.append(Rejection(index, code, message, accepted=True))


class Identified(NamedTuple):
    """The parts of an event that protocols name differently."""

    kind: str
    name: str
    properties: bytes
    context: bytes
    client_ts: int | None
    kept: Sequence[str]


def canonical(fields: Fields, said: Identified, delivery: Delivery, index: int) -> Event:
    """Raises Unacceptable."""
    chained = said.kind == "web3" or fields.has(*web3.MARKS) or web3.hinted(said.properties)
    sent_at = fields.time("sent_at")
    sent_at = delivery.sent_at if sent_at is None else sent_at
    ts, quality = settled(delivery.received, said.client_ts, sent_at)
    user_id, anonymous_id = fields.text("user_id"), fields.text("anonymous_id")
    about = _about_chain(fields, said) if chained else web3.NONE
    money = revenue(said.properties, chained=chained)
    if money.unread:
        delivery.warn(index, "revenue_unreadable", "counted without its revenue, which is no decimal number")
    if quality == "clamped":
        delivery.warn(index, "timestamp_clamped", "its time is impossible: it counts when it was received")
    return Event(
        id=_id(fields, said, delivery, index, user_id or anonymous_id),
        kind="web3" if chained and said.kind == "track" else said.kind,
        name=said.name.replace("\0", ""),
        ts=ts,
        ts_quality=quality,
        client_ts=said.client_ts,
        sent_at=sent_at,
        user_id=user_id,
        anonymous_id=anonymous_id,
        session_id=fields.text("session_id"),
        properties=said.properties,
        traits=fields.object("traits"),
        context=said.context,
        value=money.value,
        currency=money.currency,
        fact=about.fact,
        web3=about.web3,
        source=_SOURCES[delivery.protocol],
        extra=_extra(fields, said.kept),
    )


_SOURCES = {name: msgspec.json.encode({"protocol": name}) for name in ("segment", "sdk", "posthog", "formo")}


def _about_chain(fields: Fields, said: Identified) -> web3.Report:
    """A page or a person may have to do with a fact, but is not its report."""
    about = web3.describe(fields, said.properties, said.name, transaction=said.kind == "web3")
    return about if said.kind in ("web3", "track") else about._replace(fact=None)


def _id(fields: Fields, said: Identified, delivery: Delivery, index: int, who: str | None) -> str:
    """As given; else derived from what the event says; else, without a time, two sends are two events."""
    given = fields.text("message_id", LONGEST_ID)
    if given:
        return given
    if delivery.key:
        return repeated_id(delivery.client_id, delivery.key, index)
    if said.client_ts is None:
        return delivery.new_id()
    name = f"{said.kind} {said.name}"
    return derived_id(delivery.client_id, who, name, said.client_ts, said.properties or fields.object("traits"))


def _extra(fields: Fields, kept: Sequence[str]) -> bytes:
    """Members that no reader needs yet, as they were written."""
    said = {name: msgspec.Raw(raw) for name in kept if (raw := fields.raw(name)) and raw != b"{}"}
    return msgspec.json.encode(said) if said else b""


def event_name(name: str | None) -> str:
    """Raises Unacceptable when there is none."""
    if not name:
        raise Unacceptable("missing_name", "the event has no name")
    return name
