"""The lines of an export. Times are RFC 3339, amounts are text, and what an event carries is as it was written."""

from collections.abc import Mapping
from typing import Any

import msgspec

from groundswell.events.eventlog.model import Event
from groundswell.kernel.clock import spelled

_SAME = ("id", "kind", "name", "ts_quality", "user_id", "anonymous_id", "session_id", "value", "currency", "fact")
_PARTS = ("properties", "traits", "context", "web3", "source", "extra")


def event_line(event: Event, received: int, *, merged: bool = False) -> bytes:
    """`merged`: it is the second report of a fact, and does not count."""
    fields = {name: getattr(event, name) for name in _SAME}
    times = {"ts": event.ts, "client_ts": event.client_ts, "sent_at": event.sent_at, "received_at": received}
    parts = {part: msgspec.Raw(raw) for part in _PARTS if (raw := getattr(event, part))}
    written = {name: None if time is None else spelled(time) for name, time in times.items()}
    return line_of({**fields, **written, **parts, **({"merged": True} if merged else {})})


def line_of(record: Mapping[str, Any]) -> bytes:
    return msgspec.json.encode(record) + b"\n"
