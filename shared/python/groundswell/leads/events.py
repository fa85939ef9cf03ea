"""What a client's webhooks hear of its leads."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from groundswell.kernel.clock import rfc3339
from groundswell.kernel.message import Message
from groundswell.leads.model import Lead
from groundswell.webhooks.events import event_message

type Telling = Callable[[Lead], Sequence[Message]]
"""What is told of a lead as it is saved, its score among it."""

CREATED, UPDATED, MERGED, DELETED = "lead.created", "lead.updated", "lead.merged", "lead.deleted"
_EXAMPLE: dict[str, Any] = {
    "id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c11",
    "email": "ada@lovelace.example",
    "first_name": "Ada",
    "last_name": "Lovelace",
    "status": "new",
    "score": 0.4,
    "grade": "C",
    "version": 1,
}
EVENTS: Mapping[str, Mapping[str, Any]] = {
    CREATED: {"lead": _EXAMPLE},
    UPDATED: {"lead": _EXAMPLE | {"status": "qualified", "version": 2}, "changed": ["status"]},
    MERGED: {"lead": _EXAMPLE | {"version": 3}, "merge_id": "m-1", "other_id": "l-2", "undone": False},
    DELETED: {"lead_id": _EXAMPLE["id"]},
}
_UNSAID = frozenset({"client_id", "merged_ids", "merged_into", "consent"})


def untold(_lead: Lead) -> Sequence[Message]:
    return ()


def created(lead: Lead) -> Message:
    return _message(CREATED, lead, lead.created_at, {"lead": _lead_data(lead)}, "")


def updated(lead: Lead, change: str, changed: Sequence[str]) -> Message:
    """`change` is the id of what was changed at once, `changed` are the fields."""
    return _message(UPDATED, lead, lead.updated_at, {"lead": _lead_data(lead), "changed": list(changed)}, f":{change}")


def merged(keep: Lead, merge_id: str, other_id: str, at: datetime, *, undone: bool) -> Message:
    """`keep` as it is now."""
    data = {"lead": _lead_data(keep), "merge_id": merge_id, "other_id": other_id, "undone": undone}
    return _message(MERGED, keep, at, data, f":{merge_id}:{int(undone)}")


def deleted(lead: Lead, at: datetime) -> Message:
    return _message(DELETED, lead, at, {"lead_id": lead.id}, "")


def _message(event_type: str, lead: Lead, at: datetime, data: Mapping[str, Any], more: str) -> Message:
    event_id = f"{event_type.replace('.', '-')}:{lead.id}{more}"
    return event_message(lead.client_id, event_type, data, id=event_id, at=at)


def _lead_data(lead: Lead) -> dict[str, Any]:
    """The version is that of the write which says it."""
    attributes = {field.name: _json(getattr(lead, field.name)) for field in fields(lead) if field.name not in _UNSAID}
    return {**attributes, "version": lead.version + 1}


def _json(value: Any) -> Any:
    match value:
        case datetime():
            return rfc3339(value)
        case StrEnum():
            return value.value
        case Mapping():
            return dict(value)
        case tuple():
            return list(value)
    return value
