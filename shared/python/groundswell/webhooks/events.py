"""The port for features: an event that a client's webhooks get, put into the transaction that makes it true.

A feature lists its types in a module `events` of its own, `EVENTS: Mapping[str, Mapping]`, each with an example of its
data; the catalogue (`GET /webhooks/events`) collects them.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from groundswell.kernel.clock import rfc3339
from groundswell.kernel.errors import Invalid
from groundswell.kernel.message import Message

QUEUE = "webhook_events"
LARGEST_DATA = 19_000
"""Bytes. A payload with its frame has 20 kB at most (Standard Webhooks 1.0)."""
TEST = "webhook.test"
EVENTS: Mapping[str, Mapping[str, Any]] = {TEST: {"message": "If you can read this, your endpoint works"}}
_ID = re.compile(r"[A-Za-z0-9_:-]{1,200}")  # no full stop: it separates what is signed
_TYPE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")


@dataclass(frozen=True)
class Event:
    """`endpoint_id`: for that one alone, whatever it subscribes to."""

    client_id: str
    id: str
    type: str
    at: datetime
    data: Mapping[str, Any]
    endpoint_id: str | None = None

    @property
    def payload(self) -> str:
        """The body that every receiver gets, and that is signed: the same bytes at every attempt."""
        frame = {"type": self.type, "timestamp": rfc3339(self.at), "data": self.data}
        return json.dumps(frame, ensure_ascii=False, separators=(",", ":"))


def event_message(
    client_id: str,
    event_type: str,
    data: Mapping[str, Any],
    *,
    id: str,  # noqa: A002 - the field's own name
    at: datetime,
    endpoint_id: str | None = None,
) -> Message:
    """`id` is the event's own, the same whenever it is said again: receivers know repeats by it (`webhook-id`).
    `data` is JSON; of what is larger than LARGEST_DATA the largest members are left out, and named as `omitted`.

    Raises ValueError for an id or a type that cannot be sent.
    """
    if not _ID.fullmatch(id) or not _TYPE.fullmatch(event_type) or at.tzinfo is None:
        raise ValueError(f"no event: id {id[:50]!r}, type {event_type[:50]!r}, at {at}")
    content = {"client_id": client_id, "id": id, "type": event_type, "at": at.isoformat(), "data": _fitting(data)}
    if endpoint_id:
        content["endpoint_id"] = endpoint_id
    return Message(QUEUE, f"webhook:{id}", json.dumps(content, ensure_ascii=False, separators=(",", ":")))


def parse_event(content: Mapping[str, Any]) -> Event:
    """What `event_message` wrote. Raises Invalid for anything else."""
    try:
        event = Event(**{**content, "at": datetime.fromisoformat(content["at"])})
    except (ValueError, TypeError, KeyError) as error:
        raise Invalid.on("body", "no event for webhooks") from error
    if event.at.tzinfo is None or not isinstance(event.data, Mapping) or not _ID.fullmatch(event.id):
        raise Invalid.on("body", "no event for webhooks")
    return event


def _fitting(data: Mapping[str, Any]) -> Mapping[str, Any]:
    kept, omitted = dict(data), list[str]()
    while _size(kept) > LARGEST_DATA:
        largest = max(kept, key=lambda name: _size(kept[name]))
        del kept[largest]
        omitted.append(largest[:100])
    return {**kept, "omitted": sorted(omitted)} if omitted else kept


def _size(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())
