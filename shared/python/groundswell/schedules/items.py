"""Timers in the core table: `TIMERS#<tenant>`, `<kind>#<key>`; through gsi1, what is due, by time: `DUE#<shard>`.

In the core table because a timer is as dear as what it is about: it is set in the same transaction, restored to
the same point in time, and never expires. Its keys do not hold its due time: it is replaced and cancelled unread.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zlib import crc32

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from groundswell.kernel.clock import rfc3339
from groundswell.schedules.timers import Timer
from groundswell.storage.core import CoreItem

SHARDS = 8
"""A partition of an index takes 1,000 writes a second. More may be added; none can be taken away."""


class TimerItem(CoreItem):
    tenant = UnicodeAttribute()
    timer = UnicodeAttribute()
    key = UnicodeAttribute()
    due = UnicodeAttribute()
    queue = UnicodeAttribute()
    payload = JSONAttribute()
    grace_seconds = NumberAttribute()


def timer_key(tenant: str, kind: str, key: str) -> tuple[str, str]:
    return f"TIMERS#{tenant}", f"{kind}#{key}"


def shard_keys() -> tuple[str, ...]:
    """Of gsi1: a timer that is due stands in one of them."""
    return tuple(f"DUE#{number}" for number in range(SHARDS))


def due_until(moment: datetime) -> str:
    """Of gsi1: at or above the sort key of whatever is due then."""
    return f"{rfc3339(moment)}~"


def timer_item(timer: Timer) -> TimerItem:
    pk, sk = timer_key(timer.tenant, timer.kind, timer.key)
    due = rfc3339(timer.due)
    return TimerItem(
        pk,
        sk,
        gsi1pk=f"DUE#{crc32(f'{pk}#{sk}'.encode()) % SHARDS}",
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
