"""Formo's events: what a site sees of wallets, in snake_case."""

from groundswell.events.eventlog.model import Event
from groundswell.events.ingest.events import Delivery, Identified, canonical, event_name
from groundswell.events.ingest.fields import Fields
from groundswell.events.ingest.verdict import Unacceptable

_NAMES = ("type", "event", "message_id", "user_id", "anonymous_id", "address", "channel", "version", "session_id")
_SPELLINGS = {name: name for name in (*_NAMES, "timestamp", "original_timestamp", "sent_at", "context", "properties")}
_KEPT = ("channel", "version")
_KINDS = {
    "page": "page",
    "identify": "identify",
    "track": "track",
    **dict.fromkeys(("detect", "connect", "disconnect", "chain", "signature", "transaction"), "web3"),
}


class FormoReader:
    """Reads the events of one request. One about a wallet is named by its type: `connect`, `transaction`, …"""

    def __init__(self, delivery: Delivery) -> None:
        self._delivery = delivery

    def read(self, raw: bytes, index: int) -> Event:
        """Raises Unacceptable."""
        fields = Fields(raw, _SPELLINGS, strict=False)
        said_type = fields.text("type") or "track"
        if said_type not in _KINDS:
            raise Unacceptable("unknown_type", f"type: {said_type[:60]}: none of {', '.join(_KINDS)}")
        fields.default("wallet_address", fields.raw("address"))
        message = Identified(
            kind=_KINDS[said_type],
            name=event_name(fields.text("event")) if said_type == "track" else said_type,
            properties=fields.object("properties"),
            context=fields.object("context"),
            client_ts=self._delivery.moment(index, fields, "original_timestamp", "timestamp"),
            kept=_KEPT,
        )
        return canonical(fields, message, self._delivery, index)
