"""Timers in the core table (`items`), and runs in the ephemeral one: `SCHEDULE#<name>`, `<due time>`.

A run is leased while it is under way, so that one whose process died can be carried out by the next delivery. The
newest run of a schedule tells how late it is.
"""

import heapq
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from groundswell.kernel.clock import rfc3339
from groundswell.kernel.errors import PreconditionFailed
from groundswell.schedules.due import due_until, shard_keys
from groundswell.schedules.items import TimerItem, timer_key, timer_of, timer_row
from groundswell.schedules.service import Claim
from groundswell.schedules.timers import Timer
from groundswell.storage.client import dynamodb
from groundswell.storage.settings import table_name
from groundswell.storage.transaction import Change, delete_row, put_row, write

_KEPT_SECONDS = 30 * 24 * 3600  # far longer than any schedule fires late


def set_timer(timer: Timer) -> Change:
    """Set it, in place of the one of the same tenant, kind and key. One that is due already fires at the next tick."""
    return put_row("core", timer_row(timer))


def cancel_timer(tenant: str, kind: str, key: str) -> Change:
    """Whether or not there is one. What is due before this is written may have been sent already."""
    pk, sk = timer_key(tenant, kind, key)
    return delete_row("core", {"pk": {"S": pk}, "sk": {"S": sk}})


class DynamoTimers:
    def due(self, now: datetime) -> Iterator[Timer]:
        """What the index has, oldest first: one read a shard, and one more for each further MB. It is a moment behind:
        what it lacks the next round finds, and what it still has is for `current` to judge."""
        until = due_until(now)
        shards = (TimerItem.by_gsi1.query(shard, TimerItem.gsi1sk <= until) for shard in shard_keys())
        return heapq.merge(*(map(timer_of, items) for items in shards), key=lambda timer: timer.due)

    def current(self, timers: Sequence[Timer], now: datetime) -> tuple[Timer, ...]:
        """Those of them, as they are by now, that are due: neither cancelled nor put off. At most 100."""
        keys = [timer_key(timer.tenant, timer.kind, timer.key) for timer in timers]
        present = {(item.pk, item.sk): timer_of(item) for item in TimerItem.batch_get(keys, consistent_read=True)}
        return tuple(present[key] for key in keys if key in present and present[key].due <= now)

    def forget(self, timers: Sequence[Timer]) -> None:
        """Delete them, but not what was set in their place. At most 100."""
        try:
            write(map(_deletion, timers))
        except PreconditionFailed:
            for timer in timers:
                with suppress(PreconditionFailed):
                    write([_deletion(timer)])


def _deletion(timer: Timer) -> Change:
    """Refused where the timer was set anew; a second time is fine."""
    pk, sk = timer_key(timer.tenant, timer.kind, timer.key)
    operation = {
        "TableName": table_name("core"),
        "Key": {"pk": {"S": pk}, "sk": {"S": sk}},
        "ConditionExpression": "attribute_not_exists(pk) OR due = :due",
        "ExpressionAttributeValues": {":due": {"S": rfc3339(timer.due)}},
    }
    return Change({"Delete": operation}, PreconditionFailed())


class DynamoRuns:
    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    def begin(self, schedule: str, due: str, lease_seconds: int) -> bool:
        """Whether the run is ours: nobody finished it, and nobody is at it."""
        return self.claim(schedule, due, lease_seconds) is Claim.OURS

    def claim(self, schedule: str, due: str, lease_seconds: int) -> Claim:
        """Ours, or why not. `due` is RFC 3339, in whatever spelling. Raises ValueError for anything else."""
        now = int(self._now().timestamp())
        try:
            dynamodb().put_item(
                TableName=table_name("ephemeral"),
                Item={
                    **_key(schedule, due),
                    "leased_until": {"N": str(now + lease_seconds)},
                    "expires_at": {"N": str(now + _KEPT_SECONDS)},
                },
                ConditionExpression="attribute_not_exists(pk) OR leased_until <= :now",
                ExpressionAttributeValues={":now": {"N": str(now)}},
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            present: Any = error.response.get("Item", {})
            return Claim.UNDER_WAY if "leased_until" in present else Claim.DONE
        return Claim.OURS

    def finish(self, schedule: str, due: str) -> None:
        """From now on a repeat has nothing to do."""
        self._update(schedule, due, "SET finished_at = :now REMOVE leased_until")

    def release(self, schedule: str, due: str) -> None:
        """The run failed: whoever comes next may try it at once."""
        self._update(schedule, due, "SET leased_until = :now")

    def _update(self, schedule: str, due: str, expression: str) -> None:
        dynamodb().update_item(
            TableName=table_name("ephemeral"),
            Key=_key(schedule, due),
            UpdateExpression=expression,
            ExpressionAttributeValues={":now": {"N": str(int(self._now().timestamp()))}},
        )

    def last_due(self, schedule: str) -> datetime | None:
        """The newest due time that began."""
        answer = dynamodb().query(
            TableName=table_name("ephemeral"),
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": f"SCHEDULE#{schedule}"}},
            ScanIndexForward=False,
            Limit=1,
        )
        newest = next((item["sk"]["S"] for item in answer["Items"]), None)
        return datetime.fromisoformat(newest) if newest else None


def _key(schedule: str, due: str) -> dict[str, Any]:
    return {"pk": {"S": f"SCHEDULE#{schedule}"}, "sk": {"S": rfc3339(datetime.fromisoformat(due))}}
