"""Every minute: sends the timers that are due to the queues of those who set them."""

from typing import Any

from groundswell.kernel.clock import utc_now
from groundswell.messaging.deadline import has_time_left
from groundswell.observability.log import log
from groundswell.observability.metrics import metric
from groundswell.schedules.adapter_queues import SqsQueues
from groundswell.schedules.store import DynamoRuns, DynamoTimers
from groundswell.schedules.tick import Tick
from groundswell.storage.client import dynamodb, open_early, sqs

_RESERVE_MS = 10_000  # for the batch that is under way, and for saying goodbye
_LEASE_SECONDS = 55  # as long as the function may run: before the next minute's tick begins

open_early(dynamodb, sqs)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """What a tick does not get to is the next one's. One that fires again has nothing to do."""
    runs = DynamoRuns(utc_now)
    if not runs.begin("timers", event["due"], _LEASE_SECONDS):
        log.info("already done", extra={"due": event["due"]})
        return {"done": False}
    report = Tick(DynamoTimers(), SqsQueues(), utc_now).run(has_time_left(context, _RESERVE_MS))
    runs.finish("timers", event["due"])
    _publish(vars(report))
    return {"done": True, **vars(report)}


def _publish(report: dict[str, Any]) -> None:
    """Quiet minutes are no metric, and a line in the log."""
    log.info("ticked", extra=report)
    if not report["sent"] and not report["stuck"]:
        return
    metric("TimersSent", report["sent"], service="timers")
    metric("TimersMissed", report["missed"], service="timers")
    metric("TimersStuck", report["stuck"], service="timers")
    metric("TimerSecondsLate", report["late_seconds"], service="timers")
