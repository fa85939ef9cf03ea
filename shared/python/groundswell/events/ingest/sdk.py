"""Our own `/sdk/event` and `/events`: the two shapes Adtivity's SDKs send, camelCase and snake_case."""

from groundswell.events.eventlog.model import Event
from groundswell.events.ingest import web3
from groundswell.events.ingest.events import Delivery, Identified, canonical, event_name
from groundswell.events.ingest.fields import Fields, spelled

_SPELLINGS = {
    **spelled("type", "event_name", "event", "name"),
    **dict.fromkeys(("id", *spelled("event_id", "message_id")), "message_id"),
    **spelled("user_id", "anonymous_id", "session_id", "device_id", "group_id", "previous_id"),
    **spelled("timestamp", "original_timestamp", "sent_at"),
    **spelled("properties", "traits", "context", "channel", "version"),
    **spelled(*web3.MARKS, "address", "contract_address"),
    **spelled("country", "region", "city", "ip_address", "url", "referrer"),
}
_KEPT = ("device_id", "group_id", "previous_id", "channel", "version", "country", "region", "city", "url", "referrer")
_KINDS = {
    "identify": "identify",
    "page": "page",
    "page_view": "page",
    "pageview": "page",
    "screen": "screen",
    "group": "group",
    "alias": "alias",
    "tx": "web3",
    "transaction": "web3",
}
_IN_PROPERTIES = spelled("session_id", "anonymous_id", "user_id", "timestamp")
_HIDDEN = (b"ession", b"nonymous", b"ser", b"imestamp")


class SdkReader:
    """Reads the events of one request. `ip_address` is accepted and not kept."""

    def __init__(self, delivery: Delivery, *, strict: bool = True) -> None:
        """`strict` turns events with unknown members away; else these are ignored."""
        self._delivery = delivery
        self._strict = strict

    def read(self, raw: bytes, index: int) -> Event:
        """Raises Unacceptable."""
        fields = Fields(raw, _SPELLINGS, strict=self._strict)
        kind_said = fields.text("type") or "track"
        properties = fields.object("properties")
        _adopt(fields, properties)
        kind = _KINDS.get(kind_said.lower(), "track")
        name = fields.text("event_name") or fields.text("event") or fields.text("name")
        message = Identified(
            kind=kind,
            name=event_name(name or (None if kind_said == "track" else kind_said)),
            properties=properties,
            context=fields.object("context"),
            client_ts=self._delivery.moment(index, fields, "original_timestamp", "timestamp"),
            kept=_KEPT,
        )
        return canonical(fields, message, self._delivery, index)


def _adopt(fields: Fields, properties: bytes) -> None:
    """The web SDK says who, in which session and when among the properties."""
    if any(hint in properties for hint in _HIDDEN):
        inner = Fields(properties, _IN_PROPERTIES, strict=False)
        for name in ("session_id", "anonymous_id", "user_id", "timestamp"):
            text = inner.hint(name)
            if text is not None:
                fields.default(name, inner.raw(name))
