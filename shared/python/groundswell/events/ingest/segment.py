"""Segment's tracking API, as its SDKs and RudderStack's speak it."""

from functools import lru_cache
from typing import Annotated, Literal

import msgspec

from groundswell.events.eventlog.model import Event
from groundswell.events.ingest import web3
from groundswell.events.ingest.body import Envelope
from groundswell.events.ingest.events import Delivery, Identified, Reading, canonical, event, event_name, members, tells
from groundswell.events.ingest.fields import LARGEST_EVENT, LONGEST_ID, LONGEST_TEXT, Fields, check, instant, spelled
from groundswell.events.ingest.verdict import Unacceptable

KINDS = ("track", "identify", "page", "screen", "group", "alias")
SHORT = {kind[0]: kind for kind in KINDS}
"""What browsers call the same routes."""

_IN_CONTEXT = spelled("session_id", "traits")
_SPELLINGS = {
    **spelled("type", "event", "name", "category", "channel", "version"),
    **spelled("message_id", "user_id", "anonymous_id", "group_id", "previous_id", "session_id"),
    **spelled("timestamp", "original_timestamp", "sent_at"),
    **spelled("properties", "traits", "context", "integrations"),
    **spelled(*web3.MARKS, "address", "contract_address"),
}


type _Text = Annotated[str, msgspec.Meta(max_length=LONGEST_TEXT)] | None
type _Id = Annotated[str, msgspec.Meta(max_length=LONGEST_ID)] | None


_ABSENT = msgspec.Raw(b"null")


class _Usual(msgspec.Struct, rename="camel", forbid_unknown_fields=True, gc=False):
    """A message as the SDKs spell it."""

    type: Literal["track", "identify", "page", "screen", "group", "alias"] | None = None
    event: _Text = None
    name: _Text = None
    message_id: _Id = None
    user_id: _Text = None
    anonymous_id: _Text = None
    timestamp: str | None = None
    original_timestamp: str | None = None
    sent_at: str | None = None
    channel: msgspec.Raw = _ABSENT
    category: msgspec.Raw = _ABSENT
    metadata: msgspec.Raw = msgspec.field(name="_metadata", default=_ABSENT)
    write_key: msgspec.Raw = _ABSENT
    properties: msgspec.Raw = _ABSENT
    traits: msgspec.Raw = _ABSENT
    context: msgspec.Raw = _ABSENT
    integrations: msgspec.Raw = _ABSENT


_usual = msgspec.json.Decoder(_Usual)
_KEPT = ("category", "group_id", "previous_id", "channel", "version", "integrations")
_members = msgspec.json.Decoder(dict[str, msgspec.Raw])


class SegmentReader:
    """Reads the messages of one request."""

    def __init__(self, delivery: Delivery, batch: Envelope, kind: str | None = None) -> None:
        """`kind` is the route's, for single messages."""
        self._delivery = delivery
        self._kind = kind
        self._context = b"" if kind else _members_of(bytes(batch.context))
        self._integrations = b"" if kind else _members_of(bytes(batch.integrations))

    def read(self, raw: bytes, index: int) -> Event:
        """Raises Unacceptable."""
        check(raw)
        usual = self._usual(raw)
        if usual is not None:
            return event(usual, self._delivery, index)
        fields = Fields(raw, _SPELLINGS, strict=False)
        kind = self._kind or fields.text("type") or "track"
        if kind not in KINDS:
            raise Unacceptable("unknown_type", f"type: {kind[:60]}: none of {', '.join(KINDS)}")
        fields.default("integrations", self._integrations)
        context = self._with_batch_context(fields.object("context"))
        _adopt(fields, context, kind)
        message = Identified(
            kind=kind,
            name=event_name(fields.text("event")) if kind == "track" else fields.text("name") or kind,
            properties=fields.object("properties"),
            context=context,
            client_ts=self._delivery.moment(index, fields, "original_timestamp", "timestamp"),
            kept=_KEPT,
        )
        return canonical(fields, message, self._delivery, index)

    def _usual(self, raw: bytes) -> Reading | None:
        """Nearly every message in one pass, with what the other way finds. None for one that is in any way odd."""
        try:
            message = _usual.decode(raw)
            kind = self._kind or message.type or "track"
            properties, context = _object(message.properties), _object(message.context)
            telling = tells(properties)
            if self._context or _tells_who(context) or (telling and web3.hinted(properties)):
                return None
            return Reading(
                kind,
                event_name(message.event) if kind == "track" else message.name or kind,
                properties,
                telling,
                context,
                instant(message.original_timestamp or message.timestamp, "timestamp"),
                instant(message.sent_at, "sentAt"),
                message.user_id or None,
                message.anonymous_id or None,
                message.message_id or None,
                None,
                _object(message.traits),
                self._extra(message),
            )
        except (msgspec.DecodeError, Unacceptable):
            return None

    def _extra(self, message: _Usual) -> bytes:
        integrations = _present(message.integrations) or self._integrations
        if message.category is _ABSENT and message.channel is _ABSENT and integrations in (b"", b"{}"):
            return b""
        category, channel = _present(message.category), _present(message.channel)
        return members({"category": category, "channel": channel, "integrations": integrations})

    def _with_batch_context(self, context: bytes) -> bytes:
        """The batch's members, where the message does not say otherwise."""
        if not self._context or not context:
            return context or self._context
        merged = msgspec.json.encode(_members.decode(self._context) | _members.decode(context))
        if len(merged) > LARGEST_EVENT:
            raise Unacceptable("event_too_large", "with the batch's context, the event is too large")
        return merged


def _adopt(fields: Fields, context: bytes, kind: str) -> None:
    """RudderStack's SDKs name the session in the context, and there the servers' ones have the traits too."""
    if b"ession" in context or (kind == "identify" and b'"traits"' in context):
        inner = Fields(context, _IN_CONTEXT, strict=False)
        if inner.hint("session_id"):
            fields.default("session_id", inner.raw("session_id"))
        if kind == "identify" and inner.raw("traits")[:1] == b"{":
            fields.default("traits", inner.raw("traits"))


@lru_cache(maxsize=512)
def _tells_who(context: bytes) -> bool:
    return b"ession" in context or b'"traits"' in context


def _present(raw: msgspec.Raw) -> bytes:
    return b"" if (value := bytes(raw)) == b"null" else value


def _object(raw: msgspec.Raw) -> bytes:
    """Empty if absent or `{}`. Raises Unacceptable for what is no object."""
    if raw is _ABSENT:
        return b""
    value = bytes(raw)
    if value[:1] == b"{":
        return value if len(value) > 2 else b""
    if value != b"null":
        raise Unacceptable("invalid_field", "not an object")
    return b""


def _members_of(raw: bytes) -> bytes:
    """An object that has members and may be merged into an event, else nothing."""
    return raw if raw[:1] == b"{" and raw != b"{}" and len(raw) <= LARGEST_EVENT else b""
