"""Timers in the core table: `TIMERS#<tenant>`, `<kind>#<key>`; through gsi1, what is due, by time: `DUE#<shard>`.

In the core table because a timer is as dear as what it is about: it is set in the same transaction, restored to
the same point in time, and never expires. Its keys do not hold its due time: it is replaced and cancelled unread.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from groundswell.kernel.clock import rfc3339
from groundswell.schedules.due import shard_of
from groundswell.schedules.timers import Timer
from groundswell.storage.core import CoreItem


class TimerItem(CoreItem):
    tenant = UnicodeAttribute()
    timer = UnicodeAttribute()
    key = UnicodeAttribute()
    due = UnicodeAttribute()
    queue = UnicodeAttribute()
    payload = JSONAttribute()
    grace_seconds = NumberAttribute()


def partition(tenant: str) -> str:
    """Of all timers of a tenant."""
    return f"TIMERS#{tenant}"


def timer_key(tenant: str, kind: str, key: str) -> tuple[str, str]:
    return partition(tenant), f"{kind}#{key}"


def timer_item(timer: Timer) -> TimerItem:
    pk, sk = timer_key(timer.tenant, timer.kind, timer.key)
    due = rfc3339(timer.due)
    return TimerItem(
        pk,
        sk,
        gsi1pk=shard_of(pk, sk),
        gsi1sk=f"{due}#{timer.tenant}#{sk}",
        kind="timer",
        tenant=timer.tenant,
        timer=timer.kind,
        key=timer.key,
        due=due,
        queue=timer.queue,
        payload=dict(timer.payload),
        grace_seconds=timer.grace.total_seconds(),
    )


def timer_row(timer: Timer) -> Mapping[str, Any]:
    row: Mapping[str, Any] = timer_item(timer).serialize()
    return row


def timer_of(item: TimerItem) -> Timer:
    return Timer(
        item.tenant,
        item.timer,
        item.key,
        datetime.fromisoformat(item.due).astimezone(UTC),
        item.queue,
        item.payload,
        timedelta(seconds=item.grace_seconds),
    )
