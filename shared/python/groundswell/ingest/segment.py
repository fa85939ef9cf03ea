"""Segment's tracking API, as its SDKs and RudderStack's speak it."""

import msgspec

from groundswell.eventlog.model import Event
from groundswell.ingest import web3
from groundswell.ingest.body import Envelope
from groundswell.ingest.events import Delivery, Identified, canonical, event_name
from groundswell.ingest.fields import ABSENT, LARGEST_EVENT, Fields, spelled
from groundswell.ingest.verdict import Unacceptable

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


class _Usual(msgspec.Struct, rename="camel", forbid_unknown_fields=True, gc=False):
    """A message as the SDKs spell it."""

    type: str | None = None
    event: str | None = None
    name: str | None = None
    message_id: str | None = None
    user_id: str | None = None
    anonymous_id: str | None = None
    timestamp: str | None = None
    original_timestamp: str | None = None
    sent_at: str | None = None
    channel: msgspec.Raw = ABSENT
    category: msgspec.Raw = ABSENT
    metadata: msgspec.Raw = msgspec.field(name="_metadata", default=ABSENT)
    write_key: msgspec.Raw = ABSENT
    properties: msgspec.Raw = ABSENT
    traits: msgspec.Raw = ABSENT
    context: msgspec.Raw = ABSENT
    integrations: msgspec.Raw = ABSENT


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
        fields = Fields(raw, _SPELLINGS, strict=False, usual=_usual)
        kind = self._kind or fields.text("type") or "track"
        if kind not in KINDS:
            raise Unacceptable("unknown_type", f"type: {kind[:60]}: none of {', '.join(KINDS)}")
        fields.default("integrations", self._integrations)
        context = self._with_batch_context(fields.object("context"))
        _adopt(fields, context, kind)
        original = fields.time("original_timestamp")
        said = Identified(
            kind=kind,
            name=event_name(fields.text("event")) if kind == "track" else fields.text("name") or kind,
            properties=fields.object("properties"),
            context=context,
            client_ts=fields.time("timestamp") if original is None else original,
            kept=_KEPT,
        )
        return canonical(fields, said, self._delivery, index)

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


def _members_of(raw: bytes) -> bytes:
    """An object that has members and may be merged into an event, else nothing."""
    return raw if raw[:1] == b"{" and raw != b"{}" and len(raw) <= LARGEST_EVENT else b""
