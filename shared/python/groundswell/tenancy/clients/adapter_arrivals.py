"""Tells of a new client those who have something ready for it."""

from groundswell.schedules.store import set_timer
from groundswell.schedules.timers import Timer
from groundswell.storage.transaction import Change
from groundswell.tenancy.clients.model import Client

ARRIVED = "client.arrived"
_QUEUE = "alerts"
"""Whose worker takes the timer: default alerts are all that there is so far."""


def arrival(client: Client, by: str) -> Change:
    payload = {"org_id": client.org_id, "timezone": client.timezone, "by": by}
    return set_timer(Timer(client.id, ARRIVED, client.id, client.created_at, _QUEUE, payload))
