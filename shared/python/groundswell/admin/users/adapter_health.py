"""The state of queues and schedules, as probes of `system.service`."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from groundswell.admin.deadletters.adapter_queue import SqsLetters
from groundswell.admin.deadletters.model import Source
from groundswell.admin.system.model import Facts
from groundswell.schedules.store import DynamoRuns
from groundswell.storage.client import cloudwatch, sqs
from groundswell.storage.settings import queue_url

if TYPE_CHECKING:
    from mypy_boto3_sqs.literals import QueueAttributeNameType

_DEPTHS: "dict[str, QueueAttributeNameType]" = {
    "waiting": "ApproximateNumberOfMessages",
    "in_flight": "ApproximateNumberOfMessagesNotVisible",
    "delayed": "ApproximateNumberOfMessagesDelayed",
}
_AGE_WINDOW = timedelta(minutes=10)  # SQS reports an age every minute, a few minutes late


def queue_state(queue: str, physical: str, now: Callable[[], datetime]) -> Callable[[], Facts]:
    """How many messages wait, and for how long the oldest does: `oldest_seconds` is null where CloudWatch, which alone
    knows it, has not said yet."""

    def probe() -> Facts:
        attributes: Any = sqs().get_queue_attributes(QueueUrl=queue_url(queue), AttributeNames=list(_DEPTHS.values()))[
            "Attributes"
        ]
        depths = {name: int(attributes[attribute]) for name, attribute in _DEPTHS.items()}
        oldest = _oldest(physical, now()) if any(depths.values()) else 0
        return Facts({**depths, "oldest_seconds": oldest})

    return probe


def _oldest(physical: str, now: datetime) -> int | None:
    points = cloudwatch().get_metric_statistics(
        Namespace="AWS/SQS",
        MetricName="ApproximateAgeOfOldestMessage",
        Dimensions=[{"Name": "QueueName", "Value": physical}],
        StartTime=now - _AGE_WINDOW,
        EndTime=now,
        Period=60,
        Statistics=["Maximum"],
    )["Datapoints"]
    newest = max(points, key=lambda point: point["Timestamp"], default=None)
    return int(newest["Maximum"]) if newest else None


def dead_letter_state(source: Source, queue: str) -> Callable[[], Facts]:
    letters = SqsLetters(source, queue)
    return lambda: Facts({"letters": letters.count()})


def schedule_state(schedule: str, every_minutes: int, now: Callable[[], datetime]) -> Callable[[], Facts]:
    """`lag_seconds` is how long the next run is overdue. Before the first run nothing is known."""

    def probe() -> Facts:
        last = DynamoRuns(now).last_due(schedule)
        if last is None:
            return Facts({"every_minutes": every_minutes, "last_due": None, "lag_seconds": None})
        overdue = now() - last - timedelta(minutes=every_minutes)
        lag = max(0, int(overdue.total_seconds()))
        return Facts({"every_minutes": every_minutes, "last_due": last.isoformat(), "lag_seconds": lag})

    return probe
