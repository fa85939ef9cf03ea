"""How webhooks are stored.

| table | pk | sk | what |
|---|---|---|---|
| core | `WEBHOOKS#<client>` | `<endpoint>` | endpoint |
| ephemeral | `DELIVERIES#<client>` | `<endpoint>#<delivery>` | delivery; expires 14 days after its event |

A delivery's `status`, `round`, `tries` and `lease` stand beside its `content`: claims are conditional on them.
"""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pynamodb.attributes import JSONAttribute, ListAttribute, UnicodeAttribute, UTCDateTimeAttribute

from groundswell.storage.core import CoreItem
from groundswell.storage.mapper import to_item
from groundswell.webhooks.model import KEPT, Attempt, Delivery, DeliveryStatus, Endpoint

_TIMES = ("created_at", "round_began_at", "next_attempt_at", "finished_at")


class EndpointItem(CoreItem):
    id = UnicodeAttribute()
    client_id = UnicodeAttribute()
    org_id = UnicodeAttribute()
    url = UnicodeAttribute()
    description = UnicodeAttribute()
    events = ListAttribute(of=UnicodeAttribute, default=list)
    status = UnicodeAttribute()
    secrets = JSONAttribute()
    created_by = UnicodeAttribute()
    created_at = UTCDateTimeAttribute()
    updated_at = UTCDateTimeAttribute()
    disabled_reason = UnicodeAttribute(null=True)
    disabled_at = UTCDateTimeAttribute(null=True)


def endpoint_item(endpoint: Endpoint) -> EndpointItem:
    return to_item(EndpointItem, endpoint, endpoint_pk(endpoint.client_id), endpoint.id, kind="webhook")


def endpoint_pk(client_id: str) -> str:
    return f"WEBHOOKS#{client_id}"


def delivery_pk(client_id: str) -> str:
    return f"DELIVERIES#{client_id}"


def delivery_key(client_id: str, endpoint_id: str, delivery_id: str) -> dict[str, Any]:
    return {"pk": {"S": delivery_pk(client_id)}, "sk": {"S": f"{endpoint_id}#{delivery_id}"}}


def delivery_row(delivery: Delivery, lease: str = "", leased_until: int = 0) -> dict[str, Any]:
    """`leased_until` in ms since 1970."""
    content = {name: value for name, value in asdict(delivery).items() if name != "payload"}
    return {
        **delivery_key(delivery.client_id, delivery.endpoint_id, delivery.id),
        "content": {"S": json.dumps(content, default=_spelled, separators=(",", ":"))},
        "payload": {"S": delivery.payload},
        "event_type": {"S": delivery.event_type},
        "status": {"S": delivery.status.value},
        "round": {"N": str(delivery.round)},
        "tries": {"N": str(delivery.tries)},
        "finished_at": {"S": delivery.finished_at.isoformat() if delivery.finished_at else "-"},
        "lease": {"S": lease or "-"},
        "leased_until": {"N": str(leased_until)},
        "expires_at": {"N": str(int((delivery.created_at + KEPT).timestamp()))},
    }


def read_delivery(row: dict[str, Any]) -> Delivery:
    content = json.loads(row["content"]["S"])
    times = {name: datetime.fromisoformat(content[name]) if content[name] else None for name in _TIMES}
    attempts = tuple(
        Attempt(**{**attempt, "at": datetime.fromisoformat(attempt["at"])}) for attempt in content["attempts"]
    )
    status = DeliveryStatus(content["status"])
    return Delivery(**{**content, **times, "attempts": attempts, "status": status, "payload": row["payload"]["S"]})


def _spelled(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is not kept")
