"""An event's context, the same whatever SDK sent it: session, campaign, referrer, place, network, and whether it is a
bot's. Who asks for privacy (DNT, GPC) is counted and not recognised."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Protocol

import msgspec

from groundswell.events.eventlog.model import Event
from groundswell.events.ingest.arrival import Attribution, arrival, attribution_beside
from groundswell.events.ingest.bots import is_bot
from groundswell.events.ingest.visitor import Visitor, network

_members = msgspec.json.Decoder(dict[str, msgspec.Raw])
_any = msgspec.json.Decoder()
HINTS = (
    rb'(?:ip|\$ip|ip_?[aA]ddress|userAgent|user_agent|page|page_url|referrer|utm_[a-z]+|session_?[iI]d|\$session_id)"'
)
_NEEDED = re.compile(rb'"(?:%b)' % HINTS)
_ADDRESSES = ("ip", "$ip", "ip_address", "ipAddress")
_SESSIONS = ("sessionId", "session_id", "$session_id")
_PRIVATE = re.compile(
    r"\$?(ip|ip_?address|user_?agent|user_?agent_?data|raw_user_agent|device|device_?id|session_?id|window_?id|user_?id|"
    r"anonymous_?id|anon_distinct_id|distinct_id|alias|insert_id|traits|set|set_once|email|phone|wallet_?address|address|"
    r"account|location|geo|advertising_?id|from|from_address|transaction_?hash|txn?_?hash)",
    re.IGNORECASE,
)
_KEPT_OF_CHAINS = ("chain", "chain_raw", "contract_address", "status", "method", "value", "log_index")


class Enrichable(Protocol):
    """Of what an event says, what its context is made of. `telling`: its properties may name something of ours."""

    kind: str
    properties: bytes
    telling: bool
    context: bytes
    session_id: str | None
    extra: bytes


def enriched(event: Enrichable, visitor: Visitor, own: frozenset[str] = frozenset()) -> tuple[bytes, bytes, str | None]:
    """The properties, context and session as they are kept. Of whoever asks for privacy, see `unrecognisable`.

    `own` are the client's sites (see `sites`), which nobody comes from.
    """
    if visitor.private:
        return event.properties, event.context, event.session_id
    properties, telling = event.properties, event.telling
    attribution = attribution_beside(event.kind, properties if telling else b"", event.extra)
    context, session = _settled(event.context, visitor, attribution, own)
    if telling and _NEEDED.search(properties):
        properties = _without_addresses(properties)
        if event.session_id is None and b"ession" in properties:
            session = session or _session(_decoded(properties) or {})
    return properties, context, event.session_id or session


@lru_cache(maxsize=512)
def _settled(
    raw: bytes, visitor: Visitor, attribution: Attribution | None, own: frozenset[str]
) -> tuple[bytes, str | None]:
    """The context as it is kept, and the session it names. Events of one batch repeat few contexts."""
    needed = visitor.user_agent or visitor.geo or attribution or _NEEDED.search(raw)
    context = _decoded(raw) if needed else None
    if context is None:
        return raw, None
    known = _with_visitor(context, visitor, attribution, own)
    return msgspec.json.encode(known) if known != context else raw, _session(context)


def _with_visitor(
    context: Mapping[str, msgspec.Raw], visitor: Visitor, attribution: Attribution | None, own: frozenset[str]
) -> dict[str, Any]:
    known: dict[str, Any] = {name: raw for name, raw in context.items() if name not in _ADDRESSES}
    address = next((text for name in _ADDRESSES if (text := _text(context.get(name)))), None)
    near = network(address) if address else visitor.network
    agent = _text(context.get("userAgent")) or _text(context.get("user_agent")) or visitor.user_agent
    if near:
        known["ip"] = near
    if agent and is_bot(agent):
        known["bot"] = True
    if visitor.geo and "location" not in known:
        known["geo"] = dict(visitor.geo)
    known |= arrival(context, attribution, own)
    return {name: part for name, part in known.items() if part is not None}


def _session(members: Mapping[str, msgspec.Raw]) -> str | None:
    texts = (_text(members.get(name)) for name in _SESSIONS)
    return next((text[:512] for text in texts if text), None)


def _without_addresses(properties: bytes) -> bytes:
    """Addresses among the properties, as networks."""
    fields = _decoded(properties)
    if fields is None or not fields.keys() & set(_ADDRESSES):
        return properties
    near = {name: network(_text(fields[name]) or "") for name in _ADDRESSES if name in fields}
    kept: dict[str, Any] = {name: raw for name, raw in fields.items() if name not in near}
    return msgspec.json.encode(kept | {name: text for name, text in near.items() if text})


def unrecognisable(event: Event) -> Event:
    """Counted, and nobody's: no ids, no traits, no wallet or transaction that leads to one, nothing of the device."""
    return msgspec.structs.replace(
        event,
        user_id=None,
        anonymous_id=None,
        session_id=None,
        traits=b"",
        properties=_impersonal(event.properties),
        context=_impersonal(event.context),
        web3=_only(event.web3, _KEPT_OF_CHAINS),
        extra=_only(event.extra, ("category", "channel", "version", "integrations")),
    )


def _impersonal(raw: bytes) -> bytes:
    members = _decoded(raw) or {}
    kept = {name: value for name, value in members.items() if not _PRIVATE.fullmatch(name)}
    return msgspec.json.encode(kept) if kept else b""


def _only(raw: bytes, names: tuple[str, ...]) -> bytes:
    kept = {name: value for name, value in (_decoded(raw) or {}).items() if name in names}
    return msgspec.json.encode(kept) if kept else b""


def _decoded(raw: bytes) -> dict[str, msgspec.Raw] | None:
    """None for what msgspec does not read: half an emoji, say."""
    try:
        return _members.decode(raw) if raw else {}
    except msgspec.DecodeError:
        return None


def _text(raw: msgspec.Raw | None) -> str | None:
    """Of a string or a number."""
    if raw is None:
        return None
    try:
        value = _any.decode(raw)
    except msgspec.DecodeError:
        return None
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) and value != "" else None
