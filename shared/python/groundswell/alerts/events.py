"""What webhooks get of alerts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from groundswell.alerts.instances import Instance
from groundswell.kernel.clock import rfc3339
from groundswell.kernel.message import Message
from groundswell.webhooks.events import event_message

_INSTANCE: Mapping[str, Any] = {
    "id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c31",
    "alert_id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c30",
    "alert_name": "Clicks are dear",
    "alert_type": "cpc",
    "status": "firing",
    "severity": "warning",
    "dimensions": {"campaign_id": "916"},
    "value": "1.82",
    "threshold": "1.5",
    "provisional": False,
    "started_at": "2026-11-30T12:00:00.000Z",
    "ended_at": None,
    "task_id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c21",
}
EVENTS: Mapping[str, Mapping[str, Any]] = {
    "alert.firing": _INSTANCE,
    "alert.resolved": {**_INSTANCE, "status": "resolved", "ended_at": "2026-11-30T13:00:00.000Z"},
}


def webhook_message(instance: Instance, kind: str, at: datetime) -> Message:
    """Once for each step of the instance's history."""
    data = {name: _spelled(getattr(instance, name)) for name in _INSTANCE}
    return event_message(
        instance.client_id, kind, data, id=f"{instance.id}-{instance.status}-{len(instance.history)}", at=at
    )


def _spelled(value: Any) -> Any:
    if isinstance(value, datetime):
        return rfc3339(value)
    return value if value is None or isinstance(value, str | dict | bool) else str(value)
